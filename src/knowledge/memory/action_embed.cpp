#include <fmt/format.h>

#include "knowledge/memory/actions.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Reply;

Result<Reply> embed_now(Meaning& meaning, Call& call) {
  if (meaning.embedder() == nullptr) {
    return base::fail(base::ErrorCode::unavailable,
                      "there is no embedding model here: what was said is found by its words alone",
                      "`mira doctor` says where one is looked for");
  }
  auto seconds = call.arguments.at("seconds").get<std::int64_t>();
  base::Deadline deadline = seconds > 0 ? call.deadline.within_ms(seconds * 1000) : call.deadline;
  EmbedReport done = MIRA_TRY(meaning.bring_up_to_date(*call.session, call.progress, deadline));
  return Reply{.data = {{"model", meaning.embedder()->model()},
                        {"dimensions", meaning.embedder()->dimensions()},
                        {"embedded", done.embedded},
                        {"reused", done.reused},
                        {"removed", done.removed},
                        {"present", done.present},
                        {"waiting", done.waiting}}};
}

std::string render_embed(const Reply& reply, const contracts::Style&) {
  auto number = [&](const char* name) { return reply.data.at(name).get<std::int64_t>(); };
  std::string out = fmt::format("{} messages embedded by {}", number("embedded"),
                                reply.data.at("model").get<std::string>());
  if (number("reused") > 0) out += fmt::format(", {} known by their text", number("reused"));
  if (number("removed") > 0) out += fmt::format(", {} gone", number("removed"));
  if (number("waiting") > 0) out += fmt::format("; {} still wait, run it again", number("waiting"));
  return out + "\n";
}

}  // namespace

Action embed_action(const std::shared_ptr<Meaning>& meaning) {
  Action action;
  action.name = "embed";
  action.group = "memory";
  action.summary = "Let what was said be found by meaning, not by its words alone";
  action.description =
      "Gives every message a vector of the embedding model that is here (`mira doctor` names it), on this "
      "machine and without a network. What has one is left alone, the same text is never embedded twice; "
      "what "
      "people said comes first, then the newest. May be ended at any time: what is done is kept. Vectors of "
      "another model stay until this one has all, and are never mixed with its own.";
  action.params = {{.name = "seconds",
                    .kind = contracts::ParamKind::integer,
                    .help = "end after so many seconds; 0: when all is done",
                    .fallback = 0,
                    .minimum = 0}};
  action.examples = {{"mira embed", "all that waits"},
                     {"mira embed --seconds 30 --json", "as far as half a minute gets"}};
  action.data_shape =
      R"({"model": "e5-small-v2@7d9092cb25f2", "dimensions": 384, "embedded": 120, "reused": 3, "removed": 0,
 "present": 40,   // had a vector before
 "waiting": 0})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [meaning](Call& call) { return embed_now(*meaning, call); };
  action.render = render_embed;
  return action;
}

}  // namespace mira::memory
