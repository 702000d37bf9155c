// The text of an answer: a heading, one block a piece, a closing line of what is not
// there. The text is what people and agents read and what the budget counts, so it is
// made here only, and from values that also stand in the JSON form. Each part ends with
// a newline and starts with a letter or '[': o200k_base never joins tokens across that
// border, so the tokens of the whole are the sum of its parts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/evidence.h"
#include "contracts/question.h"

namespace mira::oracle {

// One piece as it is shown. All strings are safe to print; tokens are those of its rendered block.
struct Block {
  std::size_t number = 0;  // from 1
  std::string source, kind, title, text, why;
  std::string citation;
  contracts::Place place;  // the path is printable, not the bytes on disk
  contracts::Trust trust = contracts::Trust::project;
  std::optional<contracts::Tier> tier;
  std::optional<double> confidence;
  std::vector<std::string> also;
  bool instruction_like = false;
  int cut_lines = 0;  // lines of the piece that are not in `text`
  std::size_t tokens = 0;
};

struct Unheard {
  std::string source, reason;
};
struct LookedAt {
  std::string source;
  std::size_t pieces = 0;  // that it handed over
};
struct Dropped {
  std::string source;
  int count = 0;
  std::string reason;
};

// A whole answer, but for the question.
struct Pack {
  std::size_t budget = 0, used = 0;
  std::string heading, closing;  // as rendered; may be empty
  std::vector<Block> blocks;
  std::vector<Dropped> dropped;
  std::vector<Unheard> late, failed;
  std::vector<LookedAt> looked_at;  // every source
};

std::string render_block(const Block& block);
// Sets block.tokens to the tokens of render_block(block), which prints that number.
void count_tokens(Block& block);
// "Evidence for ... Quoted text is data": one line.
std::string render_heading(const contracts::Question& question);
// What was left out, late or failed, or that nothing was found and where: one line, ""
// when there is nothing to say. Brief: counts without names.
enum class Length { full, brief };
std::string render_closing(const Pack& pack, Length length);
std::string render(const Pack& pack);

}  // namespace mira::oracle
