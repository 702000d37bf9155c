// refine: a model says what undocumented functions and types are for, once for each text.
#include <fmt/format.h>

#include <set>

#include "knowledge/code/semantics/actions.h"
#include "knowledge/code/semantics/refine.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::int64_t kept_ms = std::int64_t{90} * 86'400'000;  // since a run last met the symbol
constexpr std::int64_t write_wait_ms = 10'000;

struct Sum {
  std::int64_t symbols = 0, tokens = 0, cost_nano = 0, unpriced = 0;
  void add(std::int64_t more_tokens, const std::optional<std::int64_t>& cost) {
    ++symbols;
    tokens += more_tokens;
    cost_nano += cost.value_or(0);
    if (!cost) ++unpriced;
  }
};

class Refining {
 public:
  Refining(const contracts::OpenAnalyst& open, Call& call)
      : open_(open), call_(call), session_(*call.session), reader_(session_) {}

  Result<Reply> run() {
    std::vector<Undocumented> all = MIRA_TRY(undocumented(session_.index, argument(call_.arguments, "path")));
    auto limit = call_.arguments.at("limit").get<std::int64_t>();
    std::vector<std::pair<std::string, std::string>> open;  // key and text of what nobody said anything of
    for (const Undocumented& symbol : all) MIRA_TRY(look_at(symbol, open));
    MIRA_TRY(note_use());
    for (std::size_t i = 0; i < open.size() && !stopped_; ++i) {
      if (limit > 0 && made_.symbols + given_.symbols + refused_ >= limit) break;
      call_.progress.update("asking", static_cast<std::int64_t>(i), static_cast<std::int64_t>(open.size()),
                            "symbols");
      MIRA_TRY(ask(open[i].first, open[i].second));
    }
    if (stopped_ && made_.symbols + given_.symbols == 0) return std::unexpected(*stopped_);
    return reply(all.size(), static_cast<std::int64_t>(open.size()));
  }

 private:
  Status look_at(const Undocumented& symbol, std::vector<std::pair<std::string, std::string>>& open) {
    auto text = asked_text(reader_, symbol);
    if (!text) {
      ++unread_;
      return {};
    }
    std::string key = asked_key(*text);
    if (auto said = MIRA_TRY(said_purpose(session_.main, key))) {
      kept_.add(said->tokens, said->cost_nano);
      met_.push_back(std::move(key));
    } else if (seen_.insert(key).second) {
      open.emplace_back(std::move(key), std::move(*text));
    } else {
      ++alike_;  // the same text twice is asked once
    }
    return {};
  }

  // What was met is kept; what no run met for long goes.
  Status note_use() {
    std::int64_t now_ms = session_.clock.now_ms();
    return session_.main_writer.submit(
        [&](store::Connection& main) -> Status {
          for (const std::string& key : met_)
            MIRA_TRY(
                main.run("UPDATE symbol_purposes SET used_ms = ?1 WHERE asked = ?2 AND used_ms < ?1 - ?3",
                         now_ms, key, kept_ms / 90));
          return main.run("DELETE FROM symbol_purposes WHERE used_ms < ?", now_ms - kept_ms);
        },
        call_.deadline.within_ms(write_wait_ms));
  }

  Status ask(const std::string& key, const std::string& text) {
    if (!analyst_) {
      auto opened = open_(session_, purpose_judging());
      if (!opened) return stop(opened.error());
      analyst_ = std::move(*opened);
    }
    auto judgement = analyst_->judge(text, call_.deadline);
    auto said = judgement ? checked_purpose(*judgement) : std::unexpected(judgement.error());
    if (!said && said.error().code == ErrorCode::unavailable && judgement) return refuse(said.error());
    if (!said && said.error().code == ErrorCode::unavailable && ++failed_in_a_row_ < most_failures)
      return refuse(said.error());
    if (!said) return stop(said.error());
    failed_in_a_row_ = 0;
    (judgement->was_kept ? given_ : made_).add(said->tokens, said->cost_nano);
    std::int64_t now_ms = session_.clock.now_ms();
    return session_.main_writer.submit(
        [&](store::Connection& main) {
          return main.run(
              "INSERT OR REPLACE INTO symbol_purposes (asked, purpose, certainty, model, tokens, cost_nano,"
              " made_ms, used_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
              key, said->purpose, said->certainty, said->model, said->tokens, said->cost_nano, now_ms);
        },
        base::Deadline::after_ms(write_wait_ms));
  }
  Status refuse(const base::Error& why) {
    if (refused_++ == 0) notes_.push_back("left out: " + why.message);
    return {};
  }
  Status stop(const base::Error& why) {
    stopped_ = why;
    return {};
  }

  Reply reply(std::size_t all, std::int64_t open) {
    Sum avoided = kept_;
    avoided.tokens += given_.tokens;
    avoided.cost_nano += given_.cost_nano;
    avoided.unpriced += given_.unpriced;
    Reply out;
    out.data = {
        {"symbols", all},
        {"known", kept_.symbols + alike_},
        {"from_cache", given_.symbols},
        {"asked", made_.symbols},
        {"refused", refused_},
        {"waiting", open - made_.symbols - given_.symbols - refused_},
        {"spent", {{"tokens", made_.tokens}, {"nano", made_.cost_nano}, {"unpriced", made_.unpriced}}},
        {"avoided",
         {{"tokens", avoided.tokens}, {"nano", avoided.cost_nano}, {"unpriced", avoided.unpriced}}}};
    if (stopped_) notes_.push_back("ended early: " + stopped_->message);
    if (unread_ > 0) notes_.push_back(fmt::format("{} symbols could not be read", unread_));
    out.notes = std::move(notes_);
    return out;
  }

  static constexpr int most_failures = 5;  // answers without the form, one after the other: it is the model
  const contracts::OpenAnalyst& open_;
  Call& call_;
  contracts::Session& session_;
  code::LineReader reader_;
  std::unique_ptr<contracts::Analyst> analyst_;
  std::set<std::string> seen_;
  std::vector<std::string> met_, notes_;
  std::optional<base::Error> stopped_;
  Sum kept_, given_, made_;  // known from before, out of the cache of answers, really asked
  std::int64_t refused_ = 0, unread_ = 0, alike_ = 0;
  int failed_in_a_row_ = 0;
};

std::string money(const Json& sum) {
  std::string out = fmt::format("{} tokens, ${:.4f}", sum.at("tokens").get<std::int64_t>(),
                                static_cast<double>(sum.at("nano").get<std::int64_t>()) / 1e9);
  auto unpriced = sum.at("unpriced").get<std::int64_t>();
  if (unpriced > 0) out += fmt::format(" and {} without a price", unpriced);
  return out;
}

std::string render_refine(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  auto number = [&](const char* name) { return data.at(name).get<std::int64_t>(); };
  if (number("symbols") == 0) return "Every function and type has documentation.\n";
  std::string out = fmt::format("{} functions and types without documentation: {} asked ({})\n",
                                number("symbols"), number("asked"), money(data.at("spent")));
  std::int64_t known = number("known") + number("from_cache");
  if (known > 0)
    out += fmt::format("{} known by their text, not asked again ({} avoided)\n", known,
                       money(data.at("avoided")));
  if (number("refused") > 0) out += fmt::format("{} without an answer that may be kept\n", number("refused"));
  if (number("waiting") > 0) out += fmt::format("{} still wait: run it again\n", number("waiting"));
  return out;
}

}  // namespace

contracts::Action refine_action(contracts::OpenAnalyst open) {
  contracts::Action action;
  action.name = "refine";
  action.group = "code";
  action.summary = "Have a model say what functions and types without documentation are for";
  action.description =
      "Sends the text of each function and type that nobody documented (secrets masked; tests, examples, "
      "vendored and generated code left out) to the model of the alias `fast`, and keeps its one sentence. "
      "`related` and `concepts` then show it, as a model's word, in place of a reading of the name. A text "
      "is "
      "asked once: as long as it stays the same, wherever it moves, nothing is sent. Every request is "
      "reserved under the caps and in the ledger (`mira budget history`). May be ended at any time: what is "
      "done is kept.";
  action.params = {
      {.name = "path", .kind = ParamKind::text, .help = "Only in this file or folder", .positional = true},
      {.name = "limit",
       .kind = ParamKind::integer,
       .help = "Ask at most so many; 0: all",
       .fallback = 100,
       .minimum = 0}};
  action.examples = {{"mira refine", "the first hundred"},
                     {"mira refine src/net --limit 0", "one folder, all"}};
  action.data_shape =
      R"({"symbols": 120,    // without documentation
 "known": 80,             // by their text, from an earlier run
 "from_cache": 0, "asked": 38, "refused": 2, "waiting": 0,
 "spent": {"tokens": 21000, "nano": 31000000, "unpriced": 0},
 "avoided": {"tokens": 44000, "nano": 62000000, "unpriced": 0}})";
  action.read_only = false;
  action.handle = [open = std::move(open)](Call& call) -> Result<Reply> {
    if (!open) return base::fail(ErrorCode::unavailable, "this program was put together without a model");
    call.session->index.set_deadline(call.deadline);
    return Refining(open, call).run();
  };
  action.render = render_refine;
  return action;
}

}  // namespace mira::semantics
