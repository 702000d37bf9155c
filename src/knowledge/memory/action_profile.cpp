#include <fmt/format.h>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/told.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

Result<Reply> profile_now(Call& call) {
  contracts::Session& session = *call.session;
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, text_of(call.arguments, "scope")));
  Reply reply;
  reply.data = {{"profile", Json::array()}, {"patterns", Json::array()}};
  std::vector<std::string> told;
  for (const ProfileLine& line : MIRA_TRY(profile_of(session.main, scopes))) {
    reply.data["profile"].push_back({{"section", line.section}, {"line", line.line}, {"fact", line.fact}});
    told.push_back(line.line);
  }
  for (const Pattern& pattern : MIRA_TRY(patterns_of(session.main, scopes))) {
    reply.data["patterns"].push_back(
        {{"pattern", pattern.id},
         {"type", pattern.type},
         {"description", pattern.description},
         {"language", pattern.language.empty() ? Json() : Json(pattern.language)},
         {"entries", pattern.examples},
         {"observed", pattern.observed},
         {"days", pattern.days},
         {"last", base::iso_time(pattern.last_ms)},
         {"applied", pattern.applied}});
    told.push_back(pattern.description);
  }
  MIRA_TRY(note_told(session, told, call.deadline));
  return reply;
}

std::string render_profile(const Reply& reply, const contracts::Style&) {
  std::string out, section;
  for (const Json& line : reply.data.at("profile")) {
    auto named = line.at("section").get<std::string>();
    if (named != section) out += named + ":\n";
    section = std::move(named);
    out += fmt::format("  {} (fact {})\n", base::display_line(line.at("line").get<std::string>()),
                       line.at("fact").get<std::int64_t>());
  }
  for (const Json& pattern : reply.data.at("patterns"))
    out += fmt::format("{}, {} times on {} days: {}\n", pattern.at("type").get<std::string>(),
                       pattern.at("observed").get<std::int64_t>(), pattern.at("days").get<std::int64_t>(),
                       base::display_line(pattern.at("description").get<std::string>()));
  return out.empty() ? "Nothing is confirmed yet, and nothing came back three times on two days.\n" : out;
}

}  // namespace

Action memories_profile_action() {
  Action action;
  action.name = "memories profile";
  action.group = "memory";
  action.summary = "What your confirmed facts tell of you, and what comes back in your conversations";
  action.description =
      "The profile is your confirmed facts, by what they tell: who you are, how you want to be answered, how "
      "you code, "
      "what is used here, what you want to learn. A pattern is something you said, asked for or put right at "
      "least "
      "three times on two days. Both are made anew from the facts and messages whenever those change; "
      "correct them "
      "with `mira memories withdraw` and `mira forget`.";
  action.params = {{.name = "scope", .help = "only this one: user, project, or a name given at import"}};
  action.examples = {{"mira memories profile", "of you, here"}};
  action.data_shape =
      R"({"profile": [{"section": "identity" | "experience_level" | "communication_style" | "coding_preferences" | "tech_stack" | "learning_goals",
   "line": "I prefer tabs", "fact": 4}],
 "patterns": [{"pattern": 2, "type": "fact" | "request" | "correction", "description": "run the linter", "language": "python" or null,
   "entries": [41, 17, 3], "observed": 3, "days": 2, "last": "2024-01-02T10:00:00Z",
   "applied": 0}]}   // times it was told to an agent)";
  action.needs = contracts::Needs::project;
  action.handle = profile_now;
  action.render = render_profile;
  return action;
}

}  // namespace mira::memory
