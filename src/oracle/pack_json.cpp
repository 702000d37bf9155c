#include "oracle/pack_json.h"

#include <numeric>

#include "oracle/question.h"
#include "oracle/quote.h"

namespace mira::oracle {
namespace {

using contracts::Question;
using nlohmann::json;

json lines_of(const std::vector<std::string>& list) {
  json out = json::array();
  for (const std::string& one : list) out.push_back(quotable_line(one));
  return out;
}

json question_json(const Question& question) {
  json errors = json::array(), focus = json::array();
  for (const contracts::ErrorMention& error : question.errors)
    errors.push_back(
        {{"text", quotable_line(error.text)}, {"path", quotable_line(error.path)}, {"line", error.line}});
  for (const contracts::Focus& place : question.focus)
    focus.push_back({{"path", quotable_line(place.path)},
                     {"start_line", place.start_line},
                     {"end_line", place.end_line},
                     {"weight", place.weight},
                     {"reason", place.reason}});
  return {{"text", quotable_text(question.text)},
          {"intent", intent_name(question.intent)},
          {"words", lines_of(question.words)},
          {"identifiers", lines_of(question.identifiers)},
          {"paths", lines_of(question.paths)},
          {"errors", std::move(errors)},
          {"changed_files", lines_of(question.changed_files)},
          {"focus", std::move(focus)}};
}

json block_json(const Block& block) {
  return {{"source", block.source},
          {"kind", block.kind},
          {"title", block.title},
          {"text", block.text},
          {"citation", block.citation},
          {"path", block.place.path},
          {"start_line", block.place.start_line},
          {"end_line", block.place.end_line},
          {"commit", block.place.commit},
          {"uncommitted", block.place.uncommitted},
          {"why", block.why},
          {"trust", contracts::trust_name(block.trust)},
          {"tier", block.tier ? json(contracts::tier_name(*block.tier)) : json(nullptr)},
          {"confidence", block.confidence ? json(*block.confidence) : json(nullptr)},
          {"also", block.also},
          {"instruction_like", block.instruction_like},
          {"cut_lines", block.cut_lines},
          {"tokens", block.tokens}};
}

contracts::Trust trust_of(const std::string& name) {
  for (contracts::Trust trust : {contracts::Trust::user, contracts::Trust::project})
    if (contracts::trust_name(trust) == name) return trust;
  return contracts::Trust::foreign;
}

std::optional<contracts::Tier> tier_of(const json& name) {
  for (contracts::Tier tier : {contracts::Tier::proved, contracts::Tier::inferred, contracts::Tier::possible})
    if (name.is_string() && contracts::tier_name(tier) == name.get_ref<const std::string&>()) return tier;
  return std::nullopt;
}

Block block_from(const json& piece, std::size_t number) {
  Block block{.number = number,
              .source = piece.at("source"),
              .kind = piece.at("kind"),
              .title = piece.at("title"),
              .text = piece.at("text"),
              .why = piece.at("why"),
              .citation = piece.at("citation"),
              .trust = trust_of(piece.at("trust")),
              .tier = tier_of(piece.at("tier")),
              .also = piece.at("also"),
              .instruction_like = piece.at("instruction_like"),
              .cut_lines = piece.at("cut_lines"),
              .tokens = piece.at("tokens")};
  if (!piece.at("confidence").is_null()) block.confidence = piece.at("confidence").get<double>();
  return block;
}

json unheard_json(const std::vector<Unheard>& list) {
  json out = json::array();
  for (const Unheard& one : list) out.push_back({{"source", one.source}, {"reason", one.reason}});
  return out;
}

}  // namespace

json pack_to_json(const Pack& pack, const Question& question) {
  json pieces = json::array(), dropped = json::array(), looked_at = json::array();
  std::size_t in_pieces = 0;
  for (const Block& block : pack.blocks) {
    pieces.push_back(block_json(block));
    in_pieces += block.tokens;
  }
  for (const Dropped& one : pack.dropped)
    dropped.push_back({{"source", one.source}, {"count", one.count}, {"reason", one.reason}});
  for (const LookedAt& one : pack.looked_at)
    looked_at.push_back({{"source", one.source}, {"pieces", one.pieces}});
  return {{"question", question_json(question)},
          {"pieces", std::move(pieces)},
          {"tokens", {{"budget", pack.budget}, {"used", pack.used}, {"frame", pack.used - in_pieces}}},
          {"dropped", std::move(dropped)},
          {"late", unheard_json(pack.late)},
          {"failed", unheard_json(pack.failed)},
          {"looked_at", std::move(looked_at)},
          {"heading", pack.heading},
          {"closing", pack.closing}};
}

Pack pack_from_json(const json& data) {
  Pack pack{.heading = data.at("heading"), .closing = data.at("closing")};
  for (const json& piece : data.at("pieces"))
    pack.blocks.push_back(block_from(piece, pack.blocks.size() + 1));
  return pack;
}

std::string_view pack_shape() {
  return R"({
  "question": {"text": "fix the login bug", "intent": "fix",     // what was drawn from the words
    "words": ["login", "bug"], "identifiers": [], "paths": [], "errors": [{"text": "...", "path": "a.c", "line": 3}],
    "changed_files": ["src/login.c"],                            // uncommitted now
    "focus": [{"path": "src/login.c", "start_line": 10, "end_line": 42, "weight": 0.9, "reason": "found by code.search"}]},
  "pieces": [{"source": "code.search", "kind": "definition", "title": "function login", "text": "...",
    "citation": "src/login.c:10-42@1a2b3c4d5e6f", "path": "src/login.c", "start_line": 10, "end_line": 42,
    "commit": "1a2b...", "uncommitted": false, "why": "...", "trust": "project", "tier": null, "confidence": null,
    "also": [],                                                  // other sources that showed the same
    "instruction_like": false,                                   // reads like an order to an agent
    "cut_lines": 0, "tokens": 214}],                             // of the piece as the text form shows it
  "tokens": {"budget": 4000, "used": 3871, "frame": 61},         // used = sum of pieces + frame (heading, closing)
  "dropped": [{"source": "git.commits", "count": 4, "reason": "over the budget"}],
  "late": [{"source": "git.cochange", "reason": "gave no answer in time"}],
  "failed": [], "looked_at": [{"source": "code.search", "pieces": 12}],
  "heading": "Evidence for: ...", "closing": "Not shown: ..."    // first and last line of the text form
})";
}

}  // namespace mira::oracle
