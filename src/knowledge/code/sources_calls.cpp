// code.callers and code.callees: the calls around the symbols that matter. Proved
// and inferred calls are one piece, possible ones another that says so.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "knowledge/code/search_symbols.h"
#include "knowledge/code/sources.h"
#include "knowledge/code/told_apart.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Evidence;
using contracts::Tier;

constexpr std::size_t most_targets = 4;    // symbols whose calls are told
constexpr std::size_t namesakes_told = 2;  // of one name in the question
constexpr int namesakes_looked_at = 100;   // of which the question may tell one apart
constexpr std::size_t most_lines = 20;     // of one piece; the rest is counted
constexpr int most_rows = 2000;            // call sites read for one symbol
constexpr double named_weight = 1.0, focus_weight = 0.7, possible_weight = 0.3;

struct Target {
  FoundSymbol symbol;
  std::string reason;
  double weight = 1;
};

// One other end of calls: a function and its call sites.
struct End {
  std::string qualified, path;
  int line = 0;  // of its definition
  std::vector<std::int64_t> call_lines;
  Tier tier = Tier::proved;
};

Tier tier_of(std::string_view name) {
  if (name == "proved") return Tier::proved;
  return name == "inferred" ? Tier::inferred : Tier::possible;
}

base::Result<std::vector<Target>> targets_of(store::Connection& index, const contracts::Question& question) {
  std::vector<Target> targets;
  auto add = [&](const FoundSymbol& symbol, std::string reason, double weight) {
    bool known = std::any_of(targets.begin(), targets.end(),
                             [&](const Target& t) { return t.symbol.element_id == symbol.element_id; });
    if (!known && targets.size() < most_targets) targets.push_back({symbol, std::move(reason), weight});
  };
  for (const std::string& identifier : question.identifiers) {
    SymbolMention mention = symbol_mention(identifier);
    if (mention.name.empty()) continue;
    std::vector<FoundSymbol> found = MIRA_TRY(find_symbols(index, mention, namesakes_looked_at));
    keep_told_apart(found, question.text, question.paths);
    if (found.size() > namesakes_told) found.resize(namesakes_told);
    for (const FoundSymbol& symbol : found) add(symbol, "named in the question", named_weight);
  }
  for (const contracts::Focus& focus : question.focus) {
    if (focus.symbol.empty() || targets.size() >= most_targets) continue;
    for (const FoundSymbol& symbol :
         MIRA_TRY(find_symbols(index, symbol_mention(focus.symbol), most_lines))) {
      if (symbol.path != focus.path || symbol.qualified != focus.symbol) continue;
      add(symbol, focus.reason, focus_weight * focus.weight);
      break;
    }
  }
  return targets;
}

// Collects call sites by their other end, in the order of first appearance.
class Ends {
 public:
  void add(const std::string& qualified, const std::string& path, int line, std::int64_t call_line,
           Tier tier) {
    auto [at, fresh] = places_.try_emplace({qualified, path}, ends_.size());
    if (fresh) ends_.push_back({qualified, path, line, {}, tier});
    End& end = ends_[at->second];
    end.call_lines.push_back(call_line);
    end.tier = std::min(end.tier, tier);
  }
  const std::vector<End>& all() const { return ends_; }
  std::size_t sites() const {
    std::size_t count = 0;
    for (const End& end : ends_) count += end.call_lines.size();
    return count;
  }
  Tier weakest() const {
    Tier tier = Tier::proved;
    for (const End& end : ends_) tier = std::max(tier, end.tier);
    return tier;
  }

 private:
  std::vector<End> ends_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;
};

std::string line_numbers(const std::vector<std::int64_t>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size() && i < 4; ++i) out += fmt::format("{}{}", i ? ", " : "", lines[i]);
  return lines.size() > 4 ? fmt::format("{} and {} more", out, lines.size() - 4) : out;
}

// What differs between the two sources: wording, and where a call site stands.
struct Direction {
  std::string_view source, kind, title, possible_title;
  bool site_in_end;  // the call's line is in the other end's file (callers) or in the target's (callees)
};
constexpr Direction callers{"code.callers", "callers", "callers of", "possible callers of", true};
constexpr Direction callees{"code.callees", "callees", "called by", "possibly called by", false};

Evidence piece_of(const Direction& direction, const Target& target, const Ends& ends, bool possible) {
  Evidence piece;
  piece.source = direction.source;
  piece.kind = direction.kind;
  piece.title = fmt::format("{} {} ({} call sites)", possible ? direction.possible_title : direction.title,
                            base::display_line(target.symbol.qualified), ends.sites());
  std::size_t shown = 0;
  for (const End& end : ends.all()) {
    if (shown++ == most_lines) break;
    int place = direction.site_in_end ? static_cast<int>(end.call_lines.front()) : end.line;
    piece.text +=
        fmt::format("{} {}:{}", base::display_line(end.qualified), base::display_line(end.path), place);
    piece.text += direction.site_in_end ? "" : fmt::format(" at line {}", line_numbers(end.call_lines));
    if (direction.site_in_end && end.call_lines.size() > 1) {
      piece.text += fmt::format(" (lines {})", line_numbers(end.call_lines));
    }
    piece.text += fmt::format(" [{}]\n", contracts::tier_name(end.tier));
  }
  if (ends.all().size() > most_lines)
    piece.text += fmt::format("and {} more\n", ends.all().size() - most_lines);
  piece.text.pop_back();
  piece.place = {
      .path = target.symbol.path, .start_line = target.symbol.name_line, .end_line = target.symbol.name_line};
  piece.why = fmt::format("`{}`: {}", base::display_line(target.symbol.qualified), target.reason);
  if (possible) piece.why += "; matched by name or type hierarchy only";
  piece.tier = ends.weakest();
  piece.weight = target.weight * (possible ? possible_weight : 1.0);
  return piece;
}

class CallsSource : public contracts::Source {
 public:
  explicit CallsSource(const Direction& direction) : direction_(direction) {}
  std::string_view name() const override { return direction_.source; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    std::vector<Evidence> pieces, doubtful;
    for (const Target& target : MIRA_TRY(targets_of(session.index, question))) {
      Ends sure, possible;
      MIRA_TRY(read(session.index, target.symbol.element_id, sure, possible));
      if (!sure.all().empty()) pieces.push_back(piece_of(direction_, target, sure, false));
      if (!possible.all().empty()) doubtful.push_back(piece_of(direction_, target, possible, true));
    }
    for (Evidence& piece : doubtful) pieces.push_back(std::move(piece));
    return pieces;
  }

 private:
  base::Status read(store::Connection& index, std::int64_t element_id, Ends& sure, Ends& possible) const {
    auto take = [&](const store::Row& row) {
      Tier tier = tier_of(row.text(4));
      std::string qualified = row.is_null(0) ? "<module>" : std::string(row.text(0));
      Ends& ends = tier == Tier::possible ? possible : sure;
      ends.add(qualified, std::string(row.text(1)), static_cast<int>(row.integer(2)), row.integer(3), tier);
    };
    if (direction_.site_in_end) {
      return index.each(
          "SELECT e.qualified_name, f.path, e.name_line, g.line, g.tier FROM call_graph g"
          " JOIN repository_files f ON f.file_id = g.file_id LEFT JOIN code_elements e ON e.element_id = "
          "g.caller_id"
          " WHERE g.callee_id = ?1 AND g.tier IN ('proved', 'inferred', 'possible')"
          " ORDER BY g.tier = 'possible', f.path, g.line LIMIT ?2",
          take, element_id, most_rows);
    }
    return index.each(
        "SELECT e.qualified_name, f.path, e.name_line, g.line, g.tier FROM call_graph g"
        " JOIN code_elements e ON e.element_id = g.callee_id JOIN repository_files f ON f.file_id = e.file_id"
        " WHERE g.caller_id = ?1 AND g.tier IN ('proved', 'inferred', 'possible')"
        " ORDER BY g.tier = 'possible', g.line LIMIT ?2",
        take, element_id, most_rows);
  }

  const Direction& direction_;
};

}  // namespace

std::unique_ptr<contracts::Source> callers_source() {
  return std::make_unique<CallsSource>(callers);
}
std::unique_ptr<contracts::Source> callees_source() {
  return std::make_unique<CallsSource>(callees);
}

}  // namespace mira::code
