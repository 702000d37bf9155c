// What a full-text query hit in one row, for callers that rank by more than
// FTS5's bm25 knows: word_hits(table) is an SQL function of every connection whose
// blob says how often each word of the MATCH expression stands in each column, and
// how many words each column has. One call a row; the rest is arithmetic.
//   SELECT rowid, word_hits(t) FROM t WHERE t MATCH ?
// word_totals(table) tells the same of all rows; one row of any MATCH is enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

struct sqlite3;

namespace mira::store {

// A view into the blob, read without copying.
class WordHits {
 public:
  // Bytes that are no such blob read as no columns and no hits.
  explicit WordHits(std::string_view blob);

  std::size_t columns() const { return columns_; }
  std::uint32_t words_in(std::size_t column) const;  // length of a column in words
  std::size_t size() const { return size_; }         // words of the expression that hit
  std::uint16_t word(std::size_t hit) const;
  std::uint8_t count(std::size_t hit, std::size_t column) const;

 private:
  std::string_view bytes_;
  std::size_t columns_ = 0, size_ = 0;
};

// Of a whole table: rows, and words in each column. As above for bytes that are no such blob.
struct WordTotals {
  std::int64_t rows = 0;
  std::vector<std::int64_t> words_in;
};
WordTotals read_word_totals(std::string_view blob);

class Connection;

// While it lives, word_hits() of this connection looks up the lengths of a row's columns once for as long as
// the database is unchanged: half of what it costs. For queries of the one table that is named, inside a
// read transaction; elsewhere it does nothing.
class KeptLengths {
 public:
  static base::Result<KeptLengths> of(Connection& connection, std::string_view table);
  KeptLengths(KeptLengths&& other) noexcept;
  KeptLengths& operator=(KeptLengths&&) = delete;
  ~KeptLengths();

 private:
  KeptLengths(sqlite3* database, std::shared_ptr<void> lengths);
  sqlite3* database_;
  std::shared_ptr<void> lengths_;
};

// Adds the functions to a connection. For platform/store.
base::Status add_word_hits(sqlite3* database);

}  // namespace mira::store
