#include "operations/ask/ask_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "operations/ask/prompt.h"
#include "oracle/context.h"
#include "oracle/pack_json.h"
#include "oracle/quote.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/budget/metered_client.h"

namespace mira::ask {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;
using contracts::Reply;

constexpr int part_of_too_much = 4;  // of evidence that is more than a model takes: even small models take it

// What the action keeps between calls.
struct Kept {
  std::vector<contracts::Source*> sources;
  oracle::SessionFactory& sessions;
  oracle::Stragglers stragglers;
  models::Breaker breaker;
};

Json standings_json(const std::vector<budget::Standing>& standings) {
  Json out = Json::array();
  for (const budget::Standing& one : standings)
    out.push_back({{"scope", budget::scope_name(one.cap.scope)},
                   {"cap_nano", one.cap.cap_nano},
                   {"left_nano", one.left_nano()}});
  return out;
}

Json citations_json(const std::string& answer, const oracle::Pack& pack) {
  Json out = Json::array();
  for (std::size_t number : citations(answer, pack.blocks.size()).cited) {
    const oracle::Block& block = pack.blocks[number - 1];
    out.push_back({{"number", number},
                   {"citation", block.citation.empty() ? block.kind : block.citation},
                   {"title", block.title}});
  }
  return out;
}

std::vector<std::string> answer_notes(const models::Answer& answer, const oracle::Pack& pack) {
  std::vector<std::string> out = answer.notes;
  Citations found = citations(answer.text, pack.blocks.size());
  for (std::size_t number : found.unknown)
    out.push_back(
        fmt::format("the answer cites [{}], and there is no such piece: do not trust that claim", number));
  if (found.cited.empty() && answer.finish == models::Finish::complete)
    out.emplace_back("the answer cites no evidence: check it before you rely on it");
  if (answer.finish == models::Finish::cut_by_length) out.emplace_back("the answer was cut by its length");
  if (answer.finish == models::Finish::filtered) out.emplace_back("the host filtered the answer");
  if (answer.finish == models::Finish::refused) out.emplace_back("the model refused to answer");
  return out;
}

Json cost_json(const models::Bill& bill) {
  return {{"cost_nano", bill.cost_nano ? Json(*bill.cost_nano) : Json()},
          {"cost", bill.cost_nano ? Json(models::dollars(*bill.cost_nano)) : Json("unpriced")},
          {"from_cache", bill.from_cache},
          {"estimated", bill.estimated},
          {"avoided_nano", bill.avoided_nano}};
}

Json usage_json(const models::Usage& usage) {
  return {{"input", usage.input()},
          {"cached", usage.cached},
          {"output", usage.output},
          {"reasoning", usage.reasoning}};
}

// People see the answer as it comes.
models::OnText streamer(Call& call) {
  if (call.streams == nullptr || call.streams->json()) return {};
  return [&streams = *call.streams](std::string_view part) { streams.write(oracle::quotable_text(part)); };
}

// Errors that leave the evidence worth giving: no model, no money, a host that fails.
bool leaves_the_evidence(const base::Error& error) {
  return error.code != ErrorCode::interrupted && error.code != ErrorCode::usage;
}

// Why there is no answer, beside the evidence.
Reply without_model(const oracle::Answer& found, const base::Error& error, std::vector<std::string> notes) {
  Json data{{"answer", nullptr},
            {"no_answer",
             {{"code", base::code_name(error.code)}, {"message", error.message}, {"hint", error.hint}}},
            {"evidence", oracle::pack_to_json(found.pack, found.question)}};
  std::string why = "no model answered: " + error.message;
  if (!error.hint.empty()) why += "; " + error.hint;
  notes.insert(notes.begin(), why);
  return Reply{.data = std::move(data), .notes = std::move(notes), .exit_code = base::exit_code(error.code)};
}

Reply with_answer(const oracle::Answer& found, const models::Answer& answer, std::vector<std::string> notes) {
  Reply reply{.data = {{"answer", oracle::quotable_text(answer.text)},
                       {"citations", citations_json(answer.text, found.pack)},
                       {"model", answer.model},
                       {"host", answer.host},
                       {"effort", answer.effort},
                       {"finish", models::finish_name(answer.finish)},
                       {"tokens", usage_json(answer.usage)},
                       {"bill", cost_json(answer.bill)},
                       {"evidence", oracle::pack_to_json(found.pack, found.question)}},
              .notes = std::move(notes)};
  for (std::string& note : answer_notes(answer, found.pack)) reply.notes.push_back(std::move(note));
  return reply;
}

std::string bill_line(const Json& data) {
  const Json& bill = data["bill"];
  std::string out = fmt::format("{} ({}): {}", data["model"].get<std::string>(),
                                data["effort"].get<std::string>(), bill["cost"].get<std::string>());
  if (data["effort"].get<std::string>().empty())
    out = fmt::format("{}: {}", data["model"].get<std::string>(), bill["cost"].get<std::string>());
  if (bill["from_cache"].get<bool>())
    out += fmt::format(", from the cache, which saved {}",
                       models::dollars(bill["avoided_nano"].get<std::int64_t>()));
  if (bill["estimated"].get<bool>()) out += ", estimated";
  for (const Json& one : data["left"])
    out += fmt::format("; {} left of the {}'s {}", models::dollars(one["left_nano"].get<std::int64_t>()),
                       one["scope"].get<std::string>(), models::dollars(one["cap_nano"].get<std::int64_t>()));
  return out + "\n";
}

// What follows the text of an answer: its sources, its bill.
std::string after_answer(const Json& data) {
  std::string out = data["answer"].get_ref<const std::string&>().ends_with('\n') ? "\n" : "\n\n";
  for (const Json& one : data["citations"])
    out += fmt::format("[{}] {} {}\n", one["number"].get<std::size_t>(), one["citation"].get<std::string>(),
                       one["title"].get<std::string>());
  return out + bill_line(data);
}

// The answer is on the screen already: what follows it goes there too.
void finish_stream(Call& call, Reply& reply) {
  call.streams->write(after_answer(reply.data));
  for (const auto* notes : {&call.session->notes, &reply.notes}) {
    for (const std::string& note : *notes) call.streams->write_error("note: " + note + "\n");
  }
  reply.streamed = true;
}

std::string operation_of(const Call& call) {
  const Json& name = call.arguments.at("operation");
  return name.is_string() ? name.get<std::string>() : std::string();
}

models::Request request_of(const Call& call, const oracle::Answer& found) {
  models::Request request = request_for(found.question.text, found.pack);
  request.model = call.arguments.at("model").get<std::string>();
  if (call.arguments.at("effort").is_string())
    request.effort = call.arguments.at("effort").get<std::string>();
  if (call.arguments.at("fresh").get<bool>()) request.cacheable = models::Cacheable::no;
  request.operation = operation_of(call);
  return request;
}

Result<std::vector<budget::Standing>> standings_now(const Call& call) {
  contracts::Session& session = *call.session;
  return budget::standings(session.main, {.project_id = session.project.id, .operation = operation_of(call)},
                           session.clock.now_ms());
}

Result<Reply> answered(Call& call, const oracle::Answer& found, const models::Answer& answer,
                       const models::OnText& on_text, std::vector<std::string> notes) {
  Reply reply = with_answer(found, answer, std::move(notes));
  auto standings = MIRA_TRY(standings_now(call));
  reply.data["left"] = standings_json(standings);
  for (std::string& warning : budget::warnings(standings)) reply.notes.push_back(std::move(warning));
  if (on_text) finish_stream(call, reply);
  return reply;
}

// How many tokens of evidence the question gets; a note where money decides it.
Result<int> tokens_for(const Call& call, std::vector<std::string>& notes) {
  if (call.arguments.at("budget").is_number()) return call.arguments.at("budget").get<int>();
  auto standings = MIRA_TRY(standings_now(call));
  Preset preset = preset_for(budget::pressure(standings));
  if (!preset.note.empty()) notes.push_back(preset.note);
  return preset.tokens;
}

// Asks with the evidence that fits; once more with less of it where that is more than the model takes.
Result<Reply> find_and_ask(Call& call, Kept& kept, budget::MeteredClient* client,
                           const base::Error& no_client, int tokens, std::vector<std::string> notes) {
  contracts::Session& session = *call.session;
  for (bool is_last = false;; is_last = true) {
    oracle::Answer found =
        MIRA_TRY(oracle::answer(session, call.arguments.at("question").get<std::string>(), tokens,
                                kept.sources, kept.sessions, call.deadline, kept.stragglers));
    std::vector<std::string> all = notes;
    all.insert(all.end(), found.notes.begin(), found.notes.end());
    if (client == nullptr) return without_model(found, no_client, std::move(all));
    models::OnText on_text = streamer(call);
    auto answer = client->ask(request_of(call, found), on_text, call.deadline);
    if (answer) return answered(call, found, *answer, on_text, std::move(all));
    base::Error error = answer.error();
    bool is_too_much = error.code == ErrorCode::usage;
    int less = std::max(limits::context_budget_min_tokens, tokens / part_of_too_much);
    if (is_too_much && !is_last && less < tokens) {
      notes.push_back(
          fmt::format("{} tokens of evidence were more than the model takes: it got {}", tokens, less));
      tokens = less;
      continue;
    }
    if (is_too_much) error.code = ErrorCode::provider;
    if (!leaves_the_evidence(error)) return std::unexpected(std::move(error));
    return without_model(found, error, std::move(all));
  }
}

Result<Reply> handle(Call& call, Kept& kept) {
  contracts::Session& session = *call.session;
  std::vector<std::string> notes;
  int tokens = MIRA_TRY(tokens_for(call, notes));
  auto connected = budget::find_models(session.main);
  if (!connected && connected.error().code == ErrorCode::usage) return std::unexpected(connected.error());
  if (!connected) return find_and_ask(call, kept, nullptr, connected.error(), tokens, std::move(notes));
  budget::MeteredClient client(std::move(*connected), {.writer = session.main_writer,
                                                       .main = session.main,
                                                       .clock = session.clock,
                                                       .breaker = kept.breaker,
                                                       .project_id = session.project.id});
  return find_and_ask(call, kept, &client, {}, tokens, std::move(notes));
}

std::string render(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  if (data["answer"].is_null()) return oracle::render(oracle::pack_from_json(data["evidence"]));
  return data["answer"].get<std::string>() + after_answer(data);
}

std::vector<Param> parameters() {
  return {{.name = "question",
           .help = "what you want to know; paste errors as they are",
           .required = true,
           .positional = true,
           .reads_stdin = true},
          {.name = "model", .help = "fast, default or deep, or a model's own name", .fallback = "default"},
          {.name = "effort",
           .kind = ParamKind::choice,
           .help = "how hard the model thinks; default: the alias's",
           .choices = {"none", "minimal", "low", "medium", "high", "xhigh", "max"}},
          {.name = "budget",
           .kind = ParamKind::integer,
           .help = "tokens of evidence that are sent; default: by what is left of the caps",
           .minimum = limits::context_budget_min_tokens,
           .maximum = limits::context_budget_max_tokens},
          {.name = "operation",
           .help = "a name for the work this belongs to; mira budget set operation caps what it may cost"},
          {.name = "fresh",
           .kind = ParamKind::boolean,
           .help = "ask the model even if the same was asked within a day",
           .fallback = false}};
}

}  // namespace

contracts::Action ask_action(std::vector<contracts::Source*> sources, oracle::SessionFactory& sessions) {
  auto kept = std::make_shared<Kept>(std::move(sources), sessions);
  contracts::Action action;
  action.name = "ask";
  action.group = "context";
  action.summary = "Have a model answer a question from this project's evidence, with citations and cost";
  action.description =
      "The evidence is that of mira context; secrets are masked before it is sent, and only to the host you "
      "configured. The worst case is reserved against the caps before the call and settled after it. "
      "Without a model or money the evidence is given alone with the reason, and the exit code tells (4, 6, "
      "7). The same question over the "
      "same evidence is answered from the cache for a day.";
  action.params = parameters();
  action.examples = {
      {"mira ask \"why does login fail after a restart\"", "an answer with its sources and its cost"},
      {"mira ask \"who should review replication\" --model fast", "by the cheaper model"},
      {"mira ask \"what does this error mean\" --json", "for a program"}};
  action.data_shape =
      R"({"answer": "The session is ... [2]", "citations": [{"number": 2, "citation": "src/a.c:10-42@1a2b", "title": "..."}],
  "model": "...", "host": "...", "effort": "medium", "finish": "complete",
  "tokens": {"input": 3120, "cached": 0, "output": 210, "reasoning": 96},
  "bill": {"cost_nano": 6000000, "cost": "$0.006", "from_cache": false, "estimated": false, "avoided_nano": 0},
  "left": [{"scope": "day", "cap_nano": 5000000000, "left_nano": 4994000000}],
  "evidence": {},            // as mira context gives it
  "no_answer": {}            // instead of all but the evidence, with "answer": null: code, message, hint
})";
  action.read_only = false;
  action.handle = [kept](Call& call) { return handle(call, *kept); };
  action.render = render;
  return action;
}

}  // namespace mira::ask
