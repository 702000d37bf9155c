#include "knowledge/builds/related.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "knowledge/builds/message_template.h"
#include "knowledge/builds/rank_hunks.h"
#include "knowledge/builds/scan.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

using contracts::Call;
using contracts::Json;

constexpr std::size_t most_places = 6;
constexpr int commits_of_place = 300;
constexpr std::size_t query_bytes = 300;
constexpr std::size_t least_quote = 12;  // a shorter message is everywhere: its file must be named too
constexpr double commits_to_half = 20;   // a fix this many commits of the file ago weighs half

struct Where {
  std::string path, role;
  double weight = 0;
};

void add_place(const std::string& path, std::string role, double weight, std::vector<Where>& out) {
  const bool known = std::ranges::any_of(out, [&](const Where& one) { return one.path == path; });
  if (!path.empty() && path[0] != '/' && !known && out.size() < most_places)
    out.push_back({path, std::move(role), weight});
}

// The surest places of a record first.
std::vector<Where> places_of(const Call& call, const Record& record) {
  std::vector<Where> out;
  const std::string subject = record.test.empty() ? std::string() : subject_of_test(record.file);
  for (const workspace::File& file : call.session->tree.files) {
    if (!subject.empty() && file.path != record.file && base::to_lower(stem_of(file.path)) == subject)
      add_place(file.path, "the file that the test is of", 1.0, out);
  }
  for (const Frame& frame : record.frames) {
    if (frame.file != record.file) add_place(frame.file, "a frame of the error", 0.8, out);
  }
  add_place(record.file, "where the error is", record.test.empty() ? 1.0 : 0.6, out);
  for (const Note& note : record.notes) add_place(note.file, "a note of the error", 0.6, out);
  for (const Frame& frame : record.includes) add_place(frame.file, "an include of the error", 0.3, out);
  return out;
}

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> out;
  for (const std::string_view word : base::words(text)) {
    for (const std::string& part : base::split_identifier(word)) {
      if (part.size() > 3 && part != "test" && part != "tests") out.insert(base::to_lower(part));
    }
  }
  return out;
}

std::set<std::string> words_of(const Record& record) {
  std::string text = record.test + " " + record.symbol;
  for (const std::string& name : names_in(record.message)) text += " " + name;
  return words_of(text);
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json list_of(const base::Result<Json>& answer, const char* name) {
  if (!answer || !answer->is_object()) return Json::array();
  const auto found = answer->find(name);
  return found != answer->end() && found->is_array() ? *found : Json::array();
}

void add_fixes_of(const Call& call, const Where& place, const std::set<std::string>& words,
                  std::map<std::string, PastFix>& out) {
  const auto answer = contracts::ask(call, "history", {{"query", place.path}, {"limit", commits_of_place}});
  if (!answer || text_of(*answer, "meaning") != "file") return;
  double age = 0;
  for (const Json& commit : list_of(answer, "commits")) {
    const std::string subject = text_of(commit, "subject");
    age += 1;
    if (!says_fix(subject)) continue;
    std::size_t shared = 0;
    for (const std::string& word : words_of(subject)) shared += words.contains(word) ? 1 : 0;
    PastFix& fix = out[text_of(commit, "commit")];
    if (fix.score == 0) {
      fix.subject = subject;
      fix.date = text_of(commit, "date");
      fix.path = place.path;
      fix.why = "its message says that it mends something, and it changed " + place.path + ", " + place.role;
    }
    fix.score += place.weight * (1 + 0.5 * static_cast<double>(std::min<std::size_t>(shared, 4))) *
                 commits_to_half / (commits_to_half + age);
  }
}

bool quotes(std::string_view text, const std::string& wanted, const Record& record) {
  if (template_with_names(text).find(wanted) == std::string::npos) return false;
  const std::string_view file = base_name(record.file);
  return wanted.size() >= least_quote || (!file.empty() && text.find(file) != std::string_view::npos);
}

}  // namespace

bool says_fix(std::string_view subject) {
  constexpr auto mending = std::to_array<std::string_view>(
      {"bug", "bugfix", "fix", "fixed", "fixes", "fixing", "hotfix", "regression", "revert", "reverts"});
  return std::ranges::any_of(base::words(subject), [&](std::string_view word) {
    return std::ranges::binary_search(mending, std::string_view(base::to_lower(word)));
  });
}

std::vector<PastFix> past_fixes(const Call& call, const Record& record, std::size_t limit) {
  const std::set<std::string> words = words_of(record);
  std::map<std::string, PastFix> found;
  for (const Where& place : places_of(call, record)) add_fixes_of(call, place, words, found);
  std::vector<PastFix> out;
  for (auto& [commit, fix] : found) {
    fix.commit = commit;
    out.push_back(std::move(fix));
  }
  std::ranges::sort(out, [](const PastFix& a, const PastFix& b) {
    return a.score != b.score ? a.score > b.score : a.commit < b.commit;
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::vector<Quoting> quoting_turns(const Call& call, const Record& record, std::size_t limit) {
  const std::string first = record.message.substr(0, record.message.find('\n'));
  const std::string wanted(base::trim(template_with_names(first)));
  std::vector<Quoting> out;
  if (wanted.empty()) return out;
  const auto answer = contracts::ask(
      call, "recall", {{"query", std::string(base::truncate_utf8(first, query_bytes))}, {"limit", 30}});
  for (const Json& turn : list_of(answer, "results")) {
    const std::string text = text_of(turn, "text");
    if (!quotes(text, wanted, record) || out.size() == limit) continue;
    out.push_back({turn.value("entry", std::int64_t{0}), text_of(turn, "session"), text_of(turn, "role"),
                   text_of(turn, "time"), text});
  }
  return out;
}

}  // namespace mira::builds
