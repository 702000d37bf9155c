#include "knowledge/memory/snapshot.h"

#include <algorithm>
#include <unordered_map>

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::size_t most_known = 32;  // snapshots kept

void add_waiting(Snapshot& snapshot, const Row& row, WordReader& reader) {
  std::vector<std::string> words;
  auto number = static_cast<std::uint32_t>(snapshot.documents.size());
  snapshot.documents.push_back(document_of({.entry = row.integer(0),
                                            .conversation = row.integer(1),
                                            .ordinal = row.integer(2),
                                            .said_ms = row.integer(3),
                                            .role = row.text(4),
                                            .origin = row.text(5),
                                            .speaker = row.text(6),
                                            .content = row.text(7)},
                                           reader, words));
  for (const std::string& word : words) {
    std::vector<Hit>& hits = snapshot.waiting[word];
    if (!hits.empty() && hits.back().document == number) {
      ++hits.back().count;
    } else {
      hits.push_back({number, 1});
    }
  }
}

Status add_scope(Connection& main, std::int64_t scope, Snapshot& snapshot, WordReader& reader) {
  MIRA_TRY(main.each(
      "SELECT s.segment_id, d.documents FROM memory_segments s JOIN memory_documents d"
      " ON d.segment_id = s.segment_id WHERE s.scope_id = ? ORDER BY s.segment_id, d.first_place",
      [&](const Row& row) {
        if (snapshot.parts.empty() || snapshot.parts.back().segment != row.integer(0))
          snapshot.parts.push_back({row.integer(0), static_cast<std::uint32_t>(snapshot.documents.size())});
        std::vector<Document> documents = unpack_documents(row.blob(1));
        snapshot.documents.insert(snapshot.documents.end(), documents.begin(), documents.end());
      },
      scope));
  return main.each(
      "SELECT entry_id, conversation_id, ordinal, said_ms, role, origin, speaker, content FROM memory_entries"
      " WHERE scope_id = ? AND segment_id = 0 ORDER BY entry_id",
      [&](const Row& row) { add_waiting(snapshot, row, reader); }, scope);
}

// Segments are merged without looking at the order, so neighbours are found by their place.
void link_neighbours(Snapshot& snapshot) {
  const std::size_t count = snapshot.size();
  snapshot.previous.assign(count, Snapshot::none);
  snapshot.next.assign(count, Snapshot::none);
  snapshot.conversation.resize(count);
  std::unordered_map<std::uint32_t, std::uint32_t> dense;
  std::unordered_map<std::uint64_t, std::uint32_t> by_place;
  by_place.reserve(count);
  auto place = [](std::uint32_t conversation, std::uint32_t ordinal) {
    return (static_cast<std::uint64_t>(conversation) << 32) | ordinal;
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    const Document& document = snapshot.documents[i];
    by_place[place(document.conversation, document.ordinal)] = i;
    auto number = static_cast<std::uint32_t>(dense.size());
    snapshot.conversation[i] = dense.try_emplace(document.conversation, number).first->second;
  }
  snapshot.conversation_words.assign(dense.size(), 0);
  snapshot.with_program.assign(dense.size(), 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Document& document = snapshot.documents[i];
    snapshot.words += document.words;
    snapshot.conversation_words[snapshot.conversation[i]] += document.words;
    if (!document.has(Document::by_person)) snapshot.with_program[snapshot.conversation[i]] = 1;
    auto after = by_place.find(place(document.conversation, document.ordinal + 1));
    if (after == by_place.end()) continue;
    snapshot.next[i] = after->second;
    snapshot.previous[after->second] = i;
  }
  snapshot.window_words.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    snapshot.for_window(i, window_reach, [&](std::uint32_t near) {
      snapshot.window_words[i] += snapshot.documents[near].words;
    });
  }
}

}  // namespace

Result<Snapshots::Key> Snapshots::key_of(Connection& main, const std::vector<std::int64_t>& scopes) {
  Key key;
  for (std::int64_t scope : scopes) {
    MIRA_TRY(main.each(
        "SELECT segment_id FROM memory_segments WHERE scope_id = ? ORDER BY segment_id",
        [&](const Row& row) { key.segments.push_back(row.integer(0)); }, scope));
    MIRA_TRY(main.each(
        "SELECT count(*), max(entry_id) FROM memory_entries WHERE scope_id = ? AND segment_id = 0",
        [&](const Row& row) {
          key.waiting += row.integer(0);
          key.last_waiting = std::max(key.last_waiting, row.integer(1));
        },
        scope));
  }
  return key;
}

Result<std::shared_ptr<const Snapshot>> Snapshots::take(Connection& main,
                                                        const std::vector<std::int64_t>& scopes,
                                                        WordReader& reader) {
  Key key = MIRA_TRY(key_of(main, scopes));
  auto known = known_.find(scopes);
  if (known != known_.end() && known->second.first == key) return known->second.second;
  auto snapshot = std::make_shared<Snapshot>();
  for (std::int64_t scope : scopes) MIRA_TRY(add_scope(main, scope, *snapshot, reader));
  link_neighbours(*snapshot);
  if (known_.size() >= most_known) known_.clear();
  known_[scopes] = {std::move(key), snapshot};
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

Result<Standing> standing_of(Connection& main, const Snapshot& snapshot, const std::string& stem) {
  Standing out;
  bool alone = stem.size() < family_bytes;
  std::string first = alone ? stem : stem.substr(0, family_bytes), last = first;
  if (!alone) last.back() = static_cast<char>(last.back() + 1);
  auto take = [&](std::string_view word, std::uint32_t base, auto&& append) {
    auto add_to = [&](std::vector<Hit>& list) {
      std::size_t before = list.size();
      append(list);
      for (std::size_t i = before; i < list.size(); ++i) list[i].document += base;
    };
    if (word == stem) add_to(out.exact);
    add_to(out.family);
  };
  for (const Snapshot::Part& part : snapshot.parts) {
    auto row = [&](const Row& found) {
      take(found.text(0), part.first, [&](std::vector<Hit>& list) { unpack_hits(found.blob(1), list); });
    };
    MIRA_TRY(
        alone ? main.each("SELECT word, hits FROM memory_postings WHERE segment_id = ? AND word = ?", row,
                          part.segment, stem)
              : main.each(
                    "SELECT word, hits FROM memory_postings WHERE segment_id = ? AND word >= ? AND word < ?",
                    row, part.segment, first, last));
  }
  for (auto at = snapshot.waiting.lower_bound(first);
       at != snapshot.waiting.end() && at->first.starts_with(first); ++at) {
    if (alone && at->first != stem) break;
    take(at->first, 0,
         [&](std::vector<Hit>& list) { list.insert(list.end(), at->second.begin(), at->second.end()); });
  }
  auto beyond = [&](const Hit& hit) { return hit.document >= snapshot.size(); };
  std::erase_if(out.exact, beyond);
  std::erase_if(out.family, beyond);
  return out;
}

}  // namespace mira::memory
