// The types of a project as design patterns see them: fields with what is put into them,
// operations with what they call and return, bases and what derives from them. Made from
// stored facts alone, in one pass over all files, so that equal facts give an equal model.
//
// Names are bound only where they can mean one thing (own file, what an import says, own
// folder, else one in the whole language); a name that means several things, or that is
// imported from outside, is left unbound, and no rule may rest on it. Tests, examples, vendored and generated
// code are no part of the model.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"
#include "knowledge/code/resolve_keys.h"
#include "platform/store/connection.h"

namespace mira::semantics {

using TypeId = std::int32_t;
inline constexpr TypeId unbound = -1;

// "std::vector<std::unique_ptr<Shape>>" is {Shape, many}; "Callable[[int], None]" is callable.
struct WrittenType {
  std::string name;  // last component, "" when nothing is written
  bool many = false, callable = false;
};
WrittenType read_type(std::string_view written);

// A call, or a function handed over by name.
struct Use {
  std::string receiver;  // "self", "self.x", "super", "x", "" for a plain call
  std::string name;
  bool construct = false, reference = false;
  std::vector<std::string> passed;  // names among the arguments, in order
  std::int32_t line = 0;
};

// target = value; target "return" for a result.
struct Flow {
  std::string target, value;
  code::ValueKind kind = code::ValueKind::other;
  std::int32_t line = 0;
};

struct Operation {
  std::string name, qualified, type, signature;
  std::int32_t line = 0, end_line = 0;
  code::Visibility visibility = code::Visibility::public_;
  bool is_static = false, is_virtual = false, constructor = false;
  bool has_body = false;
  bool abstract = false;  // nothing to run here: derived types must say what it does
  bool hook = false;      // a body that does nothing: derived types may say what it does
  std::int32_t complexity = 0;
  std::string path;  // of its body, or of its declaration
  std::vector<code::Parameter> parameters;
  std::vector<std::string> decorators;
  std::vector<Use> uses;
  std::vector<Flow> flows;
  const code::Parameter* parameter(std::string_view name) const;
};

struct Field {
  std::string name;
  WrittenType written;
  std::string written_as;  // last component of the type as written, containers included
  bool is_static = false;
  code::Visibility visibility = code::Visibility::public_;
  std::int32_t line = 0;
  bool injected = false;  // a constructor's parameter is put into it
  TypeId type = unbound;
  std::string made;  // name of the type that its initialiser makes
  std::vector<std::string> decorators;
};

struct Type {
  std::string path, name, qualified;
  code::SymbolKind kind = code::SymbolKind::class_type;
  code::Family family = code::Family::none;
  std::int32_t line = 0, end_line = 0;
  bool is_virtual = false;  // declared abstract
  std::vector<std::string> base_names, decorators;
  std::vector<TypeId> bases;    // bound ones, in order
  std::vector<TypeId> derived;  // direct, in order of path and line
  std::vector<Field> fields;
  std::vector<Operation> operations;  // in order of line

  const Field* field(std::string_view name) const;
  const Operation* operation(std::string_view name) const;  // the first with this name
};

// A function outside any type.
struct Function {
  std::string path, qualified;
  code::Family family = code::Family::none;
  Operation operation;
};

class TypeModel {
 public:
  static base::Result<TypeModel> load(store::Connection& index);

  const std::vector<Type>& types() const { return types_; }
  const std::vector<Function>& functions() const { return functions_; }
  const Type& at(TypeId id) const { return types_[static_cast<std::size_t>(id)]; }
  // What a type name means where it is written; unbound: nothing, several things, or nothing of the project.
  TypeId find(const Type& where, std::string_view name) const;
  TypeId find(std::string_view path, code::Family family, std::string_view name) const;

  bool is_a(TypeId type, TypeId base) const;  // true for itself
  std::vector<TypeId> ancestors(TypeId type) const;
  std::vector<TypeId> descendants(TypeId type) const;
  // Interface, trait, or a class with an abstract operation.
  bool is_abstract(TypeId type) const;
  // Concrete descendants.
  std::vector<TypeId> implementations(TypeId type) const;
  // The operation of that name in the type or the nearest ancestor; nullptr: none.
  const Operation* inherited(TypeId type, std::string_view name) const;

 private:
  friend class ModelBuilder;
  std::vector<Type> types_;
  std::vector<Function> functions_;
  // What an import of the file says a name is; the one type among the candidates it can mean.
  TypeId imported(std::string_view path, std::string_view name, const std::vector<TypeId>& all,
                  bool& is_imported) const;

  std::map<std::pair<code::Family, std::string>, std::vector<TypeId>, std::less<>> by_name_;
  std::map<std::pair<std::string, std::string>, std::string, std::less<>>
      imports_;  // path, local name: module as a path
};

}  // namespace mira::semantics
