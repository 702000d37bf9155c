// Topics and languages of a message, see analysis.h.
#include <algorithm>
#include <array>
#include <map>

#include "knowledge/memory/analysis.h"
#include "knowledge/memory/words.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// Names of code show by their shape: parts, calls, scopes, file endings.
bool looks_like_code(std::string_view word) {
  if (word.size() < 3) return false;
  if (word.contains("::") || word.contains("()") || word.contains('_')) return true;
  std::size_t point = word.rfind('.');
  bool file = point != std::string_view::npos && point > 0 && word.size() - point <= 6 &&
              point + 1 < word.size() && is_lower(word[point + 1]);
  if (file || (word.contains('/') && word.size() > 4 && !word.contains("//"))) return true;
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (is_upper(word[i]) && is_lower(word[i - 1])) return true;
  }
  return false;
}

// Runs without blanks, without the marks of a sentence around them.
std::vector<std::string_view> runs_of(std::string_view text) {
  std::vector<std::string_view> out;
  constexpr std::string_view marks = " \t\r\n,;!?\"'`*[]{}<>|=";
  for (std::size_t at = 0; at < text.size();) {
    std::size_t first = text.find_first_not_of(marks, at);
    if (first == std::string_view::npos) break;
    std::size_t end = std::min(text.find_first_of(marks, first), text.size());
    std::string_view run = text.substr(first, end - first);
    while (!run.empty() &&
           (run.back() == '.' || run.back() == ':' || (run.back() == ')' && !run.ends_with("()"))))
      run.remove_suffix(1);
    while (!run.empty() && run.front() == '(') run.remove_prefix(1);
    if (!run.empty()) out.push_back(run);
    at = end;
  }
  return out;
}

void add_once(std::vector<std::string>& out, std::string topic) {
  bool room = out.size() < topics_of_a_text && topic.size() <= 80;
  if (room && std::ranges::find(out, topic) == out.end()) out.push_back(std::move(topic));
}

// Names inside of sentences, one or more words: "Visual Studio", "PostgreSQL".
void add_names(const std::vector<std::string_view>& runs, std::vector<std::string>& out) {
  for (std::size_t i = 1; i < runs.size(); ++i) {
    auto capital = [&](std::size_t at) {
      return at < runs.size() && runs[at].size() > 2 && is_upper(runs[at][0]) &&
             !is_filler(base::to_lower(runs[at]));
    };
    bool sentence_start = runs[i - 1].data()[runs[i - 1].size()] == '.';
    if (!capital(i) || sentence_start) continue;
    std::string name(runs[i]);
    while (capital(i + 1) && name.size() < 40) name += " " + std::string(runs[++i]);
    add_once(out, std::move(name));
  }
}

// Words that come back: what is said twice is what it is about.
void add_repeated(std::string_view text, std::vector<std::string>& out) {
  std::map<std::string, std::pair<int, std::string>, std::less<>> counts;
  WordReader reader;
  for (std::string_view word : base::words(text)) {
    std::string lower = base::to_lower(word);
    if (lower.size() < 4 || is_filler(lower) || (lower[0] >= '0' && lower[0] <= '9')) continue;
    auto& [count, first] = counts[reader.stem(lower)];
    if (count++ == 0) first = lower;
  }
  std::vector<std::pair<int, std::string>> order;
  for (auto& [stem, seen] : counts) {
    if (seen.first > 1) order.emplace_back(-seen.first, seen.second);
  }
  std::ranges::sort(order);
  for (auto& [count, word] : order) add_once(out, std::move(word));
}

struct Tongue {
  std::string_view code;
  std::array<std::string_view, 12> words;  // that are frequent in it and rare elsewhere
};
constexpr auto tongues = std::to_array<Tongue>({
    {"en", {"the", "and", "is", "of", "to", "that", "this", "with", "it", "for", "you", "not"}},
    {"de", {"der", "die", "und", "ist", "nicht", "das", "ich", "wir", "mit", "ein", "auf", "zu"}},
    {"fr", {"le", "les", "est", "et", "pas", "une", "nous", "je", "dans", "pour", "que", "des"}},
    {"es", {"el", "los", "es", "y", "no", "una", "por", "con", "para", "que", "del", "está"}},
    {"it", {"il", "che", "è", "non", "una", "per", "con", "di", "gli", "sono", "della", "questo"}},
    {"pt", {"o", "os", "não", "uma", "para", "com", "que", "do", "da", "está", "isso", "você"}},
    {"nl", {"de", "het", "een", "niet", "is", "van", "en", "ik", "we", "dat", "met", "voor"}},
});

// By the letters, where a script tells the language well enough.
std::string script_of(std::string_view text) {
  int cyrillic = 0, han = 0, kana = 0, hangul = 0, arabic = 0, greek = 0, letters = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]), after = static_cast<unsigned char>(text[i + 1]);
    if (is_upper(text[i]) || is_lower(text[i])) ++letters;
    if (byte == 0xD0 || byte == 0xD1) ++cyrillic;
    if (byte == 0xCE || byte == 0xCF) ++greek;
    if (byte >= 0xD8 && byte <= 0xDB) ++arabic;
    if (byte == 0xE3 && after >= 0x81 && after <= 0x83) ++kana;
    if (byte >= 0xE4 && byte <= 0xE9) ++han;
    if (byte >= 0xEA && byte <= 0xED) ++hangul;
  }
  if (kana > 1 && kana * 3 + han * 3 > letters) return "ja";
  auto best = std::max({std::pair(cyrillic, "ru"), std::pair(han * 3, "zh"), std::pair(hangul * 3, "ko"),
                        std::pair(arabic, "ar"), std::pair(greek, "el")});
  return best.first > letters / 2 && best.first > 3 ? best.second : "";
}

struct CodeEnding {
  std::string_view end, language;
};
constexpr auto code_endings = std::to_array<CodeEnding>({{"py", "python"},
                                                         {"rs", "rust"},
                                                         {"cpp", "cpp"},
                                                         {"cc", "cpp"},
                                                         {"hpp", "cpp"},
                                                         {"h", "c"},
                                                         {"c", "c"},
                                                         {"go", "go"},
                                                         {"js", "javascript"},
                                                         {"jsx", "javascript"},
                                                         {"mjs", "javascript"},
                                                         {"ts", "typescript"},
                                                         {"tsx", "typescript"},
                                                         {"java", "java"},
                                                         {"kt", "kotlin"},
                                                         {"rb", "ruby"},
                                                         {"php", "php"},
                                                         {"cs", "csharp"},
                                                         {"swift", "swift"},
                                                         {"scala", "scala"},
                                                         {"lua", "lua"},
                                                         {"sh", "bash"},
                                                         {"sql", "sql"},
                                                         {"hs", "haskell"},
                                                         {"ex", "elixir"},
                                                         {"exs", "elixir"},
                                                         {"erl", "erlang"},
                                                         {"ml", "ocaml"},
                                                         {"zig", "zig"},
                                                         {"dart", "dart"},
                                                         {"r", "r"},
                                                         {"jl", "julia"},
                                                         {"css", "css"},
                                                         {"html", "html"},
                                                         {"yaml", "yaml"},
                                                         {"yml", "yaml"},
                                                         {"toml", "toml"},
                                                         {"json", "json"},
                                                         {"cmake", "cmake"}});

std::string language_named(std::string_view lower) {
  constexpr auto others = std::to_array<CodeEnding>({{"python3", "python"},
                                                     {"c++", "cpp"},
                                                     {"golang", "go"},
                                                     {"shell", "bash"},
                                                     {"sh", "bash"},
                                                     {"zsh", "bash"},
                                                     {"node", "javascript"},
                                                     {"c#", "csharp"},
                                                     {"objc", "objective-c"}});
  for (const auto* table : {code_endings.data(), others.data()}) {
    std::size_t size = table == others.data() ? others.size() : code_endings.size();
    for (std::size_t i = 0; i < size; ++i) {
      if (table[i].end == lower || table[i].language == lower) return std::string(table[i].language);
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> topics_of(std::string_view text) {
  std::vector<std::string> out;
  std::vector<std::string_view> runs = runs_of(text);
  for (std::string_view run : runs) {
    if (looks_like_code(run)) add_once(out, std::string(run));
  }
  add_names(runs, out);
  add_repeated(text, out);
  return out;
}

std::string language_of(std::string_view text) {
  if (std::string script = script_of(text); !script.empty()) return script;
  std::array<int, tongues.size()> counts{};
  for (std::string_view word : base::words(text)) {
    std::string lower = base::to_lower(word);
    for (std::size_t i = 0; i < tongues.size(); ++i) {
      if (std::ranges::find(tongues[i].words, lower) != tongues[i].words.end()) ++counts[i];
    }
  }
  auto best = std::ranges::max_element(counts);
  auto as_many = std::ranges::count(counts, *best);
  return *best >= 2 && as_many == 1
             ? std::string(tongues[static_cast<std::size_t>(best - counts.begin())].code)
             : "";
}

std::string code_language_of(std::string_view text) {
  if (std::size_t fence = text.find("```"); fence != std::string_view::npos) {
    std::string_view tag = text.substr(fence + 3);
    tag = tag.substr(0, tag.find_first_of(" \r\n{"));
    if (std::string named = language_named(base::to_lower(tag)); !named.empty()) return named;
  }
  std::map<std::string, int> counts;
  for (std::string_view run : runs_of(text)) {
    run = run.substr(0, run.find(':'));
    std::size_t point = run.rfind('.');
    if (point == std::string_view::npos || point == 0) continue;
    std::string named = language_named(base::to_lower(run.substr(point + 1)));
    if (!named.empty()) ++counts[named];
  }
  auto most = std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return most == counts.end() ? "" : most->first;
}

}  // namespace mira::memory
