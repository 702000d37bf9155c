// Build step: turns the ranks file of o200k_base (lines of base64 and a rank) and
// the Unicode category tables of the regex-syntax crate into the table that
// platform/tokens embeds. usage: make_o200k_table RANKS CATEGORIES SPACES OUT
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "platform/tokens/o200k_table.h"

namespace {

using namespace mira::tokens;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "make_o200k_table: %s\n", why.c_str());
  std::exit(1);
}

std::string read_all(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop(std::string("cannot read ") + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0, have = 0;
  for (char c : text) {
    if (c == '=') break;
    std::size_t six = alphabet.find(c);
    if (six == std::string_view::npos) stop("the ranks file is not base64");
    bits = bits << 6U | static_cast<std::uint32_t>(six);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(bits >> have & 0xFFU);
    }
  }
  return out;
}

std::vector<std::string> read_ranks(const char* path) {
  std::istringstream in(read_all(path));
  std::vector<std::string> tokens;
  std::string base64;
  for (std::size_t rank = 0; in >> base64 >> rank;) {
    if (rank != tokens.size()) stop("ranks are not consecutive");
    tokens.push_back(decode_base64(base64));
  }
  if (tokens.size() < 256 || tokens.size() > max_tokens) stop("unexpected number of tokens");
  return tokens;
}

void fill_tokens(Table& table, const std::vector<std::string>& tokens) {
  table.token_count = static_cast<std::uint32_t>(tokens.size());
  table.pair_ranks.fill(no_rank);
  std::uint32_t offset = 0;
  int single_bytes = 0;
  for (std::uint32_t rank = 0; rank < tokens.size(); ++rank) {
    const std::string& token = tokens[rank];
    table.offsets[rank] = offset;
    offset += static_cast<std::uint32_t>(token.size());
    table.longest_token = std::max(table.longest_token, static_cast<std::uint32_t>(token.size()));
    auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(token[i])}; };
    if (token.size() == 1) ++single_bytes;
    if (token.size() == 2) table.pair_ranks[byte(0) << 8U | byte(1)] = rank;
    std::uint64_t hash = token_hash(token);
    std::uint64_t at = hash % slot_count;
    while (table.slots[at] != 0) at = (at + 1) % slot_count;
    auto check = static_cast<std::uint32_t>(hash >> (64U - (32U - slot_rank_bits)));
    table.slots[at] = check << slot_rank_bits | (rank + 1);
  }
  for (std::size_t rank = tokens.size(); rank < table.offsets.size(); ++rank) table.offsets[rank] = offset;
  if (single_bytes != 256) stop("a single byte has no rank");
}

// One Rust char literal at text[at], which is at its opening quote; at moves past it.
char32_t read_char_literal(std::string_view text, std::size_t& at) {
  ++at;
  char32_t code = 0;
  if (text.substr(at, 3) == "\\u{") {
    std::size_t close = text.find('}', at);
    code = static_cast<char32_t>(std::stoul(std::string(text.substr(at + 3, close - at - 3)), nullptr, 16));
    at = close + 1;
  } else if (text[at] == '\\') {
    constexpr std::string_view names = "trn0'\\", codes{"\t\r\n\0'\\", 6};
    std::size_t which = names.find(text[at + 1]);
    if (which == std::string_view::npos) stop("unknown escape in a Unicode table");
    code = static_cast<unsigned char>(codes[which]);
    at += 2;
  } else {
    auto lead = static_cast<unsigned char>(text[at]);
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    code = more == 0 ? lead : lead & (0x3FU >> more);
    for (++at; more > 0; --more, ++at) code = code << 6U | (static_cast<unsigned char>(text[at]) & 0x3FU);
  }
  if (text[at] != '\'') stop("a char literal does not end");
  ++at;
  return code;
}

using Classes = std::vector<std::uint8_t>;

void assign(Classes& classes, const std::string& rust, const std::string& name, CharClass kind) {
  std::size_t at = rust.find("pub const " + name + ":");
  if (at == std::string::npos) stop("no table " + name);
  std::size_t end = rust.find("];", at);
  at = rust.find('=', at);
  std::vector<char32_t> borders;
  for (at = rust.find('\'', at); at < end; at = rust.find('\'', at))
    borders.push_back(read_char_literal(rust, at));
  if (borders.empty() || borders.size() % 2 != 0) stop("table " + name + " is not pairs");
  for (std::size_t i = 0; i < borders.size(); i += 2)
    for (char32_t code = borders[i]; code <= borders[i + 1]; ++code)
      classes.at(code) = static_cast<std::uint8_t>(kind);
}

Classes read_classes(const char* categories, const char* spaces) {
  Classes classes(0x110000, static_cast<std::uint8_t>(CharClass::other));
  std::string rust = read_all(categories);
  assign(classes, rust, "UPPERCASE_LETTER", CharClass::upper);
  assign(classes, rust, "TITLECASE_LETTER", CharClass::upper);
  assign(classes, rust, "LOWERCASE_LETTER", CharClass::lower);
  assign(classes, rust, "MODIFIER_LETTER", CharClass::letter);
  assign(classes, rust, "OTHER_LETTER", CharClass::letter);
  assign(classes, rust, "MARK", CharClass::mark);
  assign(classes, rust, "NUMBER", CharClass::number);
  assign(classes, read_all(spaces), "WHITE_SPACE", CharClass::space);
  classes['\r'] = classes['\n'] = static_cast<std::uint8_t>(CharClass::newline);
  return classes;
}

void fill_classes(Table& table, const Classes& classes) {
  std::map<std::string, std::uint16_t> known;
  for (std::size_t block = 0; block < class_blocks; ++block) {
    std::string bytes(classes.begin() + static_cast<std::ptrdiff_t>(block * class_block),
                      classes.begin() + static_cast<std::ptrdiff_t>((block + 1) * class_block));
    auto [found, is_new] = known.try_emplace(bytes, static_cast<std::uint16_t>(known.size()));
    if (known.size() > max_class_blocks) stop("more distinct Unicode blocks than the table has room for");
    table.class_index[block] = found->second;
    if (is_new) std::copy(bytes.begin(), bytes.end(), table.classes.begin() + found->second * class_block);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) stop("usage: make_o200k_table RANKS CATEGORIES SPACES OUT");
  auto table = std::make_unique<Table>();
  std::vector<std::string> tokens = read_ranks(argv[1]);
  fill_tokens(*table, tokens);
  fill_classes(*table, read_classes(argv[2], argv[3]));
  std::ofstream out(argv[4], std::ios::binary);
  out.write(reinterpret_cast<const char*>(table.get()), sizeof(Table));
  for (const std::string& token : tokens) out << token;
  out.close();
  if (!out) stop(std::string("cannot write ") + argv[4]);
  return 0;
}
