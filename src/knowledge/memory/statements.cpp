#include "knowledge/memory/statements.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "knowledge/memory/known_tools.h"
#include "knowledge/memory/statement_rules.h"
#include "knowledge/memory/value_forms.h"
#include "knowledge/memory/words.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

struct Clause {
  std::size_t first = 0, end = 0;
  bool asks = false;
};

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

// Code fences, inline code that is a whole line, and quoted lines are other voices.
bool is_foreign_line(std::string_view line) {
  std::string_view trimmed = base::trim(line);
  return trimmed.starts_with('>') || trimmed.starts_with("```") || trimmed.starts_with('|');
}

// How long the words are that begin another clause here, the blank before them included; 0: none begins.
std::size_t conjunction_at(std::string_view rest) {
  static const RE2 pattern(R"((?i)(,? (?:but|and) )(?:i|we|our|my|please)\b|(, but ))");
  bool begins = rest.starts_with(" and ") || rest.starts_with(" but ") || rest.starts_with(", and ") ||
                rest.starts_with(", but ");
  if (!begins) return 0;
  std::array<re2::StringPiece, 3> found;
  if (!pattern.Match(piece(rest), 0, rest.size(), RE2::ANCHOR_START, found.data(), 3)) return 0;
  return std::max(found[1].size(), found[2].size());
}

// Cuts a line at ends of sentences, at ";", ", but" and " and I": a point inside a word (v1.2, a.cpp) is no
// end.
void cut_line(std::string_view text, std::size_t first, std::size_t end, std::vector<Clause>& out) {
  std::size_t start = first;
  auto add = [&](std::size_t stop, bool asks) {
    while (start < stop && std::string_view(" \t-*").contains(text[start])) ++start;
    std::size_t last = stop;
    while (last > start && std::string_view(" \t\r").contains(text[last - 1])) --last;
    if (last > start) out.push_back({start, last, asks});
    start = stop;
  };
  for (std::size_t at = first; at < end; ++at) {
    char c = text[at];
    bool last = at + 1 >= end;
    bool ends = (c == '.' || c == '!' || c == '?') && (last || text[at + 1] == ' ');
    std::size_t conjunction = conjunction_at(text.substr(at, end - at));
    if (!ends && c != ';' && conjunction == 0) continue;
    add(at, c == '?');
    start = at + std::max<std::size_t>(conjunction, 1);
  }
  add(end, end > first && text[end - 1] == '?');
}

std::vector<Clause> clauses_of(std::string_view text) {
  std::vector<Clause> out;
  bool code = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    bool fence = base::trim(line).starts_with("```");
    if (fence) code = !code;
    if (!code && !is_foreign_line(line)) cut_line(text, at, end, out);
    at = end + 1;
  }
  return out;
}

// Supposed, hedged, told of others, or asked.
bool says_nothing(std::string_view clause) {
  static const RE2 hedged(
      R"((?i)^\s*(if|when(ever)?|unless|suppose|imagine|what if|maybe|perhaps|could|can|should|would|do|does|is|are|did)\b)"
      R"(|\b(if (i|we)|might|maybe|perhaps|not sure|wonder(ing)?|supposed to|(?:want|wanted|need|trying|like) to (?:make sure|be sure|ensure|verify|check)|making sure|whether|(?:check|confirm)(?:ing)? (?:if|that)|for example|e\.g\.|(he|she|they) (said|says|prefers?|uses?)|i('d| would) (rather )?(think|guess)|used to)\b)");
  return RE2::PartialMatch(piece(clause), hedged);
}

bool is_quoted(std::string_view text, const Clause& clause) {
  std::size_t line = text.rfind('\n', clause.first);
  line = line == std::string_view::npos ? 0 : line + 1;
  auto marks = std::ranges::count(text.substr(line, clause.first - line), '"');
  return marks % 2 == 1;
}

// Lower case, without articles and marks at its ends, blanks made one.
std::string normalised(std::string_view text) {
  static const RE2 article(R"((?i)^(the|a|an|our|my|to|using|with|on|in|by|is|it|that|only)\s+)");
  static const RE2 tail(
      R"((?i)(,.*|\s+(please|for (this|now|everything|all|the|our|my)\b.*|from now on|going forward|instead( of .*)?|because .*|since .*|so that .*|when .*|in (this|the|all|every) .*|now|anymore|any more|again|as well|too|here|everywhere))$)");
  std::string out = base::to_lower(base::trim(text));
  while (RE2::Replace(&out, article, "")) {
  }
  while (RE2::Replace(&out, tail, "")) {
  }
  std::string clean;
  for (char c : out) {
    bool blank = c == ' ' || c == '\t';
    if (blank && (clean.empty() || clean.back() == ' ')) continue;
    clean += blank ? ' ' : c;
  }
  constexpr std::string_view marks = " `\"'.,:*()";
  std::size_t first = clean.find_first_not_of(marks);
  if (first == std::string::npos) return "";
  return clean.substr(first, clean.find_last_not_of(marks) - first + 1);
}

// The words of a value without what says that it holds now.
std::string without_now(std::string value) {
  static const RE2 tail(R"((?i)(?:,? (?:now|from now on|please|instead|today|as well))+$)");
  RE2::Replace(&value, tail, "");
  return value;
}

// What a statement is about keeps its whole name: the budget for one thing is not that for another.
std::string subject_words(std::string_view text) {
  static const RE2 article(R"(^(the|a|an|our|my|its)\s+)");
  static const RE2 tail(R"(\s+(now|currently|still)$)");
  std::string out = base::to_lower(base::trim(text));
  while (RE2::Replace(&out, article, "")) {
  }
  while (RE2::Replace(&out, tail, "")) {
  }
  bool names_nothing = out == "this" || out == "that" || out == "it" || out == "everything" || out == "all";
  return names_nothing ? "" : out;
}

// Where or when a value holds, as far as normalised() takes it off: another value there or then replaces
// nothing here. What names all there is ("in this project", "for now") is no condition.
std::string condition_of(std::string_view value) {
  static const RE2 condition(
      R"((?i)\s(for (?:the|our|my) \w.*|in (?:the|all|every) \w.*|when \w.*|on (?:the|our|my) \w.*|if \w.*|unless \w.*|during \w.*)$)");
  static const RE2 everywhere(
      R"((?i)in the (?:project|repo|repository|code ?base|code|future|end|meantime|whole (?:project|repo|code ?base)))");
  re2::StringPiece found;
  if (!RE2::PartialMatch(piece(value), condition, &found)) return "";
  if (RE2::FullMatch(found, everywhere)) return "";
  return without_now(base::to_lower(std::string_view(found.data(), found.size())));
}

// The rules, and which of them a clause can fit at all: each needs some words to stand there, and looking for
// those costs a tenth of trying every rule.
class Compiled {
 public:
  Compiled() : filter_(least_atom_bytes) {
    RE2::Options options(RE2::Quiet);
    options.set_case_sensitive(false);
    for (const StatementRule& rule : statement_rules()) {
      int id = 0;  // the number of the rule: all are added, in order
      filter_.Add(piece(rule.pattern), options, &id);
    }
    filter_.Compile(&atoms_);
  }
  const RE2& pattern(int rule) const { return filter_.GetRE2(rule); }
  // Numbers of rules, rising.
  std::vector<int> candidates(std::string_view clause) const {
    const std::string lower = base::to_lower(clause);
    std::vector<int> found, out;
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (lower.contains(atoms_[i])) found.push_back(static_cast<int>(i));
    }
    filter_.AllPotentials(found, &out);
    std::ranges::sort(out);
    return out;
  }

 private:
  static constexpr int least_atom_bytes = 2;

  re2::FilteredRE2 filter_;
  std::vector<std::string> atoms_;
};

// What a clause gave to the groups of its rule.
struct Groups {
  std::string value, old, subject, preposition;
  std::string raw = {};        // the value as it was written
  std::string condition = {};  // where or when it holds: "for the frontend", "when writing go"
};

std::string group(const RE2& pattern, const std::vector<re2::StringPiece>& found, const char* name) {
  auto at = pattern.NamedCapturingGroups().find(name);
  if (at == pattern.NamedCapturingGroups().end()) return "";
  const re2::StringPiece& text = found[static_cast<std::size_t>(at->second)];
  return text.data() == nullptr ? "" : std::string(text.data(), text.size());
}

bool announces_update(std::string_view clause) {
  static const RE2 cue(
      R"((?i)\b(now|switched|no longer|instead|moved to|renamed|changed|from now on|anymore|actually|not any ?more)\b)");
  static const RE2 beside(R"((?i)\b(also|as well|in addition|additionally|besides|both)\b|\btoo$)");
  return RE2::PartialMatch(piece(clause), cue) && !RE2::PartialMatch(piece(clause), beside);
}

bool is_let_through(const StatementRule& rule, const Groups& groups) {
  switch (rule.value_must) {
    case ValueMust::be_anything:
      return true;
    case ValueMust::name_a_tool:
      return known_tool(groups.value).has_value() || known_tool(groups.old).has_value() ||
             (rule.refused && language_version(groups.value).has_value());
    case ValueMust::last:
      return !groups.subject.empty() && !passes(groups.subject, groups.value);
    case ValueMust::be_an_address:
      return is_address(groups.value);
    case ValueMust::name_a_version:
      return language_version(groups.value).has_value();
    case ValueMust::be_definite:
      return !groups.subject.empty() && is_definite(groups.raw) && !passes(groups.subject, groups.value);
    case ValueMust::be_a_name:
      return !groups.raw.empty() && groups.raw[0] >= 'A' && groups.raw[0] <= 'Z' &&
             !is_filler(base::to_lower(groups.raw));
  }
  return false;
}

// "deploying", "deploys", "deployments" are one doing.
std::string doing_of(const std::string& word) {
  constexpr auto doings =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"deploy", "deploy"},
                                                                    {"releas", "release"},
                                                                    {"ship", "release"},
                                                                    {"publish", "publish"},
                                                                    {"merg", "merge"},
                                                                    {"host", "host"},
                                                                    {"test", "test"},
                                                                    {"build", "build"},
                                                                    {"log", "log"},
                                                                    {"monitor", "monitor"},
                                                                    {"branch", "branch"},
                                                                    {"storing ", "store "},
                                                                    {"keeping ", "keep "},
                                                                    {"caching ", "cache "}});
  for (const auto& [begin, doing] : doings) {
    if (!word.starts_with(begin)) continue;
    return std::string(doing) + (begin.ends_with(' ') ? word.substr(begin.size()) : "");
  }
  return word;
}

// What a doing is told about: "deploy on friday" its day, "test with ctest" its command.
std::string subject_of_doing(const Groups& groups) {
  std::string doing = doing_of(groups.subject);
  if (is_day(groups.value)) return doing + " day";
  if (is_time(groups.value)) return doing + " time";
  if (groups.preposition == "every" || is_rhythm(groups.value)) return doing + " rhythm";
  bool by = groups.preposition == "with" || groups.preposition == "using" || groups.preposition == "via" ||
            groups.preposition == "through" || groups.preposition == "by";
  if (by && (doing == "test" || doing == "build" || doing == "deploy")) return doing + " command";
  return doing + " " + (by ? "with" : groups.preposition);
}

std::string singular(const std::string& subject) {
  if (subject == "tests" || subject == "test" || subject == "test suite" || subject == "suite")
    return "test command";
  if (subject == "builds" || subject == "build") return "build command";
  if (subject == "linter" || subject == "lint") return "lint command";
  return subject;
}

// What a statement is about, from the words that say it and from what its value is known to be.
void name_subject(const Groups& groups, Statement& out) {
  out.subject = groups.preposition.empty() ? singular(groups.subject) : subject_of_doing(groups);
  if (out.subject.ends_with(" day") || out.subject.ends_with(" time") || out.subject.ends_with(" rhythm"))
    out.single_valued = !out.refused;
  if (auto version = language_version(out.value)) {
    out.subject = version->subject;
    out.value = version->value;
    out.single_valued = !out.refused;
    return;
  }
  auto tool = known_tool(out.value);
  if (!tool) tool = known_tool(out.replaces);
  bool of_tool = tool && (groups.subject.empty() || !groups.preposition.empty() ||
                          means_subject(groups.subject, tool->subject));
  if (of_tool) {
    out.subject = tool->subject;
    out.single_valued = !out.refused;
  } else if (!groups.subject.empty() && out.is_update) {
    out.single_valued = !out.refused;
  }
  if (out.subject == "for" || out.subject == "at") out.subject = "employer";
  if (out.subject == "in") out.subject = "place";
}

// Subjects that a rule gives ("rule", "experience") and those without a name have many values, of which none
// replaces another: where or when one holds does not tell them apart.
void settle_subject(const StatementRule& rule, const Groups& groups, Statement& out) {
  if (!rule.subject.empty()) {
    out.subject = rule.subject;
    if (!groups.subject.empty()) out.subject += " " + groups.subject;
    return;
  }
  name_subject(groups, out);
  if (out.subject.empty()) {
    out.subject = fact_kind_name(out.kind);
    out.single_valued = false;  // of what it is the one value is not known
  } else if (!groups.condition.empty()) {
    out.subject += " " + groups.condition;
  }
}

// The usual name of a tool; a version stays behind it.
std::string with_usual_name(std::string value) {
  auto tool = known_tool(value);
  bool versioned = tool && value.find_first_of("0123456789") != std::string::npos && value.contains(' ');
  return tool && !versioned ? std::string(tool->name) : value;
}

std::optional<Statement> match(std::string_view clause, const Compiled& compiled,
                               const std::vector<int>& candidates) {
  std::span<const StatementRule> rules = statement_rules();
  for (int candidate : candidates) {
    const auto i = static_cast<std::size_t>(candidate);
    const RE2& pattern = compiled.pattern(candidate);
    std::vector<re2::StringPiece> found(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
    if (!pattern.Match(piece(clause), 0, clause.size(), RE2::UNANCHORED, found.data(),
                       static_cast<int>(found.size())))
      continue;
    Groups groups{.value = with_singular_days(normalised(group(pattern, found, "value"))),
                  .old = normalised(group(pattern, found, "old")),
                  .subject = subject_words(group(pattern, found, "subject")),
                  .preposition = base::to_lower(group(pattern, found, "prep")),
                  .raw = without_now(group(pattern, found, "value")),
                  .condition = condition_of(group(pattern, found, "value"))};
    if (rules[i].value_must == ValueMust::name_a_version)
      groups.value = base::to_lower(base::trim(group(pattern, found, "value")));
    if (!is_let_through(rules[i], groups)) continue;
    Statement out{.kind = rules[i].kind,
                  .value = with_usual_name(groups.value),
                  .single_valued = rules[i].single_valued,
                  .refused = rules[i].refused,
                  .is_update = rules[i].update || announces_update(clause),
                  .replaces = with_usual_name(groups.old)};
    if (out.value.empty()) return std::nullopt;
    settle_subject(rules[i], groups, out);
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::string_view fact_kind_name(FactKind kind) {
  constexpr std::array<std::string_view, 5> names{"preference", "identity", "environment", "decision",
                                                  "note"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<Statement> statements_in(std::string_view text) {
  static const Compiled compiled;
  text = base::truncate_utf8(text, statement_bytes);
  std::vector<Statement> out;
  for (const Clause& clause : clauses_of(text)) {
    if (out.size() >= statements_of_a_text) break;
    std::string_view words = text.substr(clause.first, clause.end - clause.first);
    if (clause.asks || words.size() > 400) continue;
    const std::vector<int> candidates = compiled.candidates(words);
    if (candidates.empty() || says_nothing(words) || is_quoted(text, clause)) continue;
    auto statement = match(words, compiled, candidates);
    if (!statement) continue;
    statement->first_byte = clause.first;
    statement->end_byte = clause.end;
    out.push_back(std::move(*statement));
  }
  return out;
}

}  // namespace mira::memory
