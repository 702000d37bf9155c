#include "faces/hooks/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/base/text.h"

namespace mira::hooks {
namespace {

constexpr int callers_named = 5;
constexpr double sure_partner = 0.5;  // calibrated: true in half of the commits or more
constexpr int least_joint = 3;        // commits that changed both
constexpr std::size_t most_partners = 4;
constexpr double sure_memory = 0.7;
constexpr std::size_t most_memories = 3;
constexpr double sure_share = 0.75;           // of the words asked stand in what was said
constexpr std::size_t least_words_asked = 3;  // fewer prove nothing
constexpr std::size_t shortest_word = 4, stem_bytes = 5;
constexpr std::size_t memory_bytes = 600;
constexpr std::size_t most_log_bytes = 256 << 10;
constexpr std::size_t most_command_bytes = 4 << 10;
constexpr std::size_t most_beside_bytes = 8 << 10;  // of the text around a name

std::string text_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number_of(const Json& object, const char* name) {
  if (!object.is_object()) return 0;
  auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

double real_of(const Json& object, const char* name) {
  if (!object.is_object()) return 0;
  auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

const Json& list_of(const Json& object, const char* name) {
  static const Json none = Json::array();
  if (!object.is_object()) return none;
  auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : none;
}

// Of a definition and its declarations the definition; null when the name means several.
const Json* the_definition(const Json& symbols) {
  if (symbols.size() == 1) return &symbols[0];
  const Json* found = nullptr;
  for (const Json& symbol : symbols) {
    if (number_of(symbol, "end_line") <= number_of(symbol, "line")) continue;
    if (found != nullptr) return nullptr;
    found = &symbol;
  }
  return found;
}

std::string callers_text(const Ask& ask, const Json& symbol) {
  auto data =
      ask("callers",
          {{"symbol", text_of(symbol, "name")}, {"file", text_of(symbol, "file")}, {"limit", callers_named}});
  if (!data || data->contains("ambiguous")) return {};
  int total = number_of(*data, "total");
  std::string out =
      total == 0 ? "; no caller in this project is known" : fmt::format("; {} call sites: ", total);
  int named = 0;
  for (const Json& caller : list_of(*data, "callers")) {
    std::string file = text_of(caller, "call_file");
    if (file.empty()) file = text_of(caller, "file");
    out += fmt::format("{}{} ({}:{})", named++ ? ", " : "", text_of(caller, "name"), file,
                       number_of(caller, "call_line"));
  }
  return out + (total > named && named > 0 ? ", ..." : "");
}

// The words of a text that tell what it is about: distinct, lower case, no short ones and none of the most
// common.
std::vector<std::string> words_that_carry(std::string_view text) {
  constexpr auto common = std::to_array<std::string_view>(
      {"about", "after", "also",   "been",   "before", "could", "does", "done",  "each", "every",
       "from",  "have",  "here",   "into",   "just",   "like",  "make", "more",  "must", "only",
       "other", "over",  "please", "should", "some",   "such",  "that", "their", "them", "then",
       "there", "these", "they",   "this",   "those",  "very",  "want", "were",  "what", "when",
       "where", "which", "while",  "will",   "with",   "would", "your"});
  std::vector<std::string> out;
  std::string word;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const auto byte = at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    if (byte >= 0x80 || std::isalnum(static_cast<int>(byte)) != 0 || byte == '_') {
      word += static_cast<char>(std::tolower(static_cast<int>(byte)));
      continue;
    }
    bool carries = word.size() >= shortest_word && std::ranges::find(common, word) == common.end();
    if (carries && std::ranges::find(out, word) == out.end()) out.push_back(word);
    word.clear();
  }
  return out;
}

}  // namespace

std::vector<Item> named_symbols(const Ask& ask, std::string_view text) {
  std::vector<Item> out;
  std::string beside(base::truncate_utf8(text, most_beside_bytes));
  for (const std::string& name : code_names(text)) {
    auto data = ask("symbols", {{"name", name}, {"beside", beside}, {"limit", 8}});
    if (!data) continue;
    const Json* symbol = the_definition(list_of(*data, "symbols"));
    if (symbol == nullptr) continue;
    std::string place = fmt::format("{}:{}-{}", text_of(*symbol, "file"), number_of(*symbol, "line"),
                                    number_of(*symbol, "end_line"));
    std::string signature = text_of(*symbol, "signature");
    std::string line = fmt::format("`{}` is the {} `{}` at {}", text_of(*symbol, "name"),
                                   text_of(*symbol, "kind"), base::truncate_utf8(signature, 300), place);
    std::string kind = text_of(*symbol, "kind");
    if (kind == "function" || kind == "method" || kind == "constructor") line += callers_text(ask, *symbol);
    out.push_back({place, std::move(line)});
  }
  return out;
}

std::vector<Item> partners(const Ask& ask, const std::string& path, const std::set<std::string>& but) {
  std::vector<Item> out;
  auto data = ask("cochange", {{"files", Json::array({path})}, {"limit", 8}});
  if (!data) return out;
  for (const Json& partner : list_of(*data, "partners")) {
    std::string other = text_of(partner, "path");
    double confidence = real_of(partner, "confidence");
    if (confidence < sure_partner || number_of(partner, "joint") < least_joint || but.contains(other))
      continue;
    out.push_back(
        {fmt::format("{} -> {}", path, other),
         fmt::format("`{}` usually changes together with `{}`: in {} of the {} commits that changed it "
                     "({:.0f} % likely)",
                     path, other, number_of(partner, "joint"), number_of(partner, "own"), confidence * 100)});
    if (out.size() == most_partners) break;
  }
  return out;
}

std::vector<Item> named_files(const Ask& ask, const std::filesystem::path& root, std::string_view text) {
  std::vector<Item> out;
  for (const std::string& file : file_names(root, text))
    for (Item& item : partners(ask, file, {})) out.push_back(std::move(item));
  return out;
}

bool says_what_is_asked(std::string_view prompt, std::string_view memory) {
  if (base::trim(memory).ends_with('?')) return false;  // it asks the same
  const std::vector<std::string> asked = words_that_carry(prompt), said = words_that_carry(memory);
  auto is_said = [&](const std::string& word) {
    std::string_view stem = std::string_view(word).substr(0, stem_bytes);
    return std::ranges::any_of(said, [&](const std::string& other) { return other.starts_with(stem); });
  };
  auto shared = static_cast<double>(std::ranges::count_if(asked, is_said));
  return asked.size() >= least_words_asked && shared >= sure_share * static_cast<double>(asked.size());
}

std::vector<Item> remembered(const Ask& ask, const std::string& text, const std::string& this_session) {
  std::vector<Item> out;
  auto data =
      ask("recall", {{"query", std::string(base::truncate_utf8(text, 2000))}, {"limit", 8}, {"quick", true}});
  if (!data) return out;
  // Recall is sure of itself where there is much to compare with; of a young memory the words must speak.
  bool sure = real_of(*data, "confidence") >= sure_memory;
  for (const Json& result : list_of(*data, "results")) {
    bool said_here = !this_session.empty() && text_of(result, "session") == this_session;
    bool candidate = text_of(result, "state") == "candidate";
    std::string words = text_of(result, "text");
    if (said_here || candidate || words.empty()) continue;
    if (!sure && !says_what_is_asked(text, words)) continue;
    std::string day = text_of(result, "time").substr(0, 10);
    std::string who =
        text_of(result, "speaker").empty() ? text_of(result, "role") : text_of(result, "speaker");
    std::string id = fmt::format("memory {}", number_of(result, "entry"));
    out.push_back({id,
                   fmt::format("{}{} said: \"{}\"", who.empty() ? "someone" : who,
                               day.empty() ? "" : " on " + day, base::truncate_utf8(words, memory_bytes)),
                   id});
    if (out.size() == most_memories) break;
  }
  return out;
}

std::vector<Item> session_start(const Ask& ask) {
  std::vector<Item> out;
  auto data = ask("session start", Json::object());
  if (!data) return out;
  constexpr std::array<std::pair<const char*, const char*>, 3> parts{
      {{"holds", "you said, and it holds: "},
       {"where", "from the last conversation here: "},
       {"open", "left open: "}}};
  for (const auto& [part, lead] : parts) {
    for (const Json& line : list_of(*data, part)) {
      if (!line.is_string()) continue;
      auto text = line.get<std::string>();
      out.push_back({std::string(part) + " " + text, lead + text});
    }
  }
  return out;
}

namespace {

// The beginning and the end of what was printed, in whole lines: errors stand first, summaries last.
std::string middle_cut(const std::string& output) {
  if (output.size() <= most_log_bytes) return output;
  std::string_view head = std::string_view(output).substr(0, most_log_bytes / 2);
  std::string_view tail = std::string_view(output).substr(output.size() - most_log_bytes / 2);
  head = head.substr(0, head.rfind('\n') + 1);
  tail = tail.substr(std::min(tail.find('\n'), tail.size() - 1) + 1);
  return std::string(head) + std::string(tail);
}

}  // namespace

std::vector<Item> build_seen(const Ask& ask, const Event& event) {
  std::vector<Item> out;
  if (event.command.empty()) return out;
  Json told{{"command", std::string(base::truncate_utf8(event.command, most_command_bytes))},
            {"log", middle_cut(event.output)},
            {"trigger", "hook"},
            {"only_builds", true},
            {"folder", event.folder},
            {"conversation", fmt::format("{} {}", client_name(event.client), event.session)}};
  if (event.exit_code && *event.exit_code >= 0 && *event.exit_code <= 255)
    told["exit_code"] = *event.exit_code;
  auto data = ask("build record", told);
  if (!data) return out;
  for (const Json& cure : list_of(*data, "known_cures"))
    if (cure.is_string()) out.push_back({cure.get<std::string>(), cure.get<std::string>()});
  return out;
}

}  // namespace mira::hooks
