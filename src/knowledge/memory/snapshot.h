// The documents of some scopes as one question sees them: the packed records of their
// segments, then the entries that wait, read whole. Records of segments never change,
// so they are kept between the questions of one process.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/memory/segments.h"
#include "knowledge/memory/words.h"
#include "platform/store/connection.h"

namespace mira::memory {

// All documents in one numbering, in the order of entries within a scope.
struct Snapshot {
  static constexpr std::uint32_t none = UINT32_MAX;

  std::vector<Document> documents;
  std::vector<std::uint32_t> previous, next;  // the neighbour in the same conversation, or none
  std::vector<std::uint32_t> conversation;    // dense number of each document's conversation
  std::vector<double> conversation_words;     // length of each conversation
  double words = 0;                           // of all documents

  struct Part {
    std::int64_t segment = 0;
    std::uint32_t first = 0;  // number of its first document
  };
  std::vector<Part> parts;
  std::unordered_map<std::string, std::vector<Hit>> waiting;  // words of the entries that wait

  std::size_t size() const { return documents.size(); }
};

class Snapshots {
 public:
  // Call inside a read transaction.
  base::Result<std::shared_ptr<const Snapshot>> take(store::Connection& main,
                                                     const std::vector<std::int64_t>& scopes,
                                                     WordReader& reader);

 private:
  struct Key {
    std::vector<std::int64_t> segments;
    std::int64_t waiting = 0, last_waiting = 0;
    bool operator==(const Key&) const = default;
  };
  base::Result<Key> key_of(store::Connection& main, const std::vector<std::int64_t>& scopes);

  std::map<std::vector<std::int64_t>, std::pair<Key, std::shared_ptr<const Snapshot>>> known_;
};

// Where a word stands in the snapshot, by document.
base::Result<std::vector<Hit>> hits_of(store::Connection& main, const Snapshot& snapshot,
                                       const std::string& word);

}  // namespace mira::memory
