#include "knowledge/code/facts.h"

#include <array>
#include <type_traits>

namespace mira::code {
namespace {

constexpr std::string_view magic = "MFa1";

// One description of the layout serves both directions: `io` is a Writer or a Reader,
// both offer number(), flag(), text(), kind() and rows().
template <class Io, class T>
void layout(Io& io, T& row);

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void unsigned_number(std::uint64_t value) {
    while (value >= 0x80) {
      out_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    out_ += static_cast<char>(value);
  }
  void number(std::int32_t value) {
    auto bits = static_cast<std::uint32_t>(value);
    unsigned_number((bits << 1) ^ static_cast<std::uint32_t>(value >> 31));
  }
  void hash(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) out_ += static_cast<char>(value >> shift);
  }
  void flag(bool value) { out_ += value ? '\1' : '\0'; }
  void text(const std::string& value) {
    unsigned_number(value.size());
    out_ += value;
  }
  template <class E>
  void kind(E value, E) {
    out_ += static_cast<char>(value);
  }
  template <class T>
  void rows(std::vector<T>& list) {
    unsigned_number(list.size());
    for (T& row : list) layout(*this, row);
  }
  void texts(std::vector<std::string>& list) {
    unsigned_number(list.size());
    for (const std::string& value : list) text(value);
  }

 private:
  std::string& out_;
};

// Every read is checked; after the first failure all further reads give zero.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool good() const { return good_; }
  bool at_end() const { return bytes_.empty(); }

  std::uint64_t unsigned_number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = next();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  void number(std::int32_t& out) {
    auto bits = static_cast<std::uint32_t>(unsigned_number());
    out = static_cast<std::int32_t>((bits >> 1) ^ (0u - (bits & 1u)));
  }
  void hash(std::uint64_t& out) {
    out = 0;
    for (int shift = 0; shift < 64; shift += 8) out |= static_cast<std::uint64_t>(next()) << shift;
  }
  void flag(bool& out) {
    std::uint8_t byte = next();
    good_ &= byte <= 1;
    out = byte == 1;
  }
  void text(std::string& out) {
    std::uint64_t size = unsigned_number();
    if (size > bytes_.size()) good_ = false;
    if (!good_) return;
    out.assign(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
  }
  template <class E>
  void kind(E& out, E last) {
    std::uint8_t byte = next();
    good_ &= byte <= static_cast<std::uint8_t>(last);
    out = good_ ? static_cast<E>(byte) : E{};
  }
  template <class T>
  void rows(std::vector<T>& list) {
    for (std::uint64_t count = size(); count > 0 && good_; --count) layout(*this, list.emplace_back());
  }
  void texts(std::vector<std::string>& list) {
    for (std::uint64_t count = size(); count > 0 && good_; --count) text(list.emplace_back());
  }

 private:
  std::uint8_t next() {
    if (bytes_.empty()) {
      good_ = false;
      return 0;
    }
    auto byte = static_cast<std::uint8_t>(bytes_[0]);
    bytes_.remove_prefix(1);
    return byte;
  }
  // A row takes at least one byte, so a count beyond the bytes left is a lie.
  std::uint64_t size() {
    std::uint64_t count = unsigned_number();
    if (count > bytes_.size()) good_ = false;
    return good_ ? count : 0;
  }

  std::string_view bytes_;
  bool good_ = true;
};

template <class Io>
void fields(Io& io, Parameter& row) {
  io.text(row.name);
  io.text(row.type);
  io.flag(row.has_default);
  io.flag(row.variadic);
}

template <class Io>
void fields(Io& io, Symbol& row) {
  io.text(row.name);
  io.text(row.qualified);
  io.kind(row.kind, SymbolKind::enum_member);
  io.kind(row.visibility, Visibility::private_);
  for (bool* flag : {&row.declaration, &row.is_static, &row.is_virtual, &row.is_async_or_generator})
    io.flag(*flag);
  io.kind(row.guard, Guard::elsewhere);
  for (std::int32_t* number : {&row.parent, &row.name_line, &row.name_column, &row.start_line, &row.end_line,
                               &row.start_byte, &row.end_byte, &row.complexity}) {
    io.number(*number);
  }
  for (std::string* text : {&row.scope_name, &row.signature, &row.doc, &row.type}) io.text(*text);
  io.rows(row.parameters);
  io.texts(row.bases);
  io.texts(row.decorators);
  io.hash(row.body_hash);
}

template <class Io>
void fields(Io& io, Argument& row) {
  io.text(row.keyword);
  io.kind(row.kind, ValueKind::other);
  io.text(row.value);
}

template <class Io>
void fields(Io& io, CallSite& row) {
  io.number(row.caller);
  io.kind(row.kind, CallKind::iterates);
  io.text(row.name);
  io.kind(row.receiver_kind, ReceiverKind::expression);
  io.text(row.receiver);
  for (std::int32_t* number : {&row.arguments, &row.line, &row.column}) io.number(*number);
  io.text(row.key);
  io.rows(row.passed);
}

template <class Io>
void fields(Io& io, Import& row) {
  for (std::string* text : {&row.module, &row.name, &row.alias}) io.text(*text);
  for (bool* flag : {&row.reexport, &row.system, &row.type_only}) io.flag(*flag);
  io.number(row.scope);
  io.number(row.line);
}

template <class Io>
void fields(Io& io, Assignment& row) {
  io.number(row.scope);
  io.text(row.target);
  io.kind(row.kind, ValueKind::other);
  io.text(row.value);
  io.number(row.line);
  io.text(row.key);
  io.text(row.value_key);
}

template <class Io>
void fields(Io& io, TypedName& row) {
  io.number(row.scope);
  io.text(row.name);
  io.text(row.type);
  io.number(row.line);
}

template <class Io>
void fields(Io& io, ExportedName& row) {
  io.text(row.name);
  io.text(row.local);
}

template <class Io>
void fields(Io& io, Facts& facts) {
  io.kind(facts.state, ParseState::secret);
  io.text(facts.package);
  io.rows(facts.symbols);
  io.rows(facts.calls);
  io.rows(facts.imports);
  io.rows(facts.assignments);
  io.rows(facts.typed_names);
  io.rows(facts.exports);
  io.number(facts.error_nodes);
  io.flag(facts.cut);
}

template <class Io, class T>
void layout(Io& io, T& row) {
  fields(io, row);
}

// Indexes of symbols must point at symbols, parents at earlier ones.
bool indexes_hold(const Facts& facts) {
  auto count = static_cast<std::int32_t>(facts.symbols.size());
  auto holds = [count](std::int32_t index) { return index >= no_symbol && index < count; };
  for (std::int32_t at = 0; at < count; ++at) {
    std::int32_t parent = facts.symbols[at].parent;
    if (parent < no_symbol || parent >= at) return false;
  }
  for (const CallSite& row : facts.calls) {
    if (!holds(row.caller)) return false;
  }
  for (const Import& row : facts.imports) {
    if (!holds(row.scope)) return false;
  }
  for (const Assignment& row : facts.assignments) {
    if (!holds(row.scope)) return false;
  }
  for (const TypedName& row : facts.typed_names) {
    if (!holds(row.scope)) return false;
  }
  return true;
}

template <class E, std::size_t count>
std::string_view name_of(E value, const std::array<std::string_view, count>& names) {
  auto index = static_cast<std::size_t>(value);
  return index < count ? names[index] : "unknown";
}

}  // namespace

std::string_view kind_name(SymbolKind kind) {
  static constexpr std::array<std::string_view, 18> names = {
      "function", "method",    "constructor", "class",     "struct",   "union",
      "enum",     "interface", "trait",       "namespace", "module",   "type",
      "macro",    "variable",  "constant",    "field",     "property", "enum_member"};
  return name_of(kind, names);
}

std::string_view parse_state_name(ParseState state) {
  static constexpr std::array<std::string_view, 8> names = {
      "clean", "partial", "failed", "too_large", "quarantined", "not_parsed", "binary", "secret"};
  return name_of(state, names);
}

std::string encode(const Facts& facts) {
  std::string out(magic);
  Writer writer(out);
  fields(writer, const_cast<Facts&>(facts));  // a Writer only reads
  return out;
}

base::Result<Facts> decode(std::string_view bytes) {
  Facts facts;
  if (bytes.starts_with(magic)) {
    Reader reader(bytes.substr(magic.size()));
    fields(reader, facts);
    if (reader.good() && reader.at_end() && indexes_hold(facts)) return facts;
  }
  return base::fail(base::ErrorCode::failed, "the stored facts of a file are damaged or of another version",
                    "delete the index of the project and run `mira index`");
}

}  // namespace mira::code
