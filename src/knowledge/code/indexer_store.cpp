#include "knowledge/code/indexer_store.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>
#include <unordered_map>

#include "knowledge/code/search_index.h"
#include "platform/base/hash.h"

namespace mira::code {
namespace {

using ElementKey = std::tuple<std::string, std::string, std::int64_t>;  // qualified name, kind, ordinal

struct OldElement {
  std::int64_t id;
  ElementKey key;
  std::int64_t content_hash;
  std::int64_t signature_hash;
  bool taken = false;
};

struct NewElement {
  ElementKey key;
  std::int64_t content_hash;
  std::int64_t signature_hash;
  std::int64_t id = 0;  // 0: a new one
};

std::int64_t signed_hash(std::uint64_t hash) {
  return static_cast<std::int64_t>(hash);
}

base::Result<std::vector<OldElement>> old_elements(store::Connection& index, std::int64_t file_id) {
  std::vector<OldElement> out;
  MIRA_TRY(index.each(
      "SELECT element_id, qualified_name, kind, ordinal, content_hash, signature_hash"
      " FROM code_elements WHERE file_id = ? ORDER BY element_id",
      [&](const store::Row& row) {
        out.push_back({row.integer(0),
                       {std::string(row.text(1)), std::string(row.text(2)), row.integer(3)},
                       row.integer(4),
                       row.integer(5)});
      },
      file_id));
  return out;
}

std::vector<NewElement> new_elements(const Facts& facts) {
  std::vector<NewElement> out;
  out.reserve(facts.symbols.size());
  std::map<std::pair<std::string_view, SymbolKind>, std::int64_t> ordinals;
  for (const Symbol& symbol : facts.symbols) {
    std::int64_t ordinal = ordinals[{symbol.qualified, symbol.kind}]++;
    out.push_back({{symbol.qualified, std::string(kind_name(symbol.kind)), ordinal},
                   signed_hash(symbol.body_hash),
                   signed_hash(base::hash64(symbol.signature))});
  }
  return out;
}

// Gives ids of untaken old elements to new ones that have none yet, where `same` is
// equal on both sides and unique among what is left.
template <class F>
void match_by(std::vector<OldElement>& old, std::vector<NewElement>& fresh, F same) {
  std::unordered_map<std::int64_t, std::vector<OldElement*>> left;
  for (OldElement& one : old)
    if (!one.taken) left[same(one)].push_back(&one);
  if (left.empty()) return;
  for (NewElement& one : fresh) {
    if (one.id != 0) continue;
    auto at = left.find(same(one));
    if (at == left.end() || at->second.size() != 1 || at->second.front()->taken) continue;
    if (std::get<1>(at->second.front()->key) != std::get<1>(one.key)) continue;
    one.id = at->second.front()->id;
    at->second.front()->taken = true;
  }
}

void keep_ids(std::vector<OldElement>& old, std::vector<NewElement>& fresh) {
  if (old.empty()) return;
  std::map<ElementKey, OldElement*> by_key;
  for (OldElement& one : old) by_key[one.key] = &one;
  for (NewElement& one : fresh) {
    auto at = by_key.find(one.key);
    if (at == by_key.end()) continue;
    one.id = at->second->id;
    at->second->taken = true;
  }
  match_by(old, fresh, [](const auto& one) { return one.signature_hash; });
  match_by(old, fresh, [](const auto& one) { return one.content_hash; });
}

std::string_view visibility_name(Visibility visibility) {
  switch (visibility) {
    case Visibility::public_:
      return "public";
    case Visibility::file:
      return "file";
    case Visibility::package:
      return "package";
    case Visibility::protected_:
      return "protected";
    case Visibility::private_:
      return "private";
  }
  return "public";
}

base::Status insert_element(store::Connection& index, std::int64_t file_id, const Symbol& symbol,
                            std::size_t position, const NewElement& element,
                            std::optional<std::int64_t> parent) {
  std::optional<std::int64_t> id;
  if (element.id != 0) id = element.id;
  return index.run(
      "INSERT INTO code_elements(element_id, file_id, qualified_name, name, kind, ordinal, symbol_index, "
      "parent_id,"
      " visibility, is_declaration, name_line, start_line, end_line, start_byte, end_byte, signature, doc,"
      " content_hash, signature_hash, complexity) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      id, file_id, symbol.qualified, symbol.name, kind_name(symbol.kind), std::get<2>(element.key), position,
      parent, visibility_name(symbol.visibility), static_cast<int>(symbol.declaration), symbol.name_line,
      symbol.start_line, symbol.end_line, symbol.start_byte, symbol.end_byte, symbol.signature, symbol.doc,
      element.content_hash, element.signature_hash, symbol.complexity);
}

base::Status store_elements(store::Connection& index, std::int64_t file_id, const Facts& facts, bool known) {
  std::vector<NewElement> fresh = new_elements(facts);
  if (known) {
    std::vector<OldElement> old = MIRA_TRY(old_elements(index, file_id));
    keep_ids(old, fresh);
    MIRA_TRY(index.run("DELETE FROM code_elements WHERE file_id = ?", file_id));
  }
  for (std::size_t i = 0; i < facts.symbols.size(); ++i) {
    const Symbol& symbol = facts.symbols[i];
    std::optional<std::int64_t> parent;
    if (symbol.parent >= 0 && static_cast<std::size_t>(symbol.parent) < i)
      parent = fresh[static_cast<std::size_t>(symbol.parent)].id;
    MIRA_TRY(insert_element(index, file_id, symbol, i, fresh[i], parent));
    if (fresh[i].id == 0) fresh[i].id = index.last_insert_id();
  }
  return {};
}

base::Result<std::vector<Offer>> stored_offers(store::Connection& index, std::int64_t file_id) {
  std::vector<Offer> out;
  MIRA_TRY(index.each(
      "SELECT offers FROM resolution_offers WHERE file_id = ?",
      [&](const store::Row& row) {
        std::string_view bytes = row.blob(0);
        out.resize(bytes.size() / sizeof(Offer));
        if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size() * sizeof(Offer));
      },
      file_id));
  return out;
}

base::Status store_offers(store::Connection& index, std::int64_t file_id, const FileRecord& record,
                          Wakening& wakening) {
  std::vector<Offer> before = MIRA_TRY(stored_offers(index, file_id));
  std::vector<Offer> after = offers_of(record.path, family_of(record.language), record.facts);
  std::vector<Key> changed = changed_keys(before, after);
  if (changed.empty()) return {};
  wakening.add(changed);
  std::string_view bytes(reinterpret_cast<const char*>(after.data()), after.size() * sizeof(Offer));
  return index.run("INSERT OR REPLACE INTO resolution_offers(file_id, offers) VALUES (?,?)", file_id,
                   store::Blob{bytes});
}

base::Result<std::int64_t> store_row(store::Connection& index, const FileRecord& record) {
  std::int64_t lines = std::count(record.text.begin(), record.text.end(), '\n');
  if (!record.text.empty() && record.text.back() != '\n') ++lines;
  MIRA_TRY(index.run(
      "INSERT INTO repository_files(path, language, content_hash, size, lines, mtime_ns, ctime_ns, inode, "
      "parse_state,"
      " generated, resolved) VALUES (?,?,?,?,?,?,?,?,?,?,0)"
      " ON CONFLICT(path) DO UPDATE SET language = excluded.language, content_hash = excluded.content_hash,"
      " size = excluded.size, lines = excluded.lines, mtime_ns = excluded.mtime_ns, ctime_ns = "
      "excluded.ctime_ns,"
      " inode = excluded.inode, parse_state = excluded.parse_state, generated = excluded.generated, resolved "
      "= 0",
      record.path, record.language, record.content_hash, record.stamp.size, lines, record.stamp.mtime_ns,
      record.stamp.ctime_ns, static_cast<std::int64_t>(record.stamp.inode),
      parse_state_name(record.facts.state), static_cast<int>(record.generated)));
  auto id = MIRA_TRY(index.integer("SELECT file_id FROM repository_files WHERE path = ?", record.path));
  if (!id) return base::fail(base::ErrorCode::failed, "a file row vanished while it was written");
  return *id;
}

}  // namespace

void Wakening::add(std::span<const Key> keys) {
  for (Key key : keys) keys_.insert(static_cast<std::uint32_t>(key));
}

base::Status Wakening::mark_readers() {
  if (keys_.empty()) return {};
  std::vector<std::int64_t> readers;
  std::vector<std::uint32_t> keys;
  MIRA_TRY(
      index_.each("SELECT r.file_id, r.keys FROM resolution_reads r JOIN repository_files f USING(file_id) "
                  "WHERE f.resolved = 1",
                  [&](const store::Row& row) {
                    std::string_view bytes = row.blob(1);
                    keys.resize(bytes.size() / sizeof(std::uint32_t));
                    if (!keys.empty())
                      std::memcpy(keys.data(), bytes.data(), keys.size() * sizeof(std::uint32_t));
                    bool woken = keys_.size() < keys.size() / 16
                                     ? std::ranges::any_of(
                                           keys_, [&](auto k) { return std::ranges::binary_search(keys, k); })
                                     : std::ranges::any_of(keys, [&](auto k) { return keys_.contains(k); });
                    if (woken) readers.push_back(row.integer(0));
                  }));
  for (std::int64_t reader : readers)
    MIRA_TRY(index_.run("UPDATE repository_files SET resolved = 0 WHERE file_id = ?", reader));
  keys_.clear();
  return {};
}

base::Status store_file(store::Connection& index, const FileRecord& record, Wakening& wakening) {
  auto known = MIRA_TRY(index.integer("SELECT file_id FROM repository_files WHERE path = ?", record.path));
  std::int64_t file_id = MIRA_TRY(store_row(index, record));
  Family family = family_of(record.language);
  std::string facts = encode(record.facts);
  std::string interface = encode(interface_of(record.facts, family));
  MIRA_TRY(index.run("INSERT OR REPLACE INTO file_facts(file_id, facts, interface) VALUES (?,?,?)", file_id,
                     store::Blob{facts}, store::Blob{interface}));
  MIRA_TRY(store_elements(index, file_id, record.facts, known.has_value()));
  MIRA_TRY(store_offers(index, file_id, record, wakening));
  return index_words(index, file_id, record.path, record.facts, record.text);
}

base::Status store_stamp(store::Connection& index, std::string_view path, const workspace::FileStamp& stamp) {
  return index.run(
      "UPDATE repository_files SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE path = ?",
      stamp.size, stamp.mtime_ns, stamp.ctime_ns, static_cast<std::int64_t>(stamp.inode), path);
}

base::Status remove_file(store::Connection& index, std::string_view path, Wakening& wakening) {
  auto file_id = MIRA_TRY(index.integer("SELECT file_id FROM repository_files WHERE path = ?", path));
  if (!file_id) return {};
  std::vector<Offer> offers = MIRA_TRY(stored_offers(index, *file_id));
  wakening.add(changed_keys(offers, {}));
  MIRA_TRY(forget_words(index, *file_id));
  MIRA_TRY(index.run("DELETE FROM call_graph WHERE file_id = ?", *file_id));
  MIRA_TRY(index.run("DELETE FROM external_dependencies WHERE file_id = ?", *file_id));
  MIRA_TRY(index.run("DELETE FROM code_elements WHERE file_id = ?", *file_id));
  MIRA_TRY(index.run("DELETE FROM resolution_reads WHERE file_id = ?", *file_id));
  MIRA_TRY(index.run("DELETE FROM resolution_offers WHERE file_id = ?", *file_id));
  MIRA_TRY(index.run("DELETE FROM file_facts WHERE file_id = ?", *file_id));
  return index.run("DELETE FROM repository_files WHERE file_id = ?", *file_id);
}

}  // namespace mira::code
