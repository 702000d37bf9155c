// Writes one file's knowledge: its row, facts, elements, words and offers. Elements
// keep their ids across edits, so what refers to them stays true. Whoever read
// something that changed here is marked to be resolved again, in the same
// transaction; a killed run loses time, never the truth.
#pragma once

#include <unordered_set>

#include "knowledge/code/resolve_keys.h"
#include "platform/store/connection.h"
#include "platform/workspace/tree.h"

namespace mira::code {

struct FileRecord {
  std::string path;
  std::string language;
  std::string content_hash;
  workspace::FileStamp stamp;
  Facts facts;
  std::string text;  // repaired, secrets masked; empty when there is nothing to search
  bool generated = false;
};

// Collects changed keys over a transaction and marks their readers at its end.
class Wakening {
 public:
  explicit Wakening(store::Connection& index) : index_(index) {}
  void add(std::span<const Key> keys);
  base::Status mark_readers();  // resolved = 0 for each file that read one of the keys

 private:
  store::Connection& index_;
  std::unordered_set<std::uint32_t> keys_;
};

// Adds or replaces a file. Must run inside a transaction.
base::Status store_file(store::Connection& index, const FileRecord& record, Wakening& wakening);
// The same content under a new stamp: only the stamp is written.
base::Status store_stamp(store::Connection& index, std::string_view path, const workspace::FileStamp& stamp);
base::Status remove_file(store::Connection& index, std::string_view path, Wakening& wakening);

}  // namespace mira::code
