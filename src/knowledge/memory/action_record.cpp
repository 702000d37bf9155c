#include <fmt/format.h>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/entries.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/segments.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

Result<Reply> store_one(Call& call, NewEntry entry, const contracts::ErrorReader& errors) {
  if (base::trim(entry.content).empty())
    return base::fail(base::ErrorCode::usage, "there is nothing to keep: the text is empty");
  ScopeName scope = entry.scope;
  std::vector<NewEntry> one;
  one.push_back(std::move(entry));
  StoredEntry stored = MIRA_TRY(store_entries(*call.session, std::move(one), errors, call.deadline)).front();
  FollowUp next{.scope = scope,
                .least = waiting_entries,
                .conversations = {stored.conversation},
                .taught = stored.taught};
  MIRA_TRY(follow_up(*call.session, std::move(next), errors, call.deadline));
  return Reply{.data = {{"entry", stored.entry}, {"new", stored.is_new}, {"scope", scope_label(scope)}}};
}

Result<Reply> record_now(Call& call, const contracts::ErrorReader& errors) {
  const Json& given = call.arguments;
  NewEntry entry{.scope = scope_of(text_of(given, "scope"), *call.session),
                 .client = text_of(given, "client"),
                 .session = text_of(given, "session"),
                 .message = text_of(given, "message"),
                 .role = text_of(given, "role"),
                 .speaker = text_of(given, "speaker"),
                 .model = text_of(given, "model"),
                 .content = text_of(given, "text")};
  const std::string time = text_of(given, "time");
  entry.said_ms = read_iso_ms(time);
  if (!entry.said_ms && !time.empty())
    return base::fail(base::ErrorCode::usage, fmt::format("time is none: {}", base::display_line(time)),
                      "write it as 2024-05-31 or 2024-05-31T12:00:00Z");
  if (!entry.said_ms) entry.said_ms = call.session->clock.now_ms();
  return store_one(call, std::move(entry), errors);
}

Result<Reply> remember_now(Call& call, const contracts::ErrorReader& errors) {
  NewEntry entry{.scope = scope_of(text_of(call.arguments, "scope"), *call.session),
                 .client = "mira",
                 .session = "remembered",
                 .origin = "remembered",
                 .said_ms = call.session->clock.now_ms(),
                 .content = text_of(call.arguments, "text")};
  return store_one(call, std::move(entry), errors);
}

}  // namespace

Action record_action(const contracts::ErrorReader& errors) {
  Action action;
  action.name = "record";
  action.group = "memory";
  action.summary = "Keep one turn of a conversation";
  action.description =
      "Keeps what was said, word for word, secrets masked, durably before it returns. With a message id, "
      "recording the same again changes nothing.";
  action.params = {
      {.name = "text", .help = "what was said", .required = true, .positional = true, .reads_stdin = true},
      {.name = "role",
       .kind = ParamKind::choice,
       .help = "who said it",
       .fallback = "user",
       .choices = {"user", "assistant", "tool", "system"}},
      {.name = "session", .help = "the client's id of the conversation", .fallback = ""},
      {.name = "client", .help = "the program it is held with", .fallback = ""},
      {.name = "message", .help = "the client's id of this message"},
      {.name = "speaker", .help = "name of who said it"},
      {.name = "model", .help = "the model that wrote it"},
      {.name = "time", .help = "when it was said, ISO 8601; default: now"},
      {.name = "scope", .help = "user, project (default), or a name"}};
  action.examples = {
      {"mira record \"let's use PostgreSQL\" --session 4f1c --client chat", "one turn of the user"}};
  action.data_shape = R"({"entry": 17, "new": true, "scope": "project"})";
  action.needs = contracts::Needs::project;
  action.batch = true;
  action.read_only = false;
  action.handle = [errors](Call& call) { return record_now(call, errors); };
  action.render = [](const Reply& reply, const contracts::Style&) {
    return fmt::format("kept as [{}]\n", reply.data.at("entry").get<std::int64_t>());
  };
  return action;
}

Action remember_action(const contracts::ErrorReader& errors) {
  Action action;
  action.name = "remember";
  action.group = "memory";
  action.summary = "Keep a note for good";
  action.description =
      "Keeps what you tell it, word for word, and finds it again in every later question. It belongs to this "
      "project; "
      "with --scope user it belongs to you, wherever you work.";
  action.params = {
      {.name = "text", .help = "what to remember", .required = true, .positional = true, .reads_stdin = true},
      {.name = "scope",
       .kind = ParamKind::choice,
       .help = "whom it belongs to",
       .fallback = "project",
       .choices = {"project", "user"}}};
  action.examples = {{"mira remember \"releases go out on Thursdays\"", "a note of this project"},
                     {"mira remember --scope user \"I prefer tabs\"", "a note of yours, in every project"}};
  action.data_shape = R"({"entry": 17, "new": true, "scope": "project"})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [errors](Call& call) { return remember_now(call, errors); };
  action.render = [](const Reply& reply, const contracts::Style&) {
    return fmt::format("remembered as [{}] ({})\n", reply.data.at("entry").get<std::int64_t>(),
                       reply.data.at("scope").get<std::string>());
  };
  return action;
}

}  // namespace mira::memory
