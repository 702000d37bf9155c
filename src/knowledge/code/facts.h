// Facts of one file: what its syntax says, with nothing resolved. Extraction is a
// pure function of (bytes, language, extractor version) and runs in a worker
// process; facts are what is stored, and resolution reads facts, never text. So a
// better resolver needs no parse, and equal bytes always give equal facts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::code {

enum class SymbolKind : std::uint8_t {
  function,
  method,
  constructor,
  class_type,
  struct_type,
  union_type,
  enum_type,
  interface,
  trait,
  namespace_,
  module,
  type_alias,
  macro,
  variable,
  constant,
  field,
  property,
  enum_member,
};
std::string_view kind_name(SymbolKind kind);  // "function", "class", "struct", ...

enum class Visibility : std::uint8_t {
  public_,  // exported, or visible to other files
  file,     // C static, anonymous namespace, module-private (not exported, Go lower case: package)
  package,
  protected_,
  private_,
};

// Does the compiler of this system see it? C and C++ only, see extract_conditionals.h.
enum class Guard : std::uint8_t {
  none,       // yes
  open,       // hangs on the project's configuration
  elsewhere,  // no: it is for another system, or switched off
};

struct Parameter {
  std::string name;
  std::string type;  // declared type as written, "" when none
  bool has_default = false;
  bool variadic = false;  // ..., *args, **kwargs, rest
};

inline constexpr std::int32_t no_symbol = -1;  // "outside any symbol": the module itself

// A definition, or a declaration without a body (C prototype, abstract method).
struct Symbol {
  std::string name;       // "Get"
  std::string qualified;  // within its file, as the language writes it: "leveldb::DBImpl::Get", "Router.add"
  SymbolKind kind = SymbolKind::function;
  Visibility visibility = Visibility::public_;
  bool declaration = false;  // no body here
  bool is_static = false;    // static or class method; C file scope is Visibility::file
  bool is_virtual = false;   // may be overridden (virtual, abstract, interface member)
  bool is_async_or_generator = false;
  Guard guard = Guard::none;
  std::int32_t parent = no_symbol;              // index of the enclosing symbol
  std::int32_t name_line = 0, name_column = 0;  // from 1
  std::int32_t start_line = 0, end_line = 0;  // of the whole definition, inclusive; doc comment not included
  std::int32_t start_byte = 0, end_byte = 0;
  std::string scope_name;  // out-of-line owner as written: "DBImpl" for DBImpl::Get, receiver type in Go,
                           // impl type in Rust
  std::string signature;   // one line, blanks folded, no body
  std::string doc;         // doc comment or docstring, without its markers, at most 2000 bytes
  std::string type;  // result type of a callable, declared type of a variable or field, target of an alias;
                     // as written
  std::vector<Parameter> parameters;
  std::vector<std::string> bases;       // base classes, interfaces, traits, as written
  std::vector<std::string> decorators;  // "@property", "@app.route" without '@', attributes, annotations
  std::int32_t complexity = 0;          // cyclomatic, of callables: 1 + branches
  std::uint64_t body_hash = 0;          // of the span's bytes
};

enum class ReceiverKind : std::uint8_t {
  none,        // f()
  self,        // this.f(), self.f(), implicit only where the syntax shows it
  super_,      // super().f(), Base::f() is `scope`
  name,        // x.f(): receiver = "x"
  scope,       // A::b::f(), Type.f where the syntax is a path: receiver = "A::b"; "" for ::f()
  call,        // g().f(): receiver = callee text of g ("g", "x.g")
  new_,        // new T().f(), static_cast<T*>(x)->f(), ((T*)x)->f(): receiver = "T"
  literal,     // "".f(), [].f(): receiver = "string", "list", "dict", "number"
  expression,  // anything else: receiver = text, cut at 120 bytes
};

enum class CallKind : std::uint8_t {
  call,  // f(x)
  // new T(x), T{x}, member initialisers of C++ (name: base or member as written); super(x) and this(x) have
  // the name "constructor" and the receiver. In Python a call of a class looks like `call`.
  construct,
  decorator,    // @f
  reference,    // f passed as a value (callback); a possible call
  macro_token,  // seen only inside a macro body or macro argument
  jsx,          // <Component/>
  // What a statement runs without writing a call; no site where it runs none of the project's code.
  raises,    // raise C: makes a C
  iterates,  // for x in o: o.__iter__, then __next__ of what that gives
};

enum class ValueKind : std::uint8_t { name, member, call, construct, literal, callable, container, other };

// What is handed over at a call, as in Assignment. A trailing run of values that say
// nothing (literal, other, no keyword) is left out.
struct Argument {
  std::string keyword;  // f(key=x), "*" for a spread; "" when by position
  ValueKind kind = ValueKind::other;
  std::string value;
};

struct CallSite {
  std::int32_t caller = no_symbol;  // innermost named callable around it
  CallKind kind = CallKind::call;
  // Last component: "f". "" for f()(), the result called (receiver_kind call); "[]" for table[i]() with
  // receiver "table".
  std::string name;
  ReceiverKind receiver_kind = ReceiverKind::none;
  std::string receiver;               // dotted names are kept whole: "self.db", "a.b"
  std::int32_t arguments = 0;         // -1 when a spread makes it unknown
  std::int32_t line = 0, column = 0;  // of the name
  std::string key;                    // name "[]": the literal key or index, "" when it is none
  std::vector<Argument> passed;
};

struct Import {
  // As written: "os.path", "./a", "stdio.h", "crate::a", "com.x.Y". In C++ an #include has no name and no
  // alias; `using a::b` has name "b", `using namespace a` name "*", `namespace x = a` an alias.
  // Rust: `mod a;` has module "self::a" and alias "a", with reexport when pub.
  std::string module;
  std::string name;       // imported member; "" for the module itself, "*" for all
  std::string alias;      // local name; "" when it is the name itself
  bool reexport = false;  // export {a} from, pub use
  bool system = false;    // #include <x>
  bool type_only = false;
  std::int32_t scope = no_symbol;  // symbol whose body holds the import
  std::int32_t line = 0;
};

// target = value, in one scope. Also returns ("return") and yields of a callable.
struct Assignment {
  std::int32_t scope = no_symbol;  // innermost callable (or class for class-level fields)
  std::string target;  // "x", "self.x", "this->x" is written "self.x"; "return"; "x[]" for an element
  ValueKind kind = ValueKind::other;
  std::string value;  // "y", "a.b", "y[]", callee text "f" or "x.f" or "g().f", type name, literal type;
                      // containers: one row an element
  std::int32_t line = 0;
  // target "x[]": the literal key or index, "*" for all elements of the value (a spread), "" for none
  std::string key;
  std::string value_key;  // value "y[]": the same
};

// A local variable or parameter with a declared type that is not a symbol of its own.
struct TypedName {
  std::int32_t scope = no_symbol;
  std::string name;
  std::string type;  // as written
  std::int32_t line = 0;
};

struct ExportedName {
  std::string name;   // visible to importers: "default" too
  std::string local;  // local name it stands for
};

enum class ParseState : std::uint8_t {
  clean,
  partial,
  failed,
  too_large,
  quarantined,
  not_parsed /* no grammar */,
  binary,
  secret,
};
std::string_view parse_state_name(ParseState state);

struct Facts {
  ParseState state = ParseState::not_parsed;
  std::string package;          // Java/Kotlin/C#/Go/PHP package or namespace the file declares, "" when none
  std::vector<Symbol> symbols;  // parents before children, in order of start_byte
  std::vector<CallSite> calls;
  std::vector<Import> imports;
  std::vector<Assignment> assignments;
  std::vector<TypedName> typed_names;
  std::vector<ExportedName> exports;
  std::int32_t error_nodes = 0;
  bool cut = false;  // a limit (facts_per_file, parse_depth) ended extraction early
};

// Part of every stored fact's identity: a new extractor re-extracts.
inline constexpr int extractor_version = 4;

// Compact, self-describing bytes and back. failed: not such bytes.
std::string encode(const Facts& facts);
base::Result<Facts> decode(std::string_view bytes);

}  // namespace mira::code
