#include "knowledge/code/search_chunks.h"

#include <algorithm>

#include "knowledge/code/symbol_kinds.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::int32_t whole_type_lines = 60;       // a class of more lines is cut at its members
constexpr std::int32_t whole_callable_lines = 120;  // a function of more lines, at the functions inside it
constexpr std::int32_t tiny_lines = 10;             // neighbours up to this size share a chunk ...
constexpr std::int32_t shared_chunk_lines = 40;     // ... up to this one
constexpr std::int32_t longest_chunk_lines = 80;    // longer pieces are cut into windows
constexpr std::int32_t window_lines = 40;
constexpr std::int32_t window_slack_lines = 10;  // a window may end this much earlier, at a blank line

bool is_container(SymbolKind kind) {
  return kind == SymbolKind::namespace_ || kind == SymbolKind::module;
}

// Names worth finding a chunk by; fields and enumerators are found as words of its body.
bool is_named_definition(const Symbol& symbol) {
  return symbol.kind != SymbolKind::field && symbol.kind != SymbolKind::property &&
         symbol.kind != SymbolKind::enum_member;
}

// Lines start_line..end_line of one owner: a symbol, or no_symbol for the file itself.
struct Piece {
  std::int32_t owner = no_symbol;
  std::int32_t parent = no_symbol;
  std::int32_t start_line = 0, end_line = 0;
  std::int32_t lines() const { return end_line - start_line + 1; }
};

bool is_comment_or_attribute(std::string_view line) {
  line = base::trim(line);
  for (std::string_view mark : {"//", "/*", "*", "#", "--", "@", "[", "\"\"\"", "'''", "<!--"}) {
    if (line.starts_with(mark)) return true;
  }
  return line.ends_with("*/");
}

class Cutter {
 public:
  Cutter(const Facts& facts, const std::vector<std::string_view>& lines)
      : facts_(facts), lines_(lines), owner_(lines.size(), no_symbol), opened_(facts.symbols.size(), false) {}

  std::vector<Chunk> cut() {
    mark_parents();
    paint_owners();
    claim_comments_above();
    std::vector<Chunk> chunks;
    for (const Piece& piece : share(pieces())) append_windows(piece, chunks);
    name(chunks);
    return chunks;
  }

 private:
  std::int32_t line_count() const { return static_cast<std::int32_t>(lines_.size()); }
  const Symbol& symbol(std::int32_t index) const { return facts_.symbols[static_cast<std::size_t>(index)]; }
  bool is_blank(std::int32_t line) const {
    return base::trim(lines_[static_cast<std::size_t>(line - 1)]).empty();
  }
  std::int32_t& owner(std::int32_t line) { return owner_[static_cast<std::size_t>(line - 1)]; }

  void mark_parents() {
    has_members_.assign(facts_.symbols.size(), false);
    for (const Symbol& inner : facts_.symbols) {
      if (inner.parent != no_symbol && (runs_code(inner.kind) || is_class_like(inner.kind))) {
        has_members_[static_cast<std::size_t>(inner.parent)] = true;
      }
    }
  }

  // True when the symbol's members are pieces of their own.
  bool is_opened(std::size_t index) const {
    const Symbol& s = facts_.symbols[index];
    if (is_container(s.kind)) return true;
    if (!has_members_[index]) return false;
    std::int32_t size = s.end_line - s.start_line + 1;
    return size > (runs_code(s.kind) ? whole_callable_lines : whole_type_lines);
  }

  void paint_owners() {
    for (std::size_t index = 0; index < facts_.symbols.size(); ++index) {
      const Symbol& s = facts_.symbols[index];
      bool reached = s.parent == no_symbol || opened_[static_cast<std::size_t>(s.parent)];
      if (!reached || s.start_line < 1 || s.end_line < s.start_line) continue;
      if (!runs_code(s.kind) && !is_class_like(s.kind) && !is_container(s.kind)) continue;
      opened_[index] = is_opened(index);
      auto first = owner_.begin() + std::min(s.start_line - 1, line_count());
      auto last = owner_.begin() + std::min(s.end_line, line_count());
      std::fill(first, last, is_container(s.kind) ? no_symbol : static_cast<std::int32_t>(index));
    }
  }

  void claim_comments_above() {
    for (std::int32_t line = line_count(); line > 1; --line) {
      std::int32_t below = owner(line);
      if (below == no_symbol || owner(line - 1) == below) continue;
      bool above_is_outer = owner(line - 1) == no_symbol || owner(line - 1) == symbol(below).parent;
      if (above_is_outer && is_comment_or_attribute(lines_[static_cast<std::size_t>(line - 2)])) {
        owner(line - 1) = below;
      }
    }
  }

  std::int32_t parent_of(std::int32_t index) const {
    if (index == no_symbol) return no_symbol;
    std::int32_t parent = symbol(index).parent;
    while (parent != no_symbol && is_container(symbol(parent).kind)) parent = symbol(parent).parent;
    return parent;
  }

  // Runs of lines of one owner without their outer blank lines.
  std::vector<Piece> pieces() {
    std::vector<Piece> found;
    for (std::int32_t start = 1; start <= line_count();) {
      std::int32_t end = start;
      while (end < line_count() && owner(end + 1) == owner(start)) ++end;
      Piece piece{owner(start), parent_of(owner(start)), start, end};
      while (piece.start_line <= piece.end_line && is_blank(piece.start_line)) ++piece.start_line;
      while (piece.start_line <= piece.end_line && is_blank(piece.end_line)) --piece.end_line;
      if (piece.lines() > 0) found.push_back(piece);
      start = end + 1;
    }
    return found;
  }

  // Joins tiny neighbours of one scope, such as a run of accessors.
  static std::vector<Piece> share(const std::vector<Piece>& pieces) {
    std::vector<Piece> joined;
    for (const Piece& piece : pieces) {
      if (!joined.empty() && can_share(joined.back(), piece)) {
        Piece& last = joined.back();
        if (last.owner != piece.owner) last.owner = piece.parent;
        last.end_line = piece.end_line;
        last.parent = piece.parent;
      } else {
        joined.push_back(piece);
      }
    }
    return joined;
  }

  static bool can_share(const Piece& last, const Piece& next) {
    bool same_scope = last.parent == next.parent || last.owner == next.parent || last.parent == next.owner;
    return same_scope && next.lines() <= tiny_lines &&
           (last.lines() <= tiny_lines || last.owner == next.parent) &&
           next.end_line - last.start_line < shared_chunk_lines;
  }

  void append_windows(const Piece& piece, std::vector<Chunk>& chunks) const {
    std::int32_t longest = piece.owner == no_symbol ? window_lines : longest_chunk_lines;
    std::int32_t start = piece.start_line;
    while (piece.end_line - start + 1 > longest + window_slack_lines) {
      std::int32_t end = window_end(start);
      chunks.push_back({start, end, piece.owner, {}});
      start = end + 1;
      while (start < piece.end_line && is_blank(start)) ++start;
    }
    if (start <= piece.end_line) chunks.push_back({start, piece.end_line, piece.owner, {}});
  }

  std::int32_t window_end(std::int32_t start) const {
    std::int32_t end = start + window_lines - 1;
    for (std::int32_t line = end; line > end - window_slack_lines; --line) {
      if (is_blank(line)) return line - 1;
    }
    return end;
  }

  // Gives each chunk the definitions in it; a chunk of just one definition shows that one.
  void name(std::vector<Chunk>& chunks) const {
    std::vector<std::pair<std::int32_t, std::int32_t>> by_line;
    for (std::size_t index = 0; index < facts_.symbols.size(); ++index) {
      if (is_named_definition(facts_.symbols[index])) {
        by_line.emplace_back(facts_.symbols[index].name_line, static_cast<std::int32_t>(index));
      }
    }
    std::sort(by_line.begin(), by_line.end());
    auto next = by_line.begin();
    for (Chunk& chunk : chunks) {
      while (next != by_line.end() && next->first < chunk.start_line) ++next;
      for (; next != by_line.end() && next->first <= chunk.end_line; ++next) {
        chunk.defined.push_back(next->second);
      }
      if (chunk.symbol == no_symbol && chunk.defined.size() == 1) chunk.symbol = chunk.defined.front();
    }
  }

  const Facts& facts_;
  const std::vector<std::string_view>& lines_;
  std::vector<std::int32_t> owner_;  // of each line
  std::vector<bool> opened_, has_members_;
};

}  // namespace

std::vector<Chunk> cut_chunks(const Facts& facts, const std::vector<std::string_view>& lines) {
  return Cutter(facts, lines).cut();
}

}  // namespace mira::code
