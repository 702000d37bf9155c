#include "knowledge/code/resolve_world.h"

#include <algorithm>
#include <cstring>

namespace mira::code {
namespace {

template <class Map>
auto found(const Map& map, std::string_view key) -> const typename Map::mapped_type* {
  auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

}  // namespace

std::string_view local_name(const Import& import, Family family) {
  if (!import.alias.empty()) return import.alias;
  if (!import.name.empty()) return import.name;
  std::string_view module = import.module;
  if (family == Family::python) return module.substr(0, module.find('.'));
  std::size_t cut = module.find_last_of("./:\\");
  return cut == std::string_view::npos ? module : module.substr(cut + 1);
}

SourceFile::SourceFile(std::int64_t file_id, std::string file_path, std::string file_language,
                       Facts file_facts)
    : id(file_id),
      path(std::move(file_path)),
      language(std::move(file_language)),
      family(family_of(language)),
      facts(std::move(file_facts)) {
  for (std::size_t i = 0; i < facts.symbols.size(); ++i)
    by_name_[facts.symbols[i].name].push_back(static_cast<std::int32_t>(i));
  for (const Assignment& one : facts.assignments) by_target_[one.target].push_back(&one);
  for (const TypedName& one : facts.typed_names) by_typed_[one.name].push_back(&one);
  for (const Import& one : facts.imports) by_local_[local_name(one, family)].push_back(&one);
}

std::span<const std::int32_t> SourceFile::named(std::string_view name) const {
  const auto* all = found(by_name_, name);
  return all ? std::span<const std::int32_t>(*all) : std::span<const std::int32_t>();
}

std::vector<std::int32_t> SourceFile::children(std::int32_t parent, std::string_view name) const {
  std::vector<std::int32_t> out;
  for (std::int32_t index : named(name))
    if (symbol(index).parent == parent) out.push_back(index);
  return out;
}

std::vector<std::int32_t> SourceFile::all_children(std::int32_t parent) const {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < facts.symbols.size(); ++i)
    if (facts.symbols[i].parent == parent) out.push_back(static_cast<std::int32_t>(i));
  return out;
}

std::vector<const Assignment*> SourceFile::assigned(std::int32_t scope, std::string_view target) const {
  std::vector<const Assignment*> out;
  if (const auto* all = found(by_target_, target))
    for (const Assignment* one : *all)
      if (one->scope == scope) out.push_back(one);
  return out;
}

std::vector<const Assignment*> SourceFile::assigned_anywhere(std::string_view target) const {
  const auto* all = found(by_target_, target);
  return all ? *all : std::vector<const Assignment*>();
}

std::vector<const TypedName*> SourceFile::typed(std::int32_t scope, std::string_view name) const {
  std::vector<const TypedName*> out;
  if (const auto* all = found(by_typed_, name))
    for (const TypedName* one : *all)
      if (one->scope == scope) out.push_back(one);
  return out;
}

std::vector<const TypedName*> SourceFile::typed_anywhere(std::string_view name) const {
  const auto* all = found(by_typed_, name);
  return all ? *all : std::vector<const TypedName*>();
}

std::vector<const Import*> SourceFile::imports_of(std::string_view local) const {
  const auto* all = found(by_local_, local);
  return all ? *all : std::vector<const Import*>();
}

base::Result<std::unique_ptr<World>> World::load(store::Connection& index) {
  std::unique_ptr<World> world(new World(index));
  MIRA_TRY(world->load_files());
  MIRA_TRY(world->load_offers());
  return world;
}

base::Status World::load_files() {
  MIRA_TRY(index_.each(
      "SELECT file_id, path, language FROM repository_files ORDER BY path", [&](const store::Row& row) {
        std::string language(row.text(2));
        Family family = family_of(language);
        files_.push_back(std::make_unique<Entry>(
            Entry{row.integer(0), std::string(row.text(1)), std::move(language), family, nullptr}));
        Entry* entry = files_.back().get();
        by_path_[entry->path] = entry;
        by_id_[entry->id] = entry;
      }));
  return {};
}

base::Status World::load_offers() {
  std::unordered_map<std::int64_t, std::vector<Key>> listed;
  MIRA_TRY(index_.each("SELECT file_id, offers FROM resolution_offers", [&](const store::Row& row) {
    std::string_view bytes = row.blob(1);
    std::vector<Key>& keys = listed[row.integer(0)];
    for (std::size_t at = 0; at + sizeof(Offer) <= bytes.size(); at += sizeof(Offer)) {
      Offer offer;
      std::memcpy(&offer, bytes.data() + at, sizeof offer);
      if (offer.listed != 0) keys.push_back(offer.key);
    }
  }));
  for (const auto& entry : files_) {
    auto keys = listed.find(entry->id);
    if (keys == listed.end()) continue;
    for (Key key : keys->second) offering_[key].push_back(entry.get());
  }
  return {};
}

World::Entry* World::entry(std::string_view path) {
  auto at = by_path_.find(path);
  return at == by_path_.end() ? nullptr : at->second;
}

World::Entry* World::entry(std::int64_t id) {
  auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

std::span<World::Entry* const> World::offering(Key key) const {
  auto at = offering_.find(key);
  return at == offering_.end() ? std::span<Entry* const>() : std::span<Entry* const>(at->second);
}

const SourceFile* World::interface_of(Entry& entry) {
  if (entry.interface) return entry.interface.get();
  Facts facts;
  auto read = index_.each(
      "SELECT interface FROM file_facts WHERE file_id = ?",
      [&](const store::Row& row) {
        auto decoded = decode(row.blob(0));
        if (decoded)
          facts = std::move(*decoded);
        else
          failure_ = std::unexpected(decoded.error());
      },
      entry.id);
  if (!read) failure_ = read;
  if (!failure_) return nullptr;
  entry.interface = std::make_unique<SourceFile>(entry.id, entry.path, entry.language, std::move(facts));
  return entry.interface.get();
}

base::Result<std::unique_ptr<SourceFile>> World::whole(std::int64_t file_id) {
  Entry* known = entry(file_id);
  if (!known) return base::fail(base::ErrorCode::failed, "a file to resolve is not in the index");
  Facts facts;
  base::Status bad;
  MIRA_TRY(index_.each(
      "SELECT facts FROM file_facts WHERE file_id = ?",
      [&](const store::Row& row) {
        auto decoded = decode(row.blob(0));
        if (decoded)
          facts = std::move(*decoded);
        else
          bad = std::unexpected(decoded.error());
      },
      file_id));
  MIRA_TRY(std::move(bad));
  return std::make_unique<SourceFile>(known->id, known->path, known->language, std::move(facts));
}

bool Reader::same_tongue(const World::Entry& entry) const {
  return entry.family == own_.family && (entry.family != Family::other || entry.language == own_.language);
}

const SourceFile* Reader::open(World::Entry& entry) {
  return entry.id == own_.id ? &own_ : world_.interface_of(entry);
}

bool Reader::has_file(std::string_view path) {
  add(file_key(path));
  return world_.entry(path) != nullptr;
}

const SourceFile* Reader::file(std::string_view path) {
  add(file_key(path));
  World::Entry* entry = world_.entry(path);
  return entry ? open(*entry) : nullptr;
}

std::vector<SymbolRef> Reader::named(std::string_view name, std::size_t limit, bool* too_many) {
  Key key = name_key(own_.family, name);
  add(key);
  std::vector<SymbolRef> out;
  std::span<World::Entry* const> entries = world_.offering(key);
  if (too_many) *too_many = entries.size() > limit;
  if (entries.size() > limit) return out;
  for (World::Entry* entry : entries) {
    if (!same_tongue(*entry)) continue;
    const SourceFile* file = open(*entry);
    if (!file) continue;
    for (std::int32_t index : file->named(name)) out.push_back({file, index});
  }
  return out;
}

std::vector<SymbolRef> Reader::named_in(const SourceFile& file, std::string_view name) {
  add(name_key(file.family, name));
  std::vector<SymbolRef> out;
  for (std::int32_t index : file.named(name)) out.push_back({&file, index});
  return out;
}

std::vector<const SourceFile*> Reader::package(std::string_view package) {
  Key key = package_key(own_.family, package);
  add(key);
  std::vector<const SourceFile*> out;
  for (World::Entry* entry : world_.offering(key))
    if (same_tongue(*entry))
      if (const SourceFile* file = open(*entry)) out.push_back(file);
  return out;
}

std::vector<const SourceFile*> Reader::manifests(std::string_view package) {
  Key key = package_key(Family::none, package);
  add(key);
  std::vector<const SourceFile*> out;
  for (World::Entry* entry : world_.offering(key))
    if (const SourceFile* file = open(*entry)) {
      read_imports(*file);
      out.push_back(file);
    }
  return out;
}

std::vector<SymbolRef> Reader::named_in_package(std::string_view package, std::string_view name) {
  add(name_key(own_.family, name));
  add(package_key(own_.family, package));
  std::vector<SymbolRef> out;
  for (World::Entry* entry : world_.offering(name_key(own_.family, name))) {
    if (!same_tongue(*entry)) continue;
    bool folder = package.ends_with('/') || package.empty();
    if (folder && std::string(folder_of(entry->path)) + "/" != package) continue;
    const SourceFile* file = open(*entry);
    if (!file || (!folder && file->facts.package != package)) continue;
    if (!folder) read_imports(*file);
    for (std::int32_t index : file->named(name)) out.push_back({file, index});
  }
  return out;
}

std::vector<SymbolRef> Reader::derived(std::string_view base) {
  Key key = derived_key(own_.family, base);
  add(key);
  std::vector<SymbolRef> out;
  for (World::Entry* entry : world_.offering(key)) {
    const SourceFile* file = same_tongue(*entry) ? open(*entry) : nullptr;
    if (!file) continue;
    for (std::size_t i = 0; i < file->facts.symbols.size(); ++i)
      for (const std::string& one : file->facts.symbols[i].bases)
        if (last_component(one) == base) {
          out.push_back({file, static_cast<std::int32_t>(i)});
          break;
        }
  }
  return out;
}

std::vector<std::uint32_t> Reader::keys() const {
  std::vector<std::uint32_t> out(keys_.begin(), keys_.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace mira::code
