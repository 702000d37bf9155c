#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/changed_files.h"
#include "knowledge/git/repository.h"
#include "knowledge/git/speak_up.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t most_asked = 30;  // files asked about at once

enum class Asking { files, working, staged, range };

bool flag(const Json& arguments, const char* name) {
  const Json& value = arguments.at(name);
  return value.is_boolean() && value.get<bool>();
}

base::Result<Asking> what_is_asked(const Json& arguments) {
  bool files = arguments.at("files").is_array() && !arguments.at("files").empty();
  int given = (files ? 1 : 0) + (flag(arguments, "working") ? 1 : 0) + (flag(arguments, "staged") ? 1 : 0) +
              (text_of(arguments, "range").empty() ? 0 : 1);
  if (given != 1) {
    return base::fail(base::ErrorCode::usage,
                      given == 0 ? "Nothing was asked about." : "Several things were asked about at once.",
                      "Give files, or one of --working, --staged and --range A..B.");
  }
  if (files) return Asking::files;
  if (flag(arguments, "working")) return Asking::working;
  return flag(arguments, "staged") ? Asking::staged : Asking::range;
}

std::string why(const Partner& partner, std::size_t asked) {
  if (partner.joint == 0) return "never together; alike by name, folder or use";
  std::string of = asked > 1 ? " of " + base::display_line(partner.with) : "";
  if (partner.recent_own == partner.own) {
    return fmt::format("in {} of {} changes{}", partner.joint, partner.own, of.empty() ? " of it" : of);
  }
  if (partner.recent_joint == 0) {
    return fmt::format("in {} of {} changes{}, none of its last {}", partner.joint, partner.own,
                       of.empty() ? " of it" : of, partner.recent_own);
  }
  return fmt::format("in {} of {} last {} changes{}", partner.recent_joint, of.empty() ? "its" : "the",
                     partner.recent_own, of);
}

Json partner_json(const Archive& archive, const Partner& partner, std::size_t asked) {
  return {{"path", shown(partner.path)},
          {"confidence", rounded(partner.confidence)},
          {"joint", partner.joint},
          {"own", partner.own},
          {"recent_joint", partner.recent_joint},
          {"recent_own", partner.recent_own},
          {"with", partner.with.empty() ? Json(nullptr) : Json(shown(partner.with))},
          {"why", why(partner, asked)},
          {"last_commit", hash_or_null(archive, partner.last_commit)}};
}

base::Result<ChangedFiles> changed_files(Call& call, const Archive& archive, Asking asking) {
  contracts::Session& session = *call.session;
  if (asking == Asking::working) return files_on_disk(session, archive);
  if (asking == Asking::staged) return files_staged(session, archive, call.deadline);
  return files_of_range(session, archive, text_of(call.arguments, "range"), call.deadline);
}

Json measured_json(const SpeakUp& known) {
  if (known.commits == 0) return nullptr;
  return {{"precision", rounded(known.precision)},
          {"coverage", rounded(known.coverage)},
          {"false_alarms", rounded(known.false_alarms)},
          {"commits", known.commits}};
}

void say_silence(const SpeakUp& known, Reply& reply) {
  if (known.commits == 0) {
    reply.notes.push_back("How precise this is was not measured here yet: `mira index` does it.");
  } else if (known.threshold > 1) {
    reply.notes.push_back(
        "In this history nothing is precise enough to be said unasked; --all names candidates.");
  } else if (reply.data.at("partners").empty()) {
    reply.notes.push_back(
        fmt::format("Nothing is likely enough ({:.0f} % and more) to be named; --all names candidates.",
                    100 * known.threshold));
  }
}

// "What did I forget?": only what is precise enough on this repository's own commits, unless all is wanted.
base::Result<Reply> forgotten(Call& call, Held<Cochange>& held, CochangeQuestion question, Asking asking) {
  const Archive& archive = *held.archive;
  ChangedFiles changed = MIRA_TRY(changed_files(call, archive, asking));
  SpeakUp known = MIRA_TRY(load_speak_up(call.session->index));
  bool all = flag(call.arguments, "all");
  std::size_t limit = all ? question.limit : std::min(question.limit, most_named);
  Reply reply;
  reply.data = {{"partners", Json::array()},
                {"changed", Json::array()},
                {"speaks_from", known.threshold > 1 ? Json(nullptr) : Json(rounded(known.threshold))},
                {"measured", measured_json(known)}};
  for (const std::string& path : changed.now) reply.data["changed"].push_back(shown(path));
  if (changed.now.empty()) {
    reply.notes.push_back("Nothing is changed there.");
    return reply;
  }
  question.files = changed.known;
  if (question.files.size() > most_asked) {
    question.files.resize(most_asked);
    reply.notes.push_back(fmt::format("{} files are changed; the first {} were asked about.",
                                      changed.known.size(), most_asked));
  }
  question.moment = changed.moment;
  question.now_s = time_of_moment(*call.session, archive, changed.moment);
  question.limit = limit;
  question.passed_over = std::move(changed.known);
  std::ranges::move(changed.now, std::back_inserter(question.passed_over));
  for (const Partner& partner : held.model->rank(question)) {
    if (all || (known.commits > 0 && partner.confidence >= known.threshold))
      reply.data["partners"].push_back(partner_json(archive, partner, question.files.size()));
  }
  if (!all) say_silence(known, reply);
  return reply;
}

base::Result<Reply> cochange(Models& models, Call& call) {
  auto held = MIRA_TRY(models.cochange(*call.session));
  MIRA_TRY(need_history(*call.session, *held.archive));
  Asking asking = MIRA_TRY(what_is_asked(call.arguments));
  CochangeQuestion question;
  question.limit = limit_of(call.arguments);
  std::string author = text_of(call.arguments, "author");
  if (author.empty() && asking != Asking::files) author = configured_email(call.session->project);
  question.person = held.archive->find_person(author);
  if (asking != Asking::files) return forgotten(call, held, std::move(question), asking);
  question.moment = MIRA_TRY(asked_moment(call, *held.archive));
  question.now_s = time_of_moment(*call.session, *held.archive, question.moment);
  for (const Json& file : call.arguments.at("files")) {
    question.files.push_back(normal_path(file.get<std::string>()));
    MIRA_TRY(check_known(call, *held.archive, question.files.back()));
  }
  Reply reply;
  reply.data["partners"] = Json::array();
  for (const Partner& partner : held.model->rank(question)) {
    reply.data["partners"].push_back(partner_json(*held.archive, partner, question.files.size()));
  }
  return reply;
}

std::string render_cochange(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& partner : reply.data.at("partners")) {
    const Json& last = partner.at("last_commit");
    std::string when = last.is_string() ? ", last " + last.get<std::string>().substr(0, 12) : "";
    out += fmt::format("{:>4.0f} %  {}  ({}{})\n", 100 * partner.at("confidence").get<double>(),
                       base::display_line(partner.at("path").get<std::string>()),
                       partner.at("why").get<std::string>(), when);
  }
  bool about_change = reply.data.contains("changed");
  if (!out.empty() && about_change && reply.data.at("speaks_from").is_number()) {
    const Json& measured = reply.data.at("measured");
    out += fmt::format(
        "Named unasked from {:.0f} %: right {:.0f} times in 100 on the last {} commits here, in {:.0f} % of "
        "them.\n",
        100 * reply.data.at("speaks_from").get<double>(), 100 * measured.at("precision").get<double>(),
        measured.at("commits").get<std::int64_t>(), 100 * measured.at("coverage").get<double>());
  }
  if (!out.empty() || about_change) return out;
  return "No other file is known.\n";
}

std::vector<contracts::Param> cochange_params() {
  std::vector<contracts::Param> out = {
      {.name = "files",
       .kind = ParamKind::text_list,
       .help = "paths from the project's root",
       .positional = true},
      {.name = "working",
       .kind = ParamKind::boolean,
       .help = "ask about the files that differ from HEAD: what was forgotten?",
       .fallback = false},
      {.name = "staged",
       .kind = ParamKind::boolean,
       .help = "the same for what is staged",
       .fallback = false},
      {.name = "range", .help = "the same for the commits of A..B, or for one commit"},
      {.name = "all",
       .kind = ParamKind::boolean,
       .help = "with these three: name candidates that are not precise enough, too",
       .fallback = false},
      limit_param(10),
      {.name = "author", .help = "mail or name of who is working"}};
  std::ranges::copy(moment_params(), std::back_inserter(out));
  return out;
}

}  // namespace

Action cochange_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "cochange";
  action.group = "git";
  action.summary = "Files that change together with these, or that a change forgot";
  action.description =
      "Ranks the other files by how likely a commit that changes the given ones changes them too, from the "
      "history of commits, through renames. The confidence is a probability; the order also counts names, "
      "folders and what the author is working on. With --working, --staged or --range it answers \"what did "
      "I "
      "forget?\" and names at most three files, only from the confidence that was right at least 70 times in "
      "100 on this repository's own last commits; else it is silent.";
  action.params = cochange_params();
  action.examples = {{"mira cochange src/server.c", "what else a change of src/server.c usually needs"},
                     {"mira cochange src/a.c src/a.h --limit 3 --json", "the three best for both, as JSON"},
                     {"mira cochange --staged", "what the next commit forgot"}};
  action.data_shape =
      R"({"partners": [{"path": "b.c", "confidence": 0.63, "joint": 70, "own": 90, "recent_joint": 7, "recent_own": 10,
 "with": "a.c" or null, "why": "in 7 of its last 10 changes", "last_commit": "<id> or null"}],
 "changed": ["a.c"], "speaks_from": 0.71 or null,
 "measured": {"precision": 0.76, "coverage": 0.21, "false_alarms": 0.04, "commits": 1000} or null}  (the last three with --working, --staged, --range))";
  action.batch = true;
  action.handle = [models](Call& call) { return cochange(*models, call); };
  action.render = render_cochange;
  return action;
}

}  // namespace mira::git
