#include "knowledge/memory/statements.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

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

// Cuts a line at ends of sentences and at ";" and ", but": a point inside a word (v1.2, a.cpp) is no end.
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
    bool but = text.substr(at, end - at).starts_with(", but ");
    if (!ends && c != ';' && !but) continue;
    add(at, c == '?');
    start = at + (but ? 6 : 1);
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
      R"(|\b(if (i|we)|might|maybe|perhaps|not sure|wonder(ing)?|supposed to|for example|e\.g\.|(he|she|they) (said|says|prefers?|uses?)|i('d| would) (rather )?(think|guess)|used to)\b)");
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

struct Rule {
  std::string_view pattern;  // named groups: value, subject, old
  FactKind kind;
  std::string_view subject;  // "" : taken from the group, or from the value's class
  bool single_valued;
  bool refused;
  bool update;
};

// In order; the first that fits a clause gives its statement.
constexpr auto rules = std::to_array<Rule>({
    {R"(^(?:please )?call me (?P<value>[\w' -]{1,40})$)", FactKind::identity, "name", true, false, false},
    {R"(\bmy name is (?P<value>[\w' -]{1,40}?)(?: and\b.*)?$)", FactKind::identity, "name", true, false,
     false},
    {R"(^(?:hi,? |hello,? )?i(?:'m| am) (?P<value>an? [\w /-]{3,60}?(?:developer|engineer|scientist|designer|student|manager|administrator|architect|programmer|researcher|producer|writer|technologist|teacher|analyst)\b.*)$)",
     FactKind::identity, "occupation", true, false, false},
    {R"(\bi(?:'m| am) (?:still |fairly |pretty |very |quite |relatively |completely )?(?P<value>(?:new to|a beginner (?:in|at|with)|inexperienced (?:in|with)|experienced (?:in|with)|fluent in|not familiar with|unfamiliar with|an expert (?:in|at|on)) [\w+#. /-]{1,50})$)",
     FactKind::identity, "experience", false, false, false},
    {R"(\bi(?:'ve| have) (?:been )?(?P<value>(?:used|using|written|writing|worked with|working with|programmed in|programming in) [\w+#. /-]{1,40}? for (?:over |about |more than |almost |nearly )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|many|several) years)$)",
     FactKind::identity, "experience", false, false, false},
    {R"(\bi(?:'m| am) (?:currently |now |still )?(?:learning|studying|trying to learn) (?P<value>[\w+#. /-]{1,60})$)",
     FactKind::preference, "learning goal", false, false, false},
    {R"(\bi(?:'d like| would like| want| plan| hope) to (?:learn|get better at)(?: more about)? (?P<value>[\w+#. /-]{1,60})$)",
     FactKind::preference, "learning goal", false, false, false},
    {R"(\bi (?:work|live) (?P<subject>for|at|in) (?P<value>[\w'., &-]{2,60})$)", FactKind::identity, "", true,
     false, false},
    {R"(\bwe(?:'ve| have)? (?:switched|moved|migrated|changed)(?: over)? (?:from (?P<old>.{1,60}?) )?to (?P<value>.{1,80})$)",
     FactKind::environment, "", true, false, true},
    {R"(\bi(?:'ve| have)? (?:switched|moved|changed) (?:from (?P<old>.{1,60}?) )?to (?P<value>.{1,80})$)",
     FactKind::preference, "", true, false, true},
    {R"(^(?:please )?use (?P<value>.{1,60}?)(?:,? (?:instead of|rather than|not|and not) (?P<old>.{1,60}))$)",
     FactKind::preference, "", true, false, true},
    {R"(^(?:no|actually)[, ]+(?:it's|it is|we use|i use|use) (?P<value>.{1,60}?)(?:,? not (?P<old>.{1,60}))?$)",
     FactKind::preference, "", true, false, true},
    {R"(\bi (?:strongly |really |much |usually |generally |always )?prefer (?P<value>.{1,80}?)(?: (?:over|to|rather than|instead of) (?P<old>.{1,60}))?$)",
     FactKind::preference, "", false, false, false},
    {R"(\bi (?:no longer|don't|do not|won't) (?:want|like|use|need) (?P<value>.{1,80})$)",
     FactKind::preference, "", false, true, true},
    {R"(\bi (?:really |also )?(?:hate|dislike|avoid) (?P<value>.{1,80})$)", FactKind::preference, "", false,
     true, false},
    {R"(^(?:please |and |so )?(?:never|don't ever|do not ever) (?P<value>.{3,120})$)", FactKind::preference,
     "rule", false, true, false},
    {R"(^(?:please |and |so )?(?:don't|do not) (?P<value>(?:use|add|write|commit|push|touch|change|run|put|log|mock|call|create|edit|format|rename|delete|remove|include) .{2,120})$)",
     FactKind::preference, "rule", false, true, false},
    {R"(^(?:please |and |so )?always (?P<value>.{3,120})$)", FactKind::preference, "rule", false, false,
     false},
    {R"(^from now on,? (?P<value>.{3,120})$)", FactKind::decision, "rule", false, false, true},
    {R"(\bwe (?:no longer|don't|do not|never|stopped) (?:use|using|support|supporting|need) (?P<value>.{1,80})$)",
     FactKind::environment, "", false, true, true},
    {R"(\bour (?P<subject>[\w -]{2,40}?) (?:is|are|runs? on|lives? (?:on|in)) now (?P<value>.{1,80})$)",
     FactKind::environment, "", true, false, true},
    {R"(\b(?:our|my|the) (?P<subject>[\w -]{2,40}?) (?:was|were|has been|have been|got) (?:changed|moved|extended|increased|raised|lowered|reduced|rescheduled|postponed|renamed|set|switched) (?:from (?P<old>.{1,60}?) )?to (?P<value>.{1,80})$)",
     FactKind::environment, "", true, false, true},
    {R"(\b(?:our|my) (?P<subject>[\w -]{2,40}?) (?:is|are) (?P<value>.{1,80})$)", FactKind::environment, "",
     true, false, false},
    {R"(\bthe (?P<subject>(?:test|build|deploy|release|lint|format|start) (?:command|day|branch|target|script)|default branch|main branch|database|deadline|package manager|production server|staging server|code style|line length|license|target platform) is (?P<value>.{1,80})$)",
     FactKind::environment, "", true, false, false},
    {R"(\b(?P<subject>tests?|builds?|deploys?|releases?|deployments?) (?:run|runs|are run|is run|go out|happen|happens|are made|is made) (?:with|by|on|using|through|via|every) (?P<value>.{1,80})$)",
     FactKind::environment, "", true, false, false},
    {R"(\bwe(?:'re| are)? (?:now )?(?:use|using|deploy (?:to|on|with)|run on|rely on|store everything in) (?P<value>.{1,80}?)(?: (?:for|as)(?: the| our)? (?P<subject>[\w -]{2,40}))?$)",
     FactKind::environment, "", false, false, false},
    {R"(\bi(?:'m| am)? (?:now )?(?:use|using) (?P<value>.{1,80}?)(?: (?:for|as)(?: the| my)? (?P<subject>[\w -]{2,40}))?$)",
     FactKind::preference, "", false, false, false},
    {R"(\b(?:we|i)(?:'ve| have)? (?:decided|agreed|chose|chosen|settled on|picked|went with)(?: to| on| that)? (?P<value>.{2,120})$)",
     FactKind::decision, "", false, false, false},
    {R"(^let's (?:go with|use|stick (?:to|with)|take|switch to|move to) (?P<value>.{2,80}?)(?: (?:for|as)(?: the| our)? (?P<subject>[\w -]{2,40}))?$)",
     FactKind::decision, "", false, false, false},
});

struct Compiled {
  Compiled() {
    RE2::Options options(RE2::Quiet);
    options.set_case_sensitive(false);
    for (const Rule& rule : rules) patterns.push_back(std::make_unique<RE2>(piece(rule.pattern), options));
  }
  std::vector<std::unique_ptr<RE2>> patterns;
};

// What a tool is, where one value at a time is the rule.
struct ToolClass {
  std::string_view subject;
  std::array<std::string_view, 12> names;
};
constexpr auto tool_classes = std::to_array<ToolClass>({
    {"database",
     {"postgresql", "postgres", "mysql", "mariadb", "sqlite", "mongodb", "oracle", "dynamodb", "cassandra",
      "cockroachdb", "duckdb", "redis"}},
    {"editor",
     {"vim", "neovim", "emacs", "vs code", "vscode", "visual studio code", "helix", "zed", "intellij",
      "sublime text", "clion", "nano"}},
    {"package manager",
     {"npm", "pnpm", "yarn", "bun", "pip", "uv", "poetry", "conda", "cargo", "conan", "vcpkg", "pdm"}},
    {"indentation",
     {"tabs", "spaces", "two spaces", "four spaces", "2 spaces", "4 spaces", "tabs over spaces",
      "spaces over tabs", "tab indentation", "space indentation", "", ""}},
    {"build tool",
     {"cmake", "ninja", "make", "bazel", "meson", "gradle", "maven", "buck2", "scons", "vite", "webpack",
      "esbuild"}},
    {"test framework",
     {"pytest", "unittest", "jest", "vitest", "mocha", "googletest", "gtest", "catch2", "junit", "rspec",
      "doctest", "playwright"}},
    {"shell", {"bash", "zsh", "fish", "powershell", "nushell", "dash", "tcsh", "", "", "", "", ""}},
});

std::string_view class_of(std::string_view value) {
  for (const ToolClass& one : tool_classes) {
    if (std::ranges::find(one.names, value) != one.names.end() && !value.empty()) return one.subject;
  }
  return "";
}

std::string singular(std::string subject) {
  if (subject == "tests" || subject == "test") return "test command";
  if (subject == "builds" || subject == "build") return "build command";
  if (subject.starts_with("deploy")) return subject.size() > 7 && subject.contains(' ') ? subject : "deploy";
  if (subject == "releases" || subject == "release") return "release";
  return subject;
}

std::string group(const RE2& pattern, const std::vector<re2::StringPiece>& found, const char* name) {
  auto at = pattern.NamedCapturingGroups().find(name);
  if (at == pattern.NamedCapturingGroups().end()) return "";
  const re2::StringPiece& text = found[static_cast<std::size_t>(at->second)];
  return text.data() == nullptr ? "" : std::string(text.data(), text.size());
}

bool announces_update(std::string_view clause) {
  static const RE2 cue(
      R"((?i)\b(now|switched|no longer|instead|moved to|renamed|changed|from now on|anymore|actually|not any ?more)\b)");
  return RE2::PartialMatch(piece(clause), cue);
}

std::optional<Statement> match(std::string_view clause, const Compiled& compiled) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const RE2& pattern = *compiled.patterns[i];
    std::vector<re2::StringPiece> found(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
    if (!pattern.Match(piece(clause), 0, clause.size(), RE2::UNANCHORED, found.data(),
                       static_cast<int>(found.size())))
      continue;
    Statement out{.kind = rules[i].kind,
                  .value = normalised(group(pattern, found, "value")),
                  .single_valued = rules[i].single_valued,
                  .refused = rules[i].refused,
                  .is_update = rules[i].update || announces_update(clause),
                  .replaces = normalised(group(pattern, found, "old"))};
    if (out.value.empty()) return std::nullopt;
    out.subject =
        rules[i].subject.empty() ? singular(normalised(group(pattern, found, "subject"))) : rules[i].subject;
    std::string_view known = class_of(out.value);
    if (known.empty()) known = class_of(out.replaces);
    if (!known.empty()) {
      out.subject = known;
      out.single_valued = !out.refused;
    }
    if (out.subject == "for" || out.subject == "at") out.subject = "employer";
    if (out.subject == "in") out.subject = "place";
    if (out.subject.empty()) out.subject = fact_kind_name(out.kind);
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
    if (clause.asks || words.size() > 400 || says_nothing(words) || is_quoted(text, clause)) continue;
    auto statement = match(words, compiled);
    if (!statement) continue;
    statement->first_byte = clause.first;
    statement->end_byte = clause.end;
    out.push_back(std::move(*statement));
  }
  return out;
}

}  // namespace mira::memory
