#include "platform/tokens/split.h"

#include "platform/tokens/o200k_table.h"

namespace mira::tokens {
namespace {

struct Char {
  char32_t code = 0;
  CharClass kind = CharClass::other;
  std::size_t size = 0;  // bytes; 0 at the end of the text
};

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

Char decode_multibyte(std::string_view text, std::size_t at) {
  auto lead = static_cast<unsigned char>(text[at]);
  std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  char32_t code = size == 1 ? 0 : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text, at + i)) return {lead, CharClass::other, 1};
    code = code << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  if (size == 1) return {lead, CharClass::other, 1};
  return {code, class_of(code), size};
}

Char char_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, class_of(lead), 1};
  return decode_multibyte(text, at);
}

bool is_letter(CharClass kind) {
  return kind == CharClass::upper || kind == CharClass::lower || kind == CharClass::letter;
}
bool both_cases(CharClass kind) {
  return kind == CharClass::letter || kind == CharClass::mark;
}
bool upper_like(CharClass kind) {
  return kind == CharClass::upper || both_cases(kind);
}
bool lower_like(CharClass kind) {
  return kind == CharClass::lower || both_cases(kind);
}
bool is_white(CharClass kind) {
  return kind == CharClass::space || kind == CharClass::newline;
}
// [^\s\p{L}\p{N}]
bool is_symbol(CharClass kind) {
  return kind == CharClass::other || kind == CharClass::mark;
}
// [^\r\n\p{L}\p{N}]
bool may_lead_word(CharClass kind) {
  return is_symbol(kind) || kind == CharClass::space;
}

template <class Accept>
std::size_t run_end(std::string_view text, std::size_t at, Accept accept) {
  for (Char c = char_at(text, at); c.size > 0 && accept(c.kind); c = char_at(text, at)) at += c.size;
  return at;
}

// After (?i:'s|'t|'re|'ve|'m|'ll|'d)? at `at`. Case folding lets U+017F stand for s.
std::size_t after_contraction(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '\'') return at;
  Char first = char_at(text, at + 1);
  if (first.code == 0x17F) return at + 1 + first.size;
  char32_t a = first.code | 0x20U;
  if (first.size != 1) return at;
  if (a == 's' || a == 't' || a == 'm' || a == 'd') return at + 2;
  char32_t b = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 2]) | 0x20U : 0;
  if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l')) return at + 3;
  return at;
}

struct UpperRun {
  std::size_t end;        // of [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*
  std::size_t last_both;  // end of its last character that is lower-like too, 0 when none
};

UpperRun upper_run(std::string_view text, std::size_t at) {
  UpperRun run{at, 0};
  for (Char c = char_at(text, at); c.size > 0 && upper_like(c.kind); c = char_at(text, run.end)) {
    run.end += c.size;
    if (both_cases(c.kind)) run.last_both = run.end;
  }
  return run;
}

// Upper* Lower+, given its upper run: its end, 0 when it does not match. When no lower-case
// letter follows the upper run, backtracking gives the run up to its last
// character that is in both sets.
std::size_t lower_word_end(std::string_view text, const UpperRun& run) {
  Char next = char_at(text, run.end);
  if (next.size > 0 && lower_like(next.kind)) return run_end(text, run.end, lower_like);
  return run.last_both;
}

// The first two alternatives: a word, with at most one character before it. 0: no match.
std::size_t word_end(std::string_view text, std::size_t begin, const Char& first) {
  std::size_t lead = may_lead_word(first.kind) ? first.size : 0;
  UpperRun run = upper_run(text, begin + lead);
  std::size_t end = lower_word_end(text, run);
  // A mark may lead a word or be part of it.
  if (end == 0 && first.kind == CharClass::mark) end = lower_word_end(text, upper_run(text, begin));
  if (end == 0 && run.end > begin + lead) end = run.end;  // upper case only
  return end == 0 ? 0 : after_contraction(text, end);
}

std::size_t number_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  for (int digits = 0; digits < 3; ++digits) {
    Char c = char_at(text, at);
    if (c.size == 0 || c.kind != CharClass::number) break;
    at += c.size;
  }
  return at;
}

//  ?[^\s\p{L}\p{N}]+[\r\n/]*  0: no match.
std::size_t symbols_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin + (text[begin] == ' ' ? 1 : 0);
  std::size_t end = run_end(text, at, is_symbol);
  if (end == at) return 0;
  while (end < text.size() && (text[end] == '\r' || text[end] == '\n' || text[end] == '/')) ++end;
  return end;
}

// \s*[\r\n]+ | \s+(?!\S) | \s+
std::size_t white_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin, last_newline = 0, last_start = begin;
  for (Char c = char_at(text, at); c.size > 0 && is_white(c.kind); c = char_at(text, at)) {
    last_start = at;
    at += c.size;
    if (c.kind == CharClass::newline) last_newline = at;
  }
  if (last_newline > 0) return last_newline;
  return at == text.size() || last_start == begin ? at : last_start;
}

}  // namespace

std::size_t piece_end(std::string_view text, std::size_t begin) {
  Char first = char_at(text, begin);
  if (first.kind == CharClass::number) return number_end(text, begin);
  if (is_letter(first.kind) || may_lead_word(first.kind)) {
    if (std::size_t end = word_end(text, begin, first); end > 0) return end;
  }
  if (std::size_t end = symbols_end(text, begin); end > 0) return end;
  return white_end(text, begin);
}

}  // namespace mira::tokens
