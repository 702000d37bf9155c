#include "knowledge/code/meaning_passage.h"

#include <algorithm>

#include "knowledge/code/search_path.h"
#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t doc_bytes = 200, names_bytes = 150, signatures_bytes = 150, opening_bytes = 150;

bool is_member_value(const Symbol& symbol) {
  return symbol.kind == SymbolKind::field || symbol.kind == SymbolKind::property ||
         symbol.kind == SymbolKind::enum_member;
}

// "DBImpl::get_value" -> "db impl get value"
std::string words_of(std::string_view name) {
  return base::join(base::split_identifier(name), " ");
}

void append(std::string& out, std::string_view part, std::size_t most) {
  if (part.empty() || out.size() >= most) return;
  if (!out.empty()) out += ' ';
  out += base::truncate_utf8(part, most - out.size());
}

std::string folders_and_stem(std::string_view path) {
  std::size_t slash = path.rfind('/');
  std::string out;
  if (slash != std::string_view::npos) out = words_of(path.substr(0, slash)) + " ";
  return out + words_of(file_stem(path));
}

}  // namespace

std::string passage_of(std::string_view path, const Facts& facts, const Chunk& chunk,
                       const std::vector<std::string_view>& lines) {
  auto symbol = [&](std::int32_t index) -> const Symbol& {
    return facts.symbols[static_cast<std::size_t>(index)];
  };
  std::string docs, signatures, names, opening;
  std::int32_t opens = chunk.start_line;
  for (std::int32_t index : chunk.defined) {
    if (chunk.symbol == no_symbol) {
      if (!is_member_value(symbol(index))) append(names, words_of(symbol(index).name), names_bytes);
      continue;
    }
    append(docs, symbol(index).doc, doc_bytes);
    append(signatures, symbol(index).signature, signatures_bytes);
    if (index == chunk.symbol) opens = std::max(opens, symbol(index).name_line + 1);  // its body
  }
  for (std::int32_t line = opens; line <= chunk.end_line; ++line)
    append(opening, base::trim(lines[static_cast<std::size_t>(line - 1)]), opening_bytes);
  std::string out = folders_and_stem(path) + ":";
  if (chunk.symbol != no_symbol) {
    out += ' ';
    out += kind_name(symbol(chunk.symbol).kind);
    out += ' ' + words_of(symbol(chunk.symbol).qualified) + '.';
  }
  for (const std::string* part : {&docs, &names, &signatures, &opening}) {
    if (!part->empty()) out += ' ' + *part;
  }
  return base::repair_utf8(out);
}

std::int64_t passage_owner(std::string_view passage) {
  return static_cast<std::int64_t>(base::hash64(passage) & INT64_MAX);
}

}  // namespace mira::code
