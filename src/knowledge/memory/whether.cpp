#include "knowledge/memory/whether.h"

#include <re2/re2.h>

#include <algorithm>

#include "knowledge/memory/claims.h"
#include "knowledge/memory/weights.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

const RE2& denial() {
  static const RE2 pattern(
      R"((?i)\b(?:(?:i|we)(?:'ve| have)? (?:never|not ever|haven't|havent|didn't|did not|don't|do not)|never (?:actually |really )?(?:been|had|done|used|met|\w+ed))\b[^.!?;]{0,140})");
  return pattern;
}

// What a saying adds to its score.
float worth_of(std::string_view text, const Lexical& lexical, const std::vector<std::string>& stems,
               WordReader& reader) {
  float out = tells_of_doing(text) ? weights::tells_of_doing : 0;
  std::vector<std::string> denied = reader.read(denied_part(text));
  float idf = 0;
  for (std::size_t i = 0; i < stems.size(); ++i) {
    if (std::ranges::find(denied, stems[i]) != denied.end()) idf += lexical.idf[i];
  }
  if (lexical.idf_asked > 0) out += weights::denies * idf / static_cast<float>(lexical.idf_asked);
  return out;
}

}  // namespace

bool asks_whether(std::string_view question) {
  static const RE2 pattern(R"((?i)^\s*(?:have|has|had|did|do|does|am|are|was|were)\s+(?:i|we|you|my|our)\b)");
  return RE2::PartialMatch(piece(question), pattern);
}

bool tells_of_doing(std::string_view text) {
  static const RE2 pattern(
      R"((?i)\b(?:i|we)(?:(?:'ve| have|'m| am| was|'d| had) (?:been|already|just|also|only|recently)(?: \w+)?| (?:just|already|recently|only|also|really)? ?\w+ed\b|'ve \w+(?:ed|en|t)\b| (?:just |already |also )?(?:met|went|saw|got|had|made|did|wrote|read|ran|began|built|bought|sent|spent|took|used|set up|felt|learnt|found|gave|chose)\b)|\bi'm (?:trying|using|working|implementing|feeling|currently)\b|\bmy \w+ (?:has|have|was|were)\b)");
  std::string rest(text);
  RE2::GlobalReplace(&rest, denial(), " ");
  return RE2::PartialMatch(rest, pattern);
}

std::string denied_part(std::string_view text) {
  std::string out;
  re2::StringPiece rest = piece(text), found;
  static const RE2 whole("(" + denial().pattern() + ")");
  while (RE2::FindAndConsume(&rest, whole, &found)) {
    out.append(found.data(), found.size());
    out += '\n';
  }
  return out;
}

Status weigh_tellings(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                      const std::vector<std::string>& stems, WordReader& reader,
                      std::vector<Ranked>& ranked) {
  std::size_t among = std::min(weights::tellings_among, ranked.size());
  for (std::size_t i = 0; i < among; ++i) {
    const Document& document = snapshot.documents[ranked[i].document];
    if (!document.has(Document::by_person)) continue;
    auto text = MIRA_TRY(main.text("SELECT content FROM memory_entries WHERE entry_id = ?", document.entry));
    ranked[i].score += worth_of(prose_of(text.value_or("")), lexical, stems, reader);
  }
  std::ranges::stable_sort(ranked, std::greater<>(), &Ranked::score);
  return {};
}

}  // namespace mira::memory
