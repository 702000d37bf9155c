// The project as resolution sees it: interfaces of files, loaded from the index when
// first asked for, and which files offer a name, a base or a package. A Reader is
// the view of one file being resolved: all looking goes through it, so that every
// read, also one that found nothing, is on record. Answers are ordered by path and
// position, never by row ids, so a fresh index and a grown one give the same.
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "knowledge/code/resolve_keys.h"
#include "platform/store/connection.h"

namespace mira::code {

// One file's facts (whole for the file being resolved, else its interface) with indexes over them.
class SourceFile {
 public:
  SourceFile(std::int64_t id, std::string path, std::string language, Facts facts);
  SourceFile(const SourceFile&) = delete;
  SourceFile& operator=(const SourceFile&) = delete;

  const std::int64_t id;
  const std::string path;
  const std::string language;
  const Family family;
  const Facts facts;

  const Symbol& symbol(std::int32_t index) const { return facts.symbols[static_cast<std::size_t>(index)]; }
  // Positions of symbols with this last name, in order.
  std::span<const std::int32_t> named(std::string_view name) const;
  // Positions of direct children of a symbol (no_symbol: of the file) with this name.
  std::vector<std::int32_t> children(std::int32_t parent, std::string_view name) const;
  std::vector<std::int32_t> all_children(std::int32_t parent) const;
  // Assignments to a target in one scope, and to "self.x" anywhere in the file.
  std::vector<const Assignment*> assigned(std::int32_t scope, std::string_view target) const;
  std::vector<const Assignment*> assigned_anywhere(std::string_view target) const;
  std::vector<const TypedName*> typed(std::int32_t scope, std::string_view name) const;
  std::vector<const TypedName*> typed_anywhere(std::string_view name) const;
  // Imports that bind this local name, in any scope.
  std::vector<const Import*> imports_of(std::string_view local) const;

 private:
  template <class T>
  using ByText = std::unordered_map<std::string_view, std::vector<T>>;
  ByText<std::int32_t> by_name_;
  ByText<const Assignment*> by_target_;
  ByText<const TypedName*> by_typed_;
  ByText<const Import*> by_local_;
};

// The local name an import binds: its alias, its name, else the first ("a" of a.b) or last part of the
// module.
std::string_view local_name(const Import& import, Family family);

struct SymbolRef {
  const SourceFile* file = nullptr;
  std::int32_t index = no_symbol;
  const Symbol& operator*() const { return file->symbol(index); }
  const Symbol* operator->() const { return &file->symbol(index); }
  explicit operator bool() const { return file != nullptr; }
  bool operator==(const SymbolRef&) const = default;
};

class World {
 public:
  // Reads the list of files and what they offer; facts come later, one by one. Drops what it held.
  static base::Result<std::unique_ptr<World>> load(store::Connection& index);

  struct Entry {
    std::int64_t id;
    std::string path;
    std::string language;
    Family family;
    std::unique_ptr<SourceFile> interface;
  };
  Entry* entry(std::string_view path);
  Entry* entry(std::int64_t id);
  // Files that offer a listed key, by path. Empty: none.
  std::span<Entry* const> offering(Key key) const;
  // nullptr when its facts cannot be read; `failure()` then says why.
  const SourceFile* interface_of(Entry& entry);
  // The file with all its facts, for resolving it; owned by the caller.
  base::Result<std::unique_ptr<SourceFile>> whole(std::int64_t file_id);
  const base::Status& failure() const { return failure_; }

 private:
  explicit World(store::Connection& index) : index_(index) {}
  base::Status load_files();
  base::Status load_offers();

  store::Connection& index_;
  std::vector<std::unique_ptr<Entry>> files_;  // by path
  std::unordered_map<std::string_view, Entry*> by_path_;
  std::unordered_map<std::int64_t, Entry*> by_id_;
  std::unordered_map<Key, std::vector<Entry*>> offering_;
  base::Status failure_;
};

class Reader {
 public:
  Reader(World& world, const SourceFile& own) : world_(world), own_(own) {}

  const SourceFile& own() const { return own_; }
  bool has_file(std::string_view path);
  const SourceFile* file(std::string_view path);  // nullptr: no such file
  // Symbols of a last name over the own file's family (and language, outside the families), by path.
  // `too_many` is set, and nothing given, when more than `limit` files hold the name.
  std::vector<SymbolRef> named(std::string_view name, std::size_t limit, bool* too_many);
  // The same in one file, or in the files of one package or folder ("folder/").
  std::vector<SymbolRef> named_in(const SourceFile& file, std::string_view name);
  std::vector<SymbolRef> named_in_package(std::string_view package, std::string_view name);
  std::vector<const SourceFile*> package(std::string_view package);
  std::vector<const SourceFile*> manifests(std::string_view package);  // manifests that declare this name
  std::vector<SymbolRef> derived(std::string_view base);               // classes that name this base
  void read_imports(const SourceFile& file) { add(imports_key(file.path)); }
  void read_flow(const SourceFile& file, std::string_view what) { add(flow_key(file.path, what)); }

  // What was looked at: sorted 32-bit heads of keys. A shared head only wakes a file too often.
  std::vector<std::uint32_t> keys() const;

 private:
  void add(Key key) { keys_.insert(static_cast<std::uint32_t>(key)); }
  bool same_tongue(const World::Entry& entry) const;
  const SourceFile* open(World::Entry& entry);

  World& world_;
  const SourceFile& own_;
  std::unordered_set<std::uint32_t> keys_;
};

}  // namespace mira::code
