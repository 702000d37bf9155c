// Makes a TypeModel from the facts of files, one after the other in the order of their
// paths: members that stand outside their type (C++, Go, Rust) find it when all are there.
#pragma once

#include "knowledge/code/semantics/type_model.h"

namespace mira::semantics {

class ModelBuilder {
 public:
  void add(const std::string& path, std::string_view language, const code::Facts& facts);
  TypeModel finish();

 private:
  struct Outside {  // an operation whose type is named, not around it
    std::string path, owner;
    code::Family family;
    Operation operation;
  };

  void add_types(const std::string& path, code::Family family, const code::Facts& facts);
  void add_members(const std::string& path, code::Family family, const code::Facts& facts);
  void add_imports(const std::string& path, const code::Facts& facts);
  void add_initialisers(const code::Facts& facts);
  Operation read_operation(const std::string& path, code::Family family, const code::Facts& facts,
                           std::int32_t symbol) const;
  void attach_outside();
  void bind_bases();
  void name_own_members(Type& type);
  void find_fields(Type& type);
  void find_promoted_fields(Type& type);
  void bind_fields(Type& type);

  TypeModel model_;
  std::vector<Outside> outside_;
  std::vector<TypeId> of_symbol_;           // of the file at hand
  std::vector<std::int32_t> operation_of_;  // of the file at hand: the operation a nested symbol belongs to
};

}  // namespace mira::semantics
