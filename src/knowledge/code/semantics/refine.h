// What a model adds to the rules: what a function or type without documentation is for. It is asked
// once for a text and never again while the text is the same, wherever the symbol moves; what it said is
// kept beside what people said (symbol_purposes) and shown as a model's word. The rules go on without it.
#pragma once

#include <optional>

#include "contracts/analyst.h"
#include "knowledge/code/search_text.h"
#include "knowledge/code/semantics/purpose.h"

namespace mira::semantics {

// A function or type of the product that nobody documented.
struct Undocumented {
  std::int64_t id = 0;
  std::string path, kind, name;  // qualified
  int start_line = 0, end_line = 0;
};
// In the order of paths. path: its end or a folder; "" is all.
base::Result<std::vector<Undocumented>> undocumented(store::Connection& index, std::string_view path);
base::Result<std::optional<Undocumented>> undocumented_element(store::Connection& index, std::int64_t id);

contracts::Judging purpose_judging();
// What is sent of a symbol: kind, name, and its text cut after most_lines. No path and no line: a symbol
// that moves keeps its answer. not_found, unavailable: the file cannot be read.
base::Result<std::string> asked_text(code::LineReader& reader, const Undocumented& symbol);
std::string asked_key(const std::string& text);

struct SaidPurpose {
  std::string purpose, certainty, model;
  std::int64_t tokens = 0;
  std::optional<std::int64_t> cost_nano;
};
base::Result<std::optional<SaidPurpose>> said_purpose(store::Connection& main, const std::string& key);
// unavailable: it says nothing that may be shown.
base::Result<SaidPurpose> checked_purpose(const contracts::Judgement& judgement);

// The purpose of an element as it is told: its documentation, else what a model said of this very text, else
// a reading of its name. Remembers the last file, so ask in the order of files.
class Purposes {
 public:
  explicit Purposes(contracts::Session& session) : session_(session), reader_(session) {}
  base::Result<Purpose> of(std::int64_t element_id);

 private:
  contracts::Session& session_;
  code::LineReader reader_;
  std::optional<bool> has_any_;  // most homes have none
};

}  // namespace mira::semantics
