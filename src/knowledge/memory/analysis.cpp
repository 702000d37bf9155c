#include "knowledge/memory/analysis.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "knowledge/memory/cues.h"
#include "knowledge/memory/profile.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Row;

constexpr std::size_t error_bytes = 16 << 10;  // of a text that errors are looked for in

bool holds(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// The first sentence: how a message begins says how it is meant.
std::string_view opening(std::string_view text) {
  text = base::trim(text);
  std::size_t end = text.find_first_of("\n");
  return base::truncate_utf8(text.substr(0, end), 400);
}

bool corrects(std::string_view text) {
  static const RE2 pattern(
      R"((?i)^\W*(no[,.!]|nope\b|actually\b|wrong\b|that'?s (wrong|not (right|true|correct|what))|not (quite|what i)|i (meant|said)\b|you (misunderstood|forgot|got)|wait[, ]|correction\b|undo that|revert that)|\bi meant\b|\bnot \S+ but \S+)");
  return holds(pattern, opening(text));
}

bool decides(std::string_view text) {
  static const RE2 pattern(
      R"((?i)\b(let'?s (go|use|stick|keep|take|drop|switch|move|do|make|ship|call)\b|(we|i)('ve| have)? (decided|agreed|settled|chose|chosen|picked|switched|renamed|moved|changed|migrated)\b|we('ll| will| are going to) (use|go with|keep|drop|switch|stick)\b|from now on|going forward|it'?s (decided|settled)|final(ly)? decision))");
  return holds(pattern, text);
}

bool requests(std::string_view text) {
  static const RE2 pattern(
      R"((?i)^\W*(please |now |ok,? |and |then |can you |could you |would you |will you |i (want|need|would like|'d like) you to )*(add|build|change|check|clean|commit|compare|convert|create|debug|delete|deploy|describe|document|draft|explain|extract|find|finish|fix|format|generate|give|help|implement|improve|investigate|list|look|make|measure|merge|move|open|optimi[sz]e|port|profile|refactor|release|remove|rename|replace|rerun|reproduce|review|rewrite|run|search|set|show|simplify|split|summari[sz]e|tell|test|translate|try|turn|undo|update|upgrade|use|write)\b|\b(can|could|would|will) you\b|\bhelp me\b|\bplease\b)");
  return holds(pattern, opening(text)) || holds(pattern, base::truncate_utf8(text, 600));
}

bool reports(std::string_view text) {
  static const RE2 pattern(
      R"((?i)\b(i (get|got|see|saw|ran|tried|found|noticed|am getting|'m getting)|it (fails|failed|crashes|crashed|hangs|breaks|broke|returns|says|prints)|(build|test|tests|suite|pipeline|deploy|server|app|page|query|job)s? (is|are|was|were)? ?(now )?(failing|fails|failed|broken|red|green|down|slow|crash\w*|pass\w*|time[sd]? out)|error:|exception|traceback|stack trace|segfault|does(n't| not) (work|compile|build|start)|stopped working|found it|is fixed)\b)");
  return holds(pattern, text);
}

bool plans(std::string_view text) {
  static const RE2 pattern(
      R"((?i)\b(next step|i('ll| will| am going to|'m going to) |we('ll| will| are going to|'re going to) |tomorrow (i|we)\b|plan(ning)? to|later (i|we)\b|to ?do:|still need to|after that (i|we)\b))");
  return holds(pattern, text);
}

bool states_fact(std::string_view text) {
  static const RE2 pattern(
      R"((?i)^\W*(the|our|my|this|that|these|there|it|we|i|all|every|each|[A-Z][\w./:()-]*|[\w./]+(_|\(\)|::)[\w./:()]*)\b.{0,80}?\b(is|are|was|were|has|have|had|uses?|runs?|lives?|needs?|takes?|looks? after|owns?|depends?|returns?|calls?|contains?|supports?|requires?|works?|started|became)\b)");
  return holds(pattern, opening(text));
}

bool asks(std::string_view text) {
  static const RE2 start(
      R"((?i)^\W*(so |and |but |ok,? )?(who|what|when|where|which|why|how|whose|is|are|was|were|do|does|did|has|have|should|shall|may|might)\b[^.!\n]*\?)");
  if (holds(start, opening(text))) return true;
  std::string_view tail = base::trim(base::truncate_utf8(text, analysed_bytes));
  return tail.ends_with('?');
}

bool matters(std::string_view text) {
  static const RE2 pattern(
      R"((?i)\b(security|vulnerab\w+|cve-\d+|credential\w*|leak(ed|s)?|production|in prod|outage|data loss|rollback|breach)\b)");
  return holds(pattern, text);
}

double salience_of(MessageIntent intent, std::string_view role, std::string_view text, bool error) {
  constexpr std::array<double, 10> base_of{0.5, 0.6, 0.75, 0.9, 0.9, 0.9, 0.75, 0.15, 0.7, 0.4};
  double out = base_of[static_cast<std::size_t>(intent)];
  if (intent == MessageIntent::acknowledgement) return out;
  if (matters(text)) out = std::max(out, 0.9);
  if (error) out = std::max(out, 0.75);
  if (role == "user") out += 0.04;
  if (text.contains('_') || text.contains("::") || text.contains("()") || text.contains('/')) out += 0.02;
  if (std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; })) out += 0.02;
  return std::min(out, 1.0);
}

// Errors are read only where a word of failure stands: most talk is spared.
bool may_hold_error(std::string_view text) {
  static const RE2 pattern(
      R"((?i)error|warning|fail|exception|traceback|panic|fatal|assert|undefined|undeclared|segmentation|not found|cannot)");
  return holds(pattern, text);
}

std::optional<contracts::ErrorFound> error_in(std::string_view text, const contracts::ErrorReader& errors) {
  text = base::truncate_utf8(text, error_bytes);
  if (!errors || !may_hold_error(text)) return std::nullopt;
  std::vector<contracts::ErrorFound> found = errors(text);
  if (found.empty()) return std::nullopt;
  auto worst = std::ranges::find(found, std::string("error"), &contracts::ErrorFound::severity);
  return worst == found.end() ? found.front() : *worst;
}

}  // namespace

std::string_view intent_name(MessageIntent intent) {
  constexpr std::array<std::string_view, 10> names{"question",   "request",    "report", "decision",
                                                   "preference", "correction", "fact",   "acknowledgement",
                                                   "plan",       "other"};
  return names[static_cast<std::size_t>(intent)];
}

const std::vector<std::string>& intent_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (int i = 0; i <= static_cast<int>(MessageIntent::other); ++i)
      out.emplace_back(intent_name(static_cast<MessageIntent>(i)));
    return out;
  }();
  return names;
}

std::string_view mood_name(Mood mood) {
  constexpr std::array<std::string_view, 5> names{"neutral", "satisfied", "frustrated", "confused", "urgent"};
  return names[static_cast<std::size_t>(mood)];
}

MessageIntent intent_of(std::string_view text) {
  text = base::trim(base::truncate_utf8(text, analysed_bytes));
  if (text.empty()) return MessageIntent::other;
  if (corrects(text)) return MessageIntent::correction;
  if (asks(text) && !requests(text)) return MessageIntent::question;
  if (instructs(text) || (states_preference(text) && !asks(text))) {
    return decides(text) && !instructs(text) ? MessageIntent::decision : MessageIntent::preference;
  }
  if (acknowledges(text) && text.size() < 200 && !requests(text)) return MessageIntent::acknowledgement;
  if (decides(text)) return MessageIntent::decision;
  if (requests(text)) return MessageIntent::request;
  if (reports(text)) return MessageIntent::report;
  if (plans(text)) return MessageIntent::plan;
  return states_fact(text) ? MessageIntent::fact : MessageIntent::other;
}

Mood mood_of(std::string_view text) {
  static const RE2 urgent(
      R"((?i)\b(asap|urgent(ly)?|right now|immediately|production is down|hurry|as soon as possible|in (five|ten|\d+) minutes|before the demo)\b)");
  static const RE2 frustrated(
      R"((?i)\b(still (not|fails|broken|doesn't|does not|isn't)|(for the|the) (third|fourth|fifth|tenth|hundredth) time|again and again|ridiculous|annoying|frustrat\w+|useless|sick of|fed up|wtf|damn|hate this|waste of time|why does it keep|keeps (failing|breaking|crashing))\b|!!)");
  static const RE2 confused(
      R"((?i)\b(don't (understand|get (it|why|how))|do not understand|confus(ed|ing)|makes? no sense|no idea (why|how|what)|i'?m lost|not sure (why|what|how)|puzzl\w+|doesn't make sense)\b|\?\?)");
  static const RE2 satisfied(
      R"((?i)\b(works (now|great|perfectly|well)|(that'?s|this is|looks) (great|perfect|excellent|exactly)|thank(s| you)|perfect|awesome|excellent|brilliant|love (it|this)|well done|nice work|great (job|work))\b)");
  text = base::truncate_utf8(text, analysed_bytes);
  if (holds(urgent, text)) return Mood::urgent;
  if (holds(frustrated, text)) return Mood::frustrated;
  if (holds(confused, text)) return Mood::confused;
  return holds(satisfied, text) ? Mood::satisfied : Mood::neutral;
}

Analysis analyse(std::string_view role, std::string_view text, const contracts::ErrorReader& errors) {
  Analysis out;
  out.error = error_in(text, errors);
  std::string_view head = base::truncate_utf8(text, analysed_bytes);
  out.intent = role == "tool" ? (out.error ? MessageIntent::report : MessageIntent::other) : intent_of(head);
  out.mood = role == "user" ? mood_of(head) : Mood::neutral;
  out.salience = salience_of(out.intent, role, head, out.error.has_value());
  out.topics = topics_of(head);
  out.language = language_of(head);
  out.code_language = code_language_of(head);
  bool asks_for = out.intent == MessageIntent::request || out.intent == MessageIntent::correction;
  if (role == "user" && asks_for) out.request_words = request_words(head);
  return out;
}

Status store_analysis(store::Connection& main, std::int64_t entry, const Analysis& analysis) {
  contracts::ErrorFound error = analysis.error.value_or(contracts::ErrorFound{});
  std::string type = error.tool + (error.code.empty() ? "" : " " + error.code);
  return main.run(
      "INSERT INTO message_analysis(entry_id, intent, mood, salience, topics, contains_error, error_type,"
      " error_severity, error_file, error_line, language, code_language, request_words, source, rule_version)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'rule', ?) ON CONFLICT (entry_id) DO NOTHING",
      entry, intent_name(analysis.intent), mood_name(analysis.mood), analysis.salience,
      base::join(analysis.topics, "\n"), analysis.error ? 1 : 0, type, error.severity, error.file, error.line,
      analysis.language, analysis.code_language, analysis.request_words, analysis.rules);
}

Status analyse_older(store::Connection& main, const contracts::ErrorReader& errors, int most) {
  std::vector<std::pair<std::int64_t, Analysis>> read;
  MIRA_TRY(main.each(
      "SELECT entry_id, role, content FROM memory_entries WHERE origin <> 'recalled' AND entry_id <"
      " coalesce((SELECT min(entry_id) FROM message_analysis), 9223372036854775807)"
      " ORDER BY entry_id DESC LIMIT ?",
      [&](const Row& row) { read.emplace_back(row.integer(0), analyse(row.text(1), row.text(2), errors)); },
      most));
  for (const auto& [entry, analysis] : read) MIRA_TRY(store_analysis(main, entry, analysis));
  return {};
}

Result<bool> has_older(store::Connection& main) {
  return MIRA_TRY(main.integer(
                      "SELECT 1 FROM memory_entries WHERE origin <> 'recalled' AND entry_id <"
                      " coalesce((SELECT min(entry_id) FROM message_analysis), 9223372036854775807) LIMIT 1"))
      .has_value();
}

Result<std::optional<Analysis>> analysis_of(store::Connection& main, std::int64_t entry) {
  std::optional<Analysis> out;
  MIRA_TRY(main.each(
      "SELECT intent, mood, salience, topics, contains_error, error_type, error_severity, error_file, "
      "error_line,"
      " language, code_language, rule_version FROM message_analysis WHERE entry_id = ?",
      [&](const Row& row) {
        Analysis read;
        auto named = std::ranges::find(intent_names(), row.text(0)) - intent_names().begin();
        read.intent = static_cast<MessageIntent>(named);
        for (int i = 0; i <= static_cast<int>(Mood::urgent); ++i) {
          if (mood_name(static_cast<Mood>(i)) == row.text(1)) read.mood = static_cast<Mood>(i);
        }
        read.salience = row.real(2);
        for (std::string_view topic : base::split(row.text(3), '\n')) {
          if (!topic.empty()) read.topics.emplace_back(topic);
        }
        if (row.integer(4) != 0)
          read.error = contracts::ErrorFound{.tool = std::string(row.text(5)),
                                             .severity = std::string(row.text(6)),
                                             .code = {},
                                             .message = {},
                                             .file = std::string(row.text(7)),
                                             .line = static_cast<int>(row.integer(8))};
        read.language = row.text(9);
        read.code_language = row.text(10);
        read.rules = static_cast<int>(row.integer(11));
        out = std::move(read);
      },
      entry));
  return out;
}

}  // namespace mira::memory
