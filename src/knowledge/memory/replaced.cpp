#include "knowledge/memory/replaced.h"

#include <algorithm>

#include "knowledge/memory/cues.h"
#include "knowledge/memory/dates_arm.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr int longest_chain = 16;  // replacements followed; a longer chain ends at one of its middle

struct Replaced {
  std::int64_t successor = 0;  // fact
  std::string about;           // words of the old fact
  std::string reason;
};

// Replaced facts that an entry says; what it says of them again after the replacement counts too.
Result<std::vector<Replaced>> replaced_facts(Connection& main, std::int64_t entry) {
  std::vector<Replaced> out;
  MIRA_TRY(main.each(
      "SELECT f.superseded_by, f.subject || ' ' || f.statement, f.reason FROM memory_fact_mentions m"
      " JOIN memory_facts f USING (fact_id) WHERE m.entry_id = ? AND f.state = 'superseded' AND "
      "f.superseded_by IS NOT"
      " NULL ORDER BY f.fact_id",
      [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
      },
      entry));
  return out;
}

// The entry that says what holds at the end of the chain; 0: that was forgotten.
Result<std::int64_t> last_saying(Connection& main, std::int64_t fact) {
  std::int64_t entry = 0;
  for (int step = 0; step < longest_chain && fact != 0; ++step) {
    std::int64_t next = 0;
    MIRA_TRY(main.each(
        "SELECT entry_id, coalesce(superseded_by, 0) FROM memory_facts WHERE fact_id = ?",
        [&](const Row& row) {
          entry = row.integer(0);
          next = row.integer(1);
        },
        fact));
    fact = next;
  }
  return entry;
}

bool share_a_word(const std::vector<std::string>& asked, const std::vector<std::string>& told) {
  return std::ranges::any_of(
      asked, [&](const std::string& stem) { return std::ranges::find(told, stem) != told.end(); });
}

// Of an entry's replaced facts the one that the question is about.
Result<std::int64_t> successor_of(Connection& main, std::int64_t entry, const std::vector<std::string>& asked,
                                  WordReader& reader) {
  for (const Replaced& one : MIRA_TRY(replaced_facts(main, entry))) {
    if (!share_a_word(asked, reader.read(one.about))) continue;
    std::int64_t successor = MIRA_TRY(last_saying(main, one.successor));
    if (successor != 0 && successor != entry) return successor;
  }
  return 0;
}

}  // namespace

Result<std::optional<ReplacedBy>> replaced_by(Connection& main, std::int64_t entry) {
  for (const Replaced& one : MIRA_TRY(replaced_facts(main, entry))) {
    std::int64_t successor = MIRA_TRY(last_saying(main, one.successor));
    if (successor != 0 && successor != entry) return ReplacedBy{successor, one.reason};
  }
  return std::nullopt;
}

Status put_replaced_behind(Connection& main, const RecallQuestion& question, bool may_add, WordReader& reader,
                           std::vector<Recalled>& found) {
  if (asks_of_then(question.text, question.now_ms) || asks_of_the_old(question.text)) return {};
  const std::vector<std::string> asked = reader.read(question.text);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::int64_t successor = MIRA_TRY(successor_of(main, found[i].entry, asked, reader));
    if (successor == 0) continue;
    auto place = std::ranges::find(found, successor, &Recalled::entry);
    if (place != found.end() && place < found.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    if (place == found.end() && !may_add) continue;
    Recalled moved =
        place != found.end() ? std::move(*place) : Recalled{.entry = successor, .score = 0, .arms = {}};
    if (place != found.end()) found.erase(place);
    moved.score = std::max(moved.score, found[i].score);
    found.insert(found.begin() + static_cast<std::ptrdiff_t>(i), std::move(moved));
    if (found.size() > question.limit) found.pop_back();
    ++i;  // the old one was looked at
  }
  return {};
}

}  // namespace mira::memory
