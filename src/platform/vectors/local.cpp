#include "platform/vectors/local.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "platform/base/home.h"
#include "platform/store/file_lock.h"
#include "platform/store/migrate.h"
#include "platform/vectors/half.h"
#include "platform/vectors/unit.h"

namespace mira::vectors {

store::Schema schema();

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;
using store::Blob;
using store::Row;

constexpr std::size_t ranked_again = 50;          // of the scan, from the originals
constexpr std::int64_t lock_wait_ms = 10'000;     // of another process that writes
constexpr std::uint64_t sparse_slots = 4096;      // fewer are never compacted
constexpr std::uint64_t written_together = 1024;  // slots that making a file anew holds in memory

std::filesystem::path database_of(const std::filesystem::path& folder) {
  return folder / "vectors.db";
}

std::string packed(std::span<const float> numbers) {
  std::string out(numbers.size() * 2, '\0');
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint16_t half = half_of(numbers[i]);
    out[2 * i] = static_cast<char>(half & 0xFF);
    out[2 * i + 1] = static_cast<char>(half >> 8);
  }
  return out;
}

std::vector<float> unpacked(std::string_view bytes) {
  std::vector<float> out(bytes.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto low = static_cast<unsigned char>(bytes[2 * i]), high = static_cast<unsigned char>(bytes[2 * i + 1]);
    out[i] = float_of(static_cast<std::uint16_t>(low | high << 8));
  }
  return out;
}

Status migrate(store::Connection& connection, const std::filesystem::path& folder, std::int64_t now_ms) {
  const store::Schema ours[] = {schema()};
  MIRA_TRY(store::migrate(connection, database_of(folder), ours, store::Which::index, folder, now_ms));
  return {};
}

Result<store::Connection> open_database(const std::filesystem::path& folder, std::int64_t now_ms) {
  auto connection = MIRA_TRY(store::Connection::open(database_of(folder), {.secure_delete = true}));
  MIRA_TRY(migrate(connection, folder, now_ms));
  return connection;
}

}  // namespace

LocalIndex::LocalIndex(std::filesystem::path folder, store::Connection connection)
    : folder_(std::move(folder)), connection_(std::move(connection)) {}

bool LocalIndex::exists(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(database_of(folder), ignored);
}

Result<std::unique_ptr<LocalIndex>> LocalIndex::open(const std::filesystem::path& folder,
                                                     std::int64_t now_ms) {
  MIRA_TRY(base::make_private_folder(folder));
  const store::Schema ours[] = {schema()};
  if (exists(folder) && !MIRA_TRY(store::is_migratable(database_of(folder), ours, store::Which::index))) {
    auto lock = MIRA_TRY(store::FileLock::acquire(folder / "lock", "making the vectors anew",
                                                  base::Deadline::after_ms(lock_wait_ms)));
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(database_of(folder).string() + suffix, ignored);
  }
  auto connection = MIRA_TRY(open_database(folder, now_ms));
  return std::unique_ptr<LocalIndex>(new LocalIndex(folder, std::move(connection)));
}

std::filesystem::path LocalIndex::file_of(const Known& known) const {
  return folder_ / fmt::format("{}.codes", known.id);
}

Result<std::optional<LocalIndex::Known>> LocalIndex::find(const Space& space) {
  std::optional<Known> out;
  MIRA_TRY(connection_.each(
      "SELECT space_id, epoch, slots FROM vector_spaces WHERE collection = ? AND model = ? AND dimensions = "
      "?",
      [&](const Row& row) {
        out = Known{row.integer(0), static_cast<std::uint64_t>(row.integer(1)),
                    static_cast<std::uint64_t>(row.integer(2)), space.dimensions};
      },
      space.collection, space.model, space.dimensions));
  return out;
}

Result<LocalIndex::Known> LocalIndex::find_or_make(const Space& space) {
  if (auto known = MIRA_TRY(find(space))) return *known;
  MIRA_TRY(connection_.run("INSERT INTO vector_spaces (collection, model, dimensions) VALUES (?, ?, ?)",
                           space.collection, space.model, space.dimensions));
  return Known{connection_.last_insert_id(), 0, 0, space.dimensions};
}

Status LocalIndex::take_away(const Known& known, std::int64_t owner, Changes& changes) {
  auto slot = MIRA_TRY(connection_.integer("SELECT slot FROM vector_points WHERE space_id = ? AND owner = ?",
                                           known.id, owner));
  if (!slot) return {};
  MIRA_TRY(connection_.run("DELETE FROM vector_points WHERE space_id = ? AND slot = ?", known.id, *slot));
  MIRA_TRY(connection_.run("DELETE FROM vector_tags WHERE space_id = ? AND slot = ?", known.id, *slot));
  changes.gone.push_back(*slot);
  return {};
}

Status LocalIndex::put(Known& known, const Point& point, Changes& changes) {
  MIRA_TRY(take_away(known, point.owner, changes));
  std::uint64_t slot = known.slots++;
  std::string numbers = packed(point.numbers);
  MIRA_TRY(connection_.run(
      "INSERT INTO vector_points (space_id, slot, owner, content_hash, numbers) VALUES (?, ?, ?, ?, ?)",
      known.id, slot, point.owner, point.content_hash, Blob{numbers}));
  changes.originals += numbers;
  for (const std::string& tag : point.tags)
    MIRA_TRY(connection_.run("INSERT OR IGNORE INTO vector_tags (space_id, tag, slot) VALUES (?, ?, ?)",
                             known.id, tag, slot));
  append_code(point.numbers, point.owner, changes.codes);
  return {};
}

// Brings the file of codes from one epoch to the next; a file that shows neither is made anew by its next
// reader.
Status LocalIndex::follow(const Known& before, const Known& after, const Changes& changes) {
  std::vector<std::int64_t> gone;
  for (std::int64_t slot : changes.gone) {
    if (static_cast<std::uint64_t>(slot) < after.slots) gone.push_back(slot);
  }
  CodesHead head{
      .dimensions = after.dimensions, .epoch = after.epoch, .slots = after.slots, .made = after.epoch};
  if (before.slots > 0) {
    auto shown = Codes::map(file_of(before), before.dimensions, before.epoch, before.slots);
    if (!shown) return write_anew(after);
    head.made = shown->made();
  }
  auto writer = MIRA_TRY(CodesWriter::open(file_of(after), head, before.slots));
  MIRA_TRY(writer.append(changes.codes, changes.originals));
  MIRA_TRY(writer.clear(gone));
  return writer.finish();
}

Status LocalIndex::upsert(const Space& space, std::span<const Point> points) {
  std::vector<Point> ready(points.begin(), points.end());
  for (Point& point : ready) point.numbers = MIRA_TRY(unit(space, point.numbers));
  std::lock_guard guard(mutex_);
  auto lock = MIRA_TRY(
      store::FileLock::acquire(folder_ / "lock", "writing vectors", base::Deadline::after_ms(lock_wait_ms)));
  Known before, after;
  Changes changes;
  Status done = connection_.transaction([&]() -> Status {
    changes = {};
    before = after = MIRA_TRY(find_or_make(space));
    for (const Point& point : ready) MIRA_TRY(put(after, point, changes));
    ++after.epoch;
    return connection_.run("UPDATE vector_spaces SET epoch = ?, slots = ? WHERE space_id = ?", after.epoch,
                           after.slots, after.id);
  });
  MIRA_TRY(done);
  MIRA_TRY(follow(before, after, changes));
  return compact_if_sparse(space, after);
}

Status LocalIndex::remove(const Space& space, std::span<const std::int64_t> owners) {
  std::lock_guard guard(mutex_);
  auto lock = MIRA_TRY(
      store::FileLock::acquire(folder_ / "lock", "removing vectors", base::Deadline::after_ms(lock_wait_ms)));
  Known before, after;
  Changes changes;
  Status done = connection_.transaction([&]() -> Status {
    changes = {};
    auto known = MIRA_TRY(find(space));
    if (!known) return {};
    before = after = *known;
    for (std::int64_t owner : owners) MIRA_TRY(take_away(after, owner, changes));
    if (changes.gone.empty()) return {};
    ++after.epoch;
    return connection_.run("UPDATE vector_spaces SET epoch = ? WHERE space_id = ?", after.epoch, after.id);
  });
  MIRA_TRY(done);
  if (changes.gone.empty()) return {};
  MIRA_TRY(follow(before, after, changes));
  return compact_if_sparse(space, after);
}

// Gives the points that are left new slots once most of the old ones are gone. Under the lock.
Status LocalIndex::compact_if_sparse(const Space& space, const Known& known) {
  if (known.slots < sparse_slots) return {};
  auto left = static_cast<std::uint64_t>(
      MIRA_TRY(connection_.integer("SELECT count(*) FROM vector_points WHERE space_id = ?", known.id))
          .value_or(0));
  if (left * 2 > known.slots) return {};
  Status done = connection_.transaction([&]() -> Status {
    MIRA_TRY(
        connection_.run("CREATE TEMP TABLE moved AS SELECT slot AS was, row_number() OVER (ORDER BY slot) "
                        "- 1 AS becomes FROM vector_points WHERE space_id = ?",
                        known.id));
    MIRA_TRY(connection_.run("CREATE INDEX temp.moved_was ON moved(was)"));
    // Slots only ever fall, so in rising order none meets one that has not moved yet.
    MIRA_TRY(connection_.run(
        "UPDATE vector_tags SET slot = -1 - (SELECT becomes FROM moved WHERE was = slot) WHERE space_id = ?",
        known.id));
    MIRA_TRY(connection_.run("UPDATE vector_tags SET slot = -1 - slot WHERE space_id = ?", known.id));
    MIRA_TRY(
        connection_.run("UPDATE vector_points SET slot = -1 - (SELECT becomes FROM moved WHERE was = slot) "
                        "WHERE space_id = ?",
                        known.id));
    MIRA_TRY(connection_.run("UPDATE vector_points SET slot = -1 - slot WHERE space_id = ?", known.id));
    MIRA_TRY(connection_.run("DROP TABLE moved"));
    return connection_.run("UPDATE vector_spaces SET slots = ?, epoch = epoch + 1 WHERE space_id = ?", left,
                           known.id);
  });
  MIRA_TRY(done);
  auto now = MIRA_TRY(find(space));
  return now ? write_anew(*now) : Status{};
}

Status LocalIndex::write_anew(const Known& known) {
  CodesHead head{
      .dimensions = known.dimensions, .epoch = known.epoch, .slots = known.slots, .made = known.epoch};
  auto writer = MIRA_TRY(CodesWriter::open(file_of(known), head, 0));
  std::vector<char> codes;
  std::string originals;
  std::uint64_t first = 0;  // slot of what stands in both
  Status written;
  auto pad_to = [&](std::uint64_t slot) {
    codes.resize((slot - first) * code_bytes(known.dimensions));
    originals.resize((slot - first) * original_bytes(known.dimensions));
  };
  auto write_out = [&](std::uint64_t next) {
    if (written) written = writer.append(codes, originals);
    codes.clear();
    originals.clear();
    first = next;
  };
  MIRA_TRY(connection_.each(
      "SELECT slot, owner, numbers FROM vector_points WHERE space_id = ? ORDER BY slot",
      [&](const Row& row) {
        auto slot = static_cast<std::uint64_t>(row.integer(0));
        while (slot - first > written_together) {  // many that are gone
          pad_to(first + written_together);
          write_out(first + written_together);
        }
        pad_to(slot);
        std::vector<float> numbers = unpacked(row.blob(2));
        numbers.resize(known.dimensions);
        append_code(numbers, row.integer(1), codes);
        originals += packed(numbers);
        if (slot + 1 - first >= written_together) write_out(slot + 1);
      },
      known.id));
  pad_to(known.slots);
  write_out(known.slots);
  MIRA_TRY(written);
  return writer.finish();
}

// nullptr: the file does not show this epoch.
LocalIndex::Open* LocalIndex::open_codes(const Known& known) {
  Open& open = open_[known.id];
  if (open.codes.epoch() == known.epoch && known.epoch > 0) return &open;
  open.tags.clear();
  auto codes = Codes::map(file_of(known), known.dimensions, known.epoch, known.slots);
  if (!codes) return nullptr;
  open.codes = std::move(*codes);
  return &open;
}

// Nobody writes while this holds the lock, so rows and file can only differ after a crash, or when the
// file was deleted: it is made again.
Status LocalIndex::repair(const Space& space) {
  auto lock = MIRA_TRY(store::FileLock::acquire(folder_ / "lock", "making codes anew",
                                                base::Deadline::after_ms(lock_wait_ms)));
  auto known = MIRA_TRY(find(space));
  if (!known || known->slots == 0 || open_codes(*known) != nullptr) return {};
  return write_anew(*known);
}

Result<const Bitmap*> LocalIndex::tagged(Open& open, const Known& known, const std::string& tag) {
  auto found = open.tags.find(tag);
  if (found != open.tags.end()) return &found->second;
  Bitmap bitmap;
  MIRA_TRY(connection_.each(
      "SELECT slot FROM vector_tags WHERE space_id = ? AND tag = ?",
      [&](const Row& row) { bitmap.set(static_cast<std::size_t>(row.integer(0))); }, known.id, tag));
  return &open.tags.emplace(tag, std::move(bitmap)).first->second;
}

Result<std::optional<Bitmap>> LocalIndex::passing(Open& open, const Known& known, const Filter& filter) {
  std::optional<Bitmap> out;
  for (const auto& group : filter.groups) {
    Bitmap any;
    for (const std::string& tag : group) any.add(*MIRA_TRY(tagged(open, known, tag)));
    if (out) {
      out->keep(any);
    } else {
      out = std::move(any);
    }
  }
  return out;
}

// The candidates of a scan by the scores of their originals. One that cannot be among the best `limit` any
// more, however its code was rounded, is left out unread: reading an original is a page that nothing else
// asks for.
std::vector<Near> by_originals(const Codes& codes, std::span<const float> asked,
                               const std::vector<Candidate>& found, std::size_t limit) {
  std::vector<Near> out;
  std::vector<float> heap;  // the best `limit` scores so far, the least of them first
  auto dot_halves = scan_kernels().dot_halves;
  for (const Candidate& one : found) {
    if (limit > 0 && heap.size() >= limit && one.score + one.error < heap.front()) continue;
    float score = dot_halves(asked.data(), codes.original(one.slot), asked.size());
    out.push_back({one.owner, score});
    heap.push_back(score);
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
    if (heap.size() <= limit) continue;
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    heap.pop_back();
  }
  std::sort(out.begin(), out.end(), [](const Near& a, const Near& b) {
    return a.score != b.score ? a.score > b.score : a.owner < b.owner;
  });
  return out;
}

// Of one moment: the files show the epoch that the rows of this transaction have.
Result<std::optional<Neighbours>> LocalIndex::nearest_now(const Space& space, std::span<const float> asked,
                                                          std::size_t limit, const Filter& filter) {
  auto known = MIRA_TRY(find(space));
  if (!known || known->slots == 0) return Neighbours{};
  Open* open = open_codes(*known);
  if (open == nullptr) return std::nullopt;
  auto only = MIRA_TRY(passing(*open, *known, filter));
  Scanned scanned = scan(open->codes.data(), open->codes.slots(), asked, std::max(limit, ranked_again),
                         only ? &*only : nullptr);
  Neighbours out{.looked_at = scanned.looked_at};
  auto count = static_cast<double>(std::max<std::size_t>(1, scanned.looked_at));
  out.mean = scanned.sum / count;
  out.deviation = std::sqrt(std::max(0.0, scanned.squares / count - out.mean * out.mean));
  std::size_t again = std::min(ranked_again, scanned.best.size());
  std::vector<Candidate> rest(scanned.best.begin() + static_cast<std::ptrdiff_t>(again), scanned.best.end());
  scanned.best.resize(again);
  out.best = by_originals(open->codes, asked, scanned.best, limit);
  for (const Candidate& one : rest) out.best.push_back({one.owner, one.score});
  if (out.best.size() > limit) out.best.resize(limit);
  return out;
}

Result<Neighbours> LocalIndex::nearest(const Space& space, std::span<const float> question, std::size_t limit,
                                       const Filter& filter) {
  std::vector<float> asked = MIRA_TRY(unit(space, question));
  std::lock_guard guard(mutex_);
  constexpr int tries = 3;  // between a repair and the next look another process may have written
  for (int i = 0; i < tries; ++i) {
    MIRA_TRY(connection_.run("BEGIN"));
    auto answer = nearest_now(space, asked, limit, filter);
    connection_.roll_back();
    if (!answer) return std::unexpected(std::move(answer).error());
    if (*answer) return std::move(**answer);
    MIRA_TRY(repair(space));
  }
  return fail(ErrorCode::locked, "the vectors change faster than they can be read", "try again");
}

Result<std::map<std::int64_t, std::string>> LocalIndex::owners(const Space& space) {
  std::lock_guard guard(mutex_);
  std::map<std::int64_t, std::string> out;
  auto known = MIRA_TRY(find(space));
  if (!known) return out;
  MIRA_TRY(connection_.each(
      "SELECT owner, content_hash FROM vector_points WHERE space_id = ?",
      [&](const Row& row) { out.emplace(row.integer(0), row.text(1)); }, known->id));
  return out;
}

Result<std::vector<Space>> LocalIndex::spaces(const std::string& collection) {
  std::lock_guard guard(mutex_);
  std::vector<Space> out;
  MIRA_TRY(connection_.each(
      "SELECT model, dimensions FROM vector_spaces s WHERE collection = ?"
      " AND EXISTS (SELECT 1 FROM vector_points p WHERE p.space_id = s.space_id) ORDER BY space_id",
      [&](const Row& row) {
        out.push_back({collection, std::string(row.text(0)), static_cast<std::size_t>(row.integer(1))});
      },
      collection));
  return out;
}

Status LocalIndex::drop(const Space& space) {
  std::lock_guard guard(mutex_);
  auto lock = MIRA_TRY(
      store::FileLock::acquire(folder_ / "lock", "dropping vectors", base::Deadline::after_ms(lock_wait_ms)));
  auto known = MIRA_TRY(find(space));
  if (!known) return {};
  Status done = connection_.transaction([&]() -> Status {
    MIRA_TRY(connection_.run("DELETE FROM vector_tags WHERE space_id = ?", known->id));
    MIRA_TRY(connection_.run("DELETE FROM vector_points WHERE space_id = ?", known->id));
    return connection_.run("DELETE FROM vector_spaces WHERE space_id = ?", known->id);
  });
  MIRA_TRY(done);
  open_.erase(known->id);
  std::error_code ignored;
  for (const auto& file : {file_of(*known), originals_beside(file_of(*known))})
    std::filesystem::remove(file, ignored);
  return {};
}

Result<std::int64_t> LocalIndex::count(const Space& space) {
  std::lock_guard guard(mutex_);
  auto known = MIRA_TRY(find(space));
  if (!known) return 0;
  auto count =
      MIRA_TRY(connection_.integer("SELECT count(*) FROM vector_points WHERE space_id = ?", known->id));
  return count.value_or(0);
}

Result<std::optional<std::vector<float>>> LocalIndex::of_content(const Space& space,
                                                                 const std::string& content_hash) {
  std::lock_guard guard(mutex_);
  std::optional<std::vector<float>> out;
  auto known = MIRA_TRY(find(space));
  if (!known) return out;
  MIRA_TRY(connection_.each(
      "SELECT numbers FROM vector_points WHERE space_id = ? AND content_hash = ? LIMIT 1",
      [&](const Row& row) { out = unpacked(row.blob(0)); }, known->id, content_hash));
  return out;
}

}  // namespace mira::vectors
