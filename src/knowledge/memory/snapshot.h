// The documents of some scopes as one question sees them: the packed records of their
// segments, then the entries that wait, read whole. Records of segments never change,
// so they are kept between the questions of one process.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "knowledge/memory/segments.h"
#include "knowledge/memory/words.h"
#include "platform/store/connection.h"

namespace mira::memory {

// All documents in one numbering, in the order of entries within a scope.
inline constexpr std::size_t family_bytes = 5;  // so many first bytes make a family
inline constexpr int window_reach = 2;          // neighbours on each side that a window has

struct Snapshot {
  static constexpr std::uint32_t none = UINT32_MAX;

  std::vector<Document> documents;
  std::vector<std::uint32_t> previous, next;  // the neighbour in the same conversation, or none
  std::vector<std::uint32_t> conversation;    // dense number of each document's conversation
  std::vector<double> conversation_words;     // length of each conversation
  std::vector<char> with_program;             // does a program take part in each conversation
  std::vector<float> window_words;            // length of each document's window, see for_window
  double words = 0;                           // of all documents

  struct Part {
    std::int64_t segment = 0;
    std::uint32_t first = 0;  // number of its first document
  };
  std::vector<Part> parts;
  std::map<std::string, std::vector<Hit>, std::less<>> waiting;  // words of the entries that wait

  // Calls visit(document) for a document and those up to `reach` before and after it.
  template <class F>
  void for_window(std::uint32_t document, int reach, F&& visit) const {
    visit(document);
    std::uint32_t back = previous[document], forth = next[document];
    for (int i = 0; i < reach; ++i) {
      if (back != none) {
        visit(back);
        back = previous[back];
      }
      if (forth != none) {
        visit(forth);
        forth = next[forth];
      }
    }
  }
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

// Where a stem stands in the snapshot, and where any word of its family does (the same first
// letters: photo, photograph, photography; a short stem is its own family).
struct Standing {
  std::vector<Hit> exact;   // by document, rising within a part
  std::vector<Hit> family;  // a document as often as it has words of the family
};
base::Result<Standing> standing_of(store::Connection& main, const Snapshot& snapshot,
                                   const std::string& stem);

}  // namespace mira::memory
