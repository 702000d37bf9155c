#include "knowledge/git/history.h"

#include <algorithm>
#include <cstring>

namespace mira::git {
namespace {

void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void put_signed(std::string& out, std::int64_t value) {
  put(out, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

// Reads what put() wrote; `bad` once anything does not fit.
struct Reader {
  const char* at;
  const char* end;
  bool bad = false;

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at != end; shift += 7) {
      auto byte = static_cast<std::uint8_t>(*at++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    bad = true;
    return 0;
  }
  std::int64_t signed_number() {
    std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  void bytes(void* to, std::size_t count) {
    if (static_cast<std::size_t>(end - at) < count) {
      bad = true;
      return;
    }
    std::memcpy(to, at, count);
    at += count;
  }
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void encode_changes(std::string& out, std::span<const Change> changes) {
  put(out, changes.size());
  std::int64_t previous = 0;
  for (const Change& change : changes) {
    out += change.status;
    put_signed(out, std::int64_t{change.path} - previous);
    previous = change.path;
    if (change.status == 'R') put_signed(out, std::int64_t{change.old_path} - previous);
  }
}

void decode_changes(Reader& in, History& history, Commit& commit) {
  std::uint64_t count = in.number();
  commit.first_change = static_cast<std::uint32_t>(history.changes.size());
  commit.change_count = static_cast<std::uint32_t>(count);
  std::int64_t previous = 0;
  for (std::uint64_t i = 0; i < count && !in.bad; ++i) {
    Change change;
    in.bytes(&change.status, 1);
    previous += in.signed_number();
    change.path = static_cast<std::uint32_t>(previous);
    if (change.status == 'R') change.old_path = static_cast<std::uint32_t>(previous + in.signed_number());
    history.changes.push_back(change);
  }
}

}  // namespace

CommitHash hash_from_hex(std::string_view hex) {
  CommitHash out;
  for (std::size_t i = 0; i + 1 < hex.size() && i / 2 < out.bytes.size(); i += 2) {
    out.bytes[i / 2] = static_cast<std::uint8_t>((hex_digit(hex[i]) << 4) | hex_digit(hex[i + 1]));
  }
  return out;
}

std::string hash_to_hex(const CommitHash& hash, std::size_t digits) {
  constexpr std::string_view alphabet = "0123456789abcdef";
  std::string out(digits, '0');
  for (std::size_t i = 0; i < digits; ++i) {
    std::uint8_t byte = hash.bytes[i / 2];
    out[i] = alphabet[i % 2 == 0 ? byte >> 4 : byte & 15];
  }
  return out;
}

bool before(const Commit& a, const Commit& b) {
  if (a.order_time_s != b.order_time_s) return a.order_time_s < b.order_time_s;
  if (a.generation != b.generation) return a.generation < b.generation;
  return a.hash < b.hash;
}

std::optional<std::size_t> History::find(std::string_view hex_prefix) const {
  if (hex_prefix.empty() || hex_prefix.size() > hash_digits) return std::nullopt;
  if (std::ranges::any_of(hex_prefix, [](char c) { return hex_digit(c) < 0; })) return std::nullopt;
  CommitHash wanted = hash_from_hex(hex_prefix);
  std::size_t whole = hex_prefix.size() / 2;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const CommitHash& hash = commits[i].hash;
    if (std::memcmp(hash.bytes.data(), wanted.bytes.data(), whole) != 0) continue;
    if (hex_prefix.size() % 2 == 1 && hash.bytes[whole] >> 4 != hex_digit(hex_prefix.back())) continue;
    return i;
  }
  return std::nullopt;
}

std::string encode_segment(const History& history, std::size_t first, std::size_t count) {
  std::string out;
  put(out, history.hash_digits);
  put(out, count);
  std::int64_t id = 0, time = 0, generation = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    const Commit& commit = history.commits[i];
    put_signed(out, commit.commit_id - id);
    put_signed(out, commit.order_time_s - time);
    put_signed(out, commit.author_time_s - commit.order_time_s);
    put_signed(out, std::int64_t{commit.generation} - generation);
    put(out, std::uint64_t{commit.author_id} * 2 + (commit.merge ? 1 : 0));
    out.append(reinterpret_cast<const char*>(commit.hash.bytes.data()), history.hash_digits / 2);
    encode_changes(out, history.changes_of(commit));
    id = commit.commit_id;
    time = commit.order_time_s;
    generation = commit.generation;
  }
  return out;
}

base::Status decode_segment(std::string_view bytes, History& history) {
  Reader in{bytes.data(), bytes.data() + bytes.size()};
  history.hash_digits = in.number();
  in.bad |= history.hash_digits != 40 && history.hash_digits != 64;
  std::uint64_t count = in.number();
  std::int64_t id = 0, time = 0, generation = 0;
  for (std::uint64_t i = 0; i < count && !in.bad; ++i) {
    Commit commit;
    commit.commit_id = id += in.signed_number();
    commit.order_time_s = time += in.signed_number();
    commit.author_time_s = time + in.signed_number();
    commit.generation = static_cast<std::uint32_t>(generation += in.signed_number());
    std::uint64_t author = in.number();
    commit.author_id = static_cast<std::uint32_t>(author / 2);
    commit.merge = author % 2 == 1;
    in.bytes(commit.hash.bytes.data(), history.hash_digits / 2);
    decode_changes(in, history, commit);
    if (!in.bad) history.commits.push_back(commit);
  }
  if (!in.bad) return {};
  return base::fail(base::ErrorCode::failed, "The stored history is damaged.",
                    "Delete the project's index.db; `mira index` makes it again.");
}

base::Result<History> load_history(store::Connection& index) {
  History history;
  base::Status decoded;
  MIRA_TRY(
      index.each("SELECT commits FROM git_history_segments ORDER BY segment", [&](const store::Row& row) {
        decoded = decode_segment(row.blob(0), history);
        return decoded.has_value();
      }));
  MIRA_TRY(std::move(decoded));
  return history;
}

base::Status store_history(store::Connection& index, const History& history, std::size_t first) {
  std::size_t segment = first / segment_commits;
  MIRA_TRY(index.run("DELETE FROM git_history_segments WHERE segment >= ?", segment));
  for (; segment * segment_commits < history.commits.size(); ++segment) {
    std::size_t start = segment * segment_commits;
    std::size_t count = std::min(segment_commits, history.commits.size() - start);
    std::string bytes = encode_segment(history, start, count);
    MIRA_TRY(index.run("INSERT INTO git_history_segments(segment, commits) VALUES (?, ?)", segment,
                       store::Blob{bytes}));
  }
  return {};
}

}  // namespace mira::git
