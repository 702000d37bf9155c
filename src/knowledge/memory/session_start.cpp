#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/facts.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/summaries.h"
#include "knowledge/memory/told.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/tokens/tokens.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;
using store::Row;

constexpr std::size_t most_tokens = 1200;
constexpr std::size_t facts_share = 3;  // a third of the tokens is for what holds
constexpr std::size_t least_facts_tokens = 60;
constexpr std::size_t line_bytes = 400;
constexpr std::size_t most_patterns = 2, patterns_tokens = 100;
constexpr std::size_t begun_lines = 4;       // of the snapshot
constexpr std::int64_t open_looked_at = 12;  // last entries that are looked at for what is open

// One part of the pack: lines under a heading, within tokens.
class Part {
 public:
  Part(std::string_view heading, std::size_t tokens) : heading_(heading), tokens_(tokens) {
    used_ = tokens::count(heading_ + "\n");
  }
  bool add(std::string_view line) {
    std::string safe = guard::neutralise(base::truncate_utf8(line, line_bytes));
    std::ranges::replace(safe, '\n', ' ');
    std::string written = "- " + safe + "\n";
    std::size_t cost = tokens::count(written);
    if (used_ + cost > tokens_) return false;
    used_ += cost;
    text_ += written;
    lines_.push_back(safe);
    return true;
  }
  std::string text() const { return lines_.empty() ? "" : heading_ + "\n" + text_; }
  std::size_t tokens() const { return lines_.empty() ? 0 : used_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::string heading_, text_;
  std::size_t tokens_, used_ = 0;
  std::vector<std::string> lines_;
};

Result<Part> what_holds(contracts::Session& session, std::size_t tokens) {
  Part part("What you said that holds:", tokens);
  FactFilter filter{.scopes = MIRA_TRY(scopes_seen(session, "")), .as_of_ms = {}, .known_at_ms = {}};
  std::vector<Fact> facts = MIRA_TRY(facts_of(session.main, filter));
  std::erase_if(facts, [](const Fact& fact) { return fact.state != "confirmed"; });
  // Who it is and how to answer first: it bears on every prompt.
  std::ranges::stable_partition(facts, [](const Fact& fact) {
    std::string_view section = profile_section(fact);
    return section == "identity" || section == "communication_style" || section == "experience_level";
  });
  for (const Fact& fact : facts) {
    std::string line = fmt::format("{} (since {}, message {})", fact.statement,
                                   base::iso_date(fact.valid_from_ms), fact.entry);
    for (std::int64_t other : fact.conflicts) line += fmt::format("; contradicts fact {}", other);
    if (!part.add(line)) break;
  }
  return part;
}

Status count_told(contracts::Session& session, const std::vector<std::int64_t>& patterns,
                  base::Deadline deadline) {
  return session.main_writer.submit(
      [patterns](store::Connection& main) -> Status {
        for (std::int64_t pattern : patterns) MIRA_TRY(count_applied(main, pattern));
        return {};
      },
      deadline);
}

// What the user asked for or put right again and again.
Result<Part> what_comes_back(contracts::Session& session, std::size_t tokens, base::Deadline deadline) {
  Part part("What you said again and again:", tokens);
  std::vector<std::int64_t> told;
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, ""));
  for (const Pattern& pattern : MIRA_TRY(patterns_of(session.main, scopes))) {
    if (pattern.type == "fact" || told.size() >= most_patterns) continue;
    std::int64_t entry = pattern.examples.empty() ? 0 : pattern.examples.front();
    if (part.add(fmt::format("{} ({} times on {} days, last in message {})", pattern.description,
                             pattern.observed, pattern.days, entry)))
      told.push_back(pattern.id);
  }
  if (!told.empty()) MIRA_TRY(count_told(session, told, deadline));
  return part;
}

struct LastTalk {
  std::int64_t conversation = 0, last_ms = 0;
  std::string session;
};

Result<LastTalk> last_talk(contracts::Session& session) {
  LastTalk out;
  auto scope = MIRA_TRY(session.main.integer(
      "SELECT scope_id FROM memory_scopes WHERE kind = 'project' AND name = ?", session.project.id));
  if (!scope) return out;
  MIRA_TRY(session.main.each(
      "SELECT e.conversation_id, coalesce(e.said_ms, e.recorded_ms), c.session FROM memory_entries e"
      " JOIN memory_conversations c USING (conversation_id) WHERE e.scope_id = ? AND e.origin <> 'remembered'"
      " ORDER BY e.entry_id DESC LIMIT 1",
      [&](const Row& row) { out = {row.integer(0), row.integer(1), std::string(row.text(2))}; }, *scope));
  return out;
}

Result<std::vector<SummarySource>> last_entries(contracts::Session& session, std::int64_t conversation,
                                                std::int64_t after, std::int64_t count) {
  std::vector<SummarySource> out;
  MIRA_TRY(session.main.each(
      "SELECT entry_id, role, content FROM memory_entries WHERE conversation_id = ? AND entry_id > ?"
      " AND origin <> 'recalled' ORDER BY entry_id DESC LIMIT ?",
      [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
      },
      conversation, after, count));
  std::ranges::reverse(out);
  return out;
}

// Of a long conversation: what the snapshot has of the time before the newest summaries.
Result<std::vector<std::string>> begun_with(contracts::Session& session, std::int64_t conversation,
                                            const std::vector<Summary>& summaries) {
  std::vector<std::string> out;
  if (summaries.size() <= 2) return out;
  std::int64_t before = summaries[summaries.size() - 2].first_entry;
  Summary snapshot = MIRA_TRY(snapshot_of(session.main, conversation));
  for (std::string_view line : base::split(snapshot.content, '\n')) {
    std::int64_t entry = 0;
    if (!line.starts_with('[')) continue;
    std::from_chars(line.data() + 1, line.data() + line.size(), entry);
    if (entry < before && out.size() < begun_lines) out.emplace_back(line);
  }
  return out;
}

// The newest summaries of the last conversation, then what was said since.
Result<Part> where_we_were(contracts::Session& session, const LastTalk& talk, std::size_t tokens) {
  Part part(fmt::format("Where we were ({}):", base::iso_date(talk.last_ms)), tokens);
  std::vector<Summary> summaries = MIRA_TRY(summaries_of(session.main, talk.conversation));
  std::int64_t covered = summaries.empty() ? 0 : summaries.back().last_entry;
  std::string tail = extract(MIRA_TRY(last_entries(session, talk.conversation, covered, 10)), tokens / 2);
  std::vector<std::string> lines = MIRA_TRY(begun_with(session, talk.conversation, summaries));
  for (std::size_t i = summaries.size() > 2 ? summaries.size() - 2 : 0; i < summaries.size(); ++i) {
    for (std::string_view line : base::split(summaries[i].content, '\n')) lines.emplace_back(line);
  }
  for (std::string_view line : base::split(tail, '\n')) lines.emplace_back(line);
  std::erase(lines, "");
  for (const std::string& line : lines) {
    if (!part.add(line)) break;
  }
  return part;
}

bool is_open(std::string_view sentence, std::string_view role) {
  std::string lower = base::to_lower(sentence);
  for (std::string_view cue :
       {"still need", "next step", "left to do", "not done", "remaining", "tomorrow", "later we",
        "unresolved", "to be decided", "follow up", "i will need", "we need to"})
    if (lower.contains(cue)) return true;
  return role == "user" && lower.ends_with("?");
}

// Questions that nothing answered, and what was said to be left.
Result<Part> what_is_open(contracts::Session& session, const LastTalk& talk, std::size_t tokens) {
  Part part("Open:", tokens);
  auto entries = MIRA_TRY(last_entries(session, talk.conversation, 0, open_looked_at));
  for (std::size_t i = entries.size(); i-- > 0;) {
    bool answered = i + 1 < entries.size() && entries[i + 1].role == "assistant";
    for (std::string_view line : base::split(entries[i].content, '\n')) {
      line = base::trim(line);
      bool question = line.ends_with('?');
      if (line.empty() || !is_open(line, entries[i].role) || (question && answered)) continue;
      if (!part.add(fmt::format("[{}] {}", entries[i].entry, line))) return part;
    }
  }
  return part;
}

Json part_json(const Part& part) {
  return part.lines();
}

Result<Reply> start_now(Call& call) {
  contracts::Session& session = *call.session;
  auto budget = call.arguments.at("budget").get<std::size_t>();
  Part holds = MIRA_TRY(what_holds(session, std::max(budget / facts_share, least_facts_tokens)));
  std::size_t back_tokens = std::min(patterns_tokens, (budget - holds.tokens()) / 4);
  Part back = MIRA_TRY(what_comes_back(session, back_tokens, call.deadline));
  LastTalk talk = MIRA_TRY(last_talk(session));
  Reply reply;
  std::string text = holds.text() + back.text();
  budget -= holds.tokens() + back.tokens();
  reply.data = {{"holds", part_json(holds)},
                {"comes_back", part_json(back)},
                {"where", Json::array()},
                {"open", Json::array()},
                {"session", nullptr}};
  if (talk.conversation != 0) {
    Part where = MIRA_TRY(where_we_were(session, talk, budget * 2 / 3));
    Part open = MIRA_TRY(what_is_open(session, talk, budget - where.tokens()));
    text += where.text() + open.text();
    reply.data["where"] = part_json(where);
    reply.data["open"] = part_json(open);
    reply.data["session"] = talk.session;
  }
  MIRA_TRY(note_told(session, {text}, call.deadline));
  reply.data["text"] = text;
  reply.data["tokens"] = tokens::count(text);
  return reply;
}

}  // namespace

Action session_start_action() {
  Action action;
  action.name = "session start";
  action.group = "memory";
  action.summary = "Where we were, what is open, what you prefer: for the start of a session";
  action.description =
      "A short text for the first prompt of a new session: confirmed facts (who you are and how you want to "
      "be answered first), what you said again and again, the sentences that matter most "
      "of the last "
      "conversation about this project, word for word with their messages, and what was left open. Never "
      "over its budget.";
  action.params = {{.name = "budget",
                    .kind = ParamKind::integer,
                    .help = "tokens, at most",
                    .fallback = most_tokens,
                    .minimum = 100,
                    .maximum = most_tokens}};
  action.examples = {{"mira session start", "at the start of work on this project"}};
  action.data_shape =
      R"({"text": "What you said that holds:\n- ...", "tokens": 412, "holds": ["..."], "comes_back": ["..."], "where": ["[17] ..."], "open": ["[21] ..."], "session": "4f1c" or null})";
  action.needs = contracts::Needs::project;
  action.handle = start_now;
  action.render = [](const Reply& reply, const contracts::Style&) {
    auto text = reply.data.at("text").get<std::string>();
    return text.empty() ? std::string("Nothing is known yet.\n") : text;
  };
  return action;
}

}  // namespace mira::memory
