#include "platform/store/word_hits.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>
#include <unordered_map>

#include "platform/store/connection.h"
#include "platform/store/remembered.h"

namespace mira::store {
namespace {

// The blob: columns as one byte; four bytes of length for each; then for each word
// that hit, its position in two bytes and one byte of count for each column.
constexpr std::size_t most_columns = 16;
constexpr std::size_t length_bytes = sizeof(std::uint32_t), position_bytes = sizeof(std::uint16_t);

template <class Number>
void put(std::string& out, Number number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number get(std::string_view bytes, std::size_t at) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

constexpr const char* in_use = "word lengths in use";
constexpr std::size_t most_kept_rows = 100'000;

// Of the rows of one table, as they stand in the blob.
class Lengths {
 public:
  bool append(std::int64_t row, std::string& out) const {
    auto found = places_.find(row);
    if (found == places_.end()) return false;
    out.append(bytes_, found->second, width_);
    return true;
  }
  void keep(std::int64_t row, std::string_view lengths) {
    if (places_.size() == most_kept_rows || (!places_.empty() && lengths.size() != width_)) return;
    width_ = lengths.size();
    if (places_.emplace(row, bytes_.size()).second) bytes_ += lengths;
  }

 private:
  std::size_t width_ = 0;
  std::string bytes_;
  std::unordered_map<std::int64_t, std::size_t> places_;
};

struct LengthsByTable {
  static constexpr const char* remembered_as = "word lengths";
  std::map<std::string, std::shared_ptr<Lengths>, std::less<>> tables;
};

int append_lengths(const Fts5ExtensionApi* api, Fts5Context* fts, int columns, std::string& out) {
  for (int column = 0; column < columns; ++column) {
    int words = 0;
    if (int code = api->xColumnSize(fts, column, &words); code != SQLITE_OK) return code;
    put(out, static_cast<std::uint32_t>(words));
  }
  return SQLITE_OK;
}

int append_word(const Fts5ExtensionApi* api, Fts5Context* fts, int word, int columns, std::string& out) {
  std::array<std::uint8_t, most_columns> counts{};
  Fts5PhraseIter position;
  int column = -1, offset = 0;
  bool hit = false;
  int code = api->xPhraseFirst(fts, word, &position, &column, &offset);
  if (code != SQLITE_OK) return code;
  for (; column >= 0; api->xPhraseNext(fts, &position, &column, &offset)) {
    if (column >= columns) continue;
    std::uint8_t& count = counts[static_cast<std::size_t>(column)];
    if (count < 255) ++count;
    hit = true;
  }
  if (!hit) return SQLITE_OK;
  put(out, static_cast<std::uint16_t>(word));
  out.append(reinterpret_cast<const char*>(counts.data()), static_cast<std::size_t>(columns));
  return SQLITE_OK;
}

void word_hits(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* context, int,
               sqlite3_value**) {
  int columns = std::min(api->xColumnCount(fts), static_cast<int>(most_columns));
  std::string out(1, static_cast<char>(columns));
  auto* kept = static_cast<Lengths*>(sqlite3_get_clientdata(sqlite3_context_db_handle(context), in_use));
  int code = SQLITE_OK;
  if (kept == nullptr || !kept->append(api->xRowid(fts), out)) {
    code = append_lengths(api, fts, columns, out);
    if (kept != nullptr && code == SQLITE_OK) kept->keep(api->xRowid(fts), std::string_view(out).substr(1));
  }
  int words = api->xPhraseCount(fts);
  for (int word = 0; word < words && code == SQLITE_OK; ++word) {
    code = append_word(api, fts, word, columns, out);
  }
  if (code != SQLITE_OK) return sqlite3_result_error_code(context, code);
  sqlite3_result_blob(context, out.data(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

void word_totals(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* context, int,
                 sqlite3_value**) {
  sqlite3_int64 number = 0;
  int code = api->xRowCount(fts, &number);
  std::string out;
  put(out, static_cast<std::int64_t>(number));
  for (int column = 0; column < api->xColumnCount(fts) && code == SQLITE_OK; ++column) {
    code = api->xColumnTotalSize(fts, column, &number);
    put(out, static_cast<std::int64_t>(number));
  }
  if (code != SQLITE_OK) return sqlite3_result_error_code(context, code);
  sqlite3_result_blob(context, out.data(), static_cast<int>(out.size()), SQLITE_TRANSIENT);
}

fts5_api* full_text_api(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    (void)sqlite3_step(statement);  // the pointer tells whether it worked
  }
  sqlite3_finalize(statement);
  return api;
}

}  // namespace

base::Result<KeptLengths> KeptLengths::of(Connection& connection, std::string_view table) {
  auto tables = MIRA_TRY(remembered<LengthsByTable>(connection));
  std::shared_ptr<Lengths>& lengths = tables->tables[std::string(table)];
  if (!lengths) lengths = std::make_shared<Lengths>();
  return KeptLengths(connection.handle(), lengths);
}

KeptLengths::KeptLengths(sqlite3* database, std::shared_ptr<void> lengths)
    : database_(database), lengths_(std::move(lengths)) {
  (void)sqlite3_set_clientdata(database_, in_use, lengths_.get(), nullptr);  // without memory: not in use
}

KeptLengths::KeptLengths(KeptLengths&& other) noexcept
    : database_(other.database_), lengths_(std::move(other.lengths_)) {}

KeptLengths::~KeptLengths() {
  if (lengths_) (void)sqlite3_set_clientdata(database_, in_use, nullptr, nullptr);
}

WordHits::WordHits(std::string_view blob) : bytes_(blob) {
  if (blob.empty()) return;
  std::size_t columns = static_cast<unsigned char>(blob[0]);
  std::size_t head = 1 + columns * length_bytes;
  if (blob.size() < head) return;
  columns_ = columns;
  size_ = (blob.size() - head) / (position_bytes + columns);
}

std::uint32_t WordHits::words_in(std::size_t column) const {
  return get<std::uint32_t>(bytes_, 1 + column * length_bytes);
}

std::uint16_t WordHits::word(std::size_t hit) const {
  return get<std::uint16_t>(bytes_, 1 + columns_ * length_bytes + hit * (position_bytes + columns_));
}

std::uint8_t WordHits::count(std::size_t hit, std::size_t column) const {
  std::size_t at = 1 + columns_ * length_bytes + hit * (position_bytes + columns_) + position_bytes + column;
  return static_cast<std::uint8_t>(bytes_[at]);
}

WordTotals read_word_totals(std::string_view blob) {
  constexpr std::size_t number_bytes = sizeof(std::int64_t);
  WordTotals totals;
  if (blob.size() < number_bytes || blob.size() % number_bytes != 0) return totals;
  totals.rows = get<std::int64_t>(blob, 0);
  for (std::size_t at = number_bytes; at < blob.size(); at += number_bytes) {
    totals.words_in.push_back(get<std::int64_t>(blob, at));
  }
  return totals;
}

base::Status add_word_hits(sqlite3* database) {
  fts5_api* api = full_text_api(database);
  if (api == nullptr || api->xCreateFunction(api, "word_hits", nullptr, word_hits, nullptr) != SQLITE_OK ||
      api->xCreateFunction(api, "word_totals", nullptr, word_totals, nullptr) != SQLITE_OK) {
    return base::fail(base::ErrorCode::unavailable, "this SQLite has no full-text search",
                      "run a Mira that was built with SQLITE_ENABLE_FTS5");
  }
  return {};
}

}  // namespace mira::store
