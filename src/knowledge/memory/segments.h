// The full text of memory: for each scope a few immutable segments, each a list of
// documents and, word by word, which of them hold it and how often. FTS5 takes 130 ms
// (p95) over 60,000 messages because it scores every row it meets through the
// database; here a word is one read of one packed list, and the arithmetic happens in
// memory. New entries wait unindexed until there are enough of them and are read
// whole by each question; segments of one size are merged into the next.
// Everything here can be made again from memory_entries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/memory/words.h"
#include "platform/store/connection.h"

namespace mira::memory {

inline constexpr std::int64_t waiting_entries = 64;    // so many make a segment
inline constexpr int segments_of_a_size = 6;           // more are merged
inline constexpr int size_step = 8;                    // each size is so many times the one before
inline constexpr std::uint32_t block_documents = 240;  // records read at once: a page of the database

// What a question needs of an entry before it reads its text. Stored as it is.
struct Document {
  enum Mark : std::uint16_t {
    by_person = 1,      // not by a program
    asks = 2,           // holds a question mark
    dated = 4,          // says when
    numbered = 8,       // holds a number
    recalled = 16,      // text that Mira itself had told
    remembered = 32,    // told by the user to be kept
    acknowledges = 64,  // this and the next: see cues.h
    instructs = 128,
    prefers = 256,
    changes = 512,
    replaces = 1024
  };
  bool has(Mark mark) const { return (marks & mark) != 0; }

  std::int64_t entry = 0;
  std::int64_t said_ms = 0;  // 0: unknown
  std::uint32_t conversation = 0;
  std::uint32_t ordinal = 0;
  std::uint32_t speaker = 0;  // hash of the folded name
  std::uint16_t words = 0;    // length, 65535 at most
  std::uint16_t marks = 0;
};
static_assert(sizeof(Document) == 32);

struct Hit {
  std::uint32_t document;  // place in the segment
  std::uint32_t count;
};

std::uint32_t speaker_hash(std::string_view name);

// An entry as it is stored, for indexing.
struct EntryText {
  std::int64_t entry = 0, conversation = 0, ordinal = 0, said_ms = 0;
  std::string_view role, origin, speaker, content;
};
// Document of an entry and its words, in order.
Document document_of(const EntryText& entry, WordReader& reader, std::vector<std::string>& words);

// Indexes waiting entries of a scope when there are at least `least` of them, and merges
// what has become many. Inside a transaction.
base::Status seal(store::Connection& main, std::int64_t scope, std::int64_t least);

// Makes the segment anew without entries that are gone; the word lists of those are
// nowhere any more. Inside a transaction.
base::Status rebuild_segment(store::Connection& main, std::int64_t segment);

std::vector<Document> unpack_documents(std::string_view blob);
// One record; nullopt where the segment has none.
base::Result<std::optional<Document>> document_at(store::Connection& main, std::int64_t segment,
                                                  std::uint32_t place);
// Appends; a cut or foreign blob ends the list early.
void unpack_hits(std::string_view blob, std::vector<Hit>& out);

}  // namespace mira::memory
