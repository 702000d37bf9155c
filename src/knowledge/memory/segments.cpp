#include "knowledge/memory/segments.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "knowledge/memory/cues.h"
#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

void put_number(std::string& out, std::uint32_t number) {
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}

// False at the end or in the middle of a number.
bool take_number(std::string_view& bytes, std::uint32_t& number) {
  number = 0;
  for (int shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

struct Building {
  std::vector<Document> documents;
  std::map<std::string, std::vector<Hit>, std::less<>> hits;
};

void add(Building& building, const EntryText& entry, WordReader& reader) {
  std::vector<std::string> words;
  auto place = static_cast<std::uint32_t>(building.documents.size());
  building.documents.push_back(document_of(entry, reader, words));
  for (std::string& word : words) {
    std::vector<Hit>& list = building.hits[std::move(word)];
    if (!list.empty() && list.back().document == place) {
      ++list.back().count;
    } else {
      list.push_back({place, 1});
    }
  }
}

std::string pack(const std::vector<Hit>& hits) {
  std::string out;
  std::uint32_t before = 0;
  for (const Hit& hit : hits) {
    put_number(out, hit.document - before);
    put_number(out, hit.count);
    before = hit.document;
  }
  return out;
}

Status write_documents(Connection& main, std::int64_t segment, const std::vector<Document>& documents) {
  for (std::size_t first = 0; first < documents.size(); first += block_documents) {
    std::size_t count = std::min<std::size_t>(block_documents, documents.size() - first);
    std::string_view block(reinterpret_cast<const char*>(documents.data() + first), count * sizeof(Document));
    MIRA_TRY(main.run("INSERT INTO memory_documents(segment_id, first_place, documents) VALUES (?, ?, ?)",
                      segment, first, store::Blob{block}));
  }
  return {};
}

Status write(Connection& main, std::int64_t scope, const Building& building) {
  MIRA_TRY(main.run("INSERT INTO memory_segments(scope_id, entries) VALUES (?, ?)", scope,
                    building.documents.size()));
  std::int64_t segment = main.last_insert_id();
  MIRA_TRY(write_documents(main, segment, building.documents));
  for (const auto& [word, hits] : building.hits) {
    std::string packed = pack(hits);
    MIRA_TRY(main.run("INSERT INTO memory_postings(segment_id, word, hits) VALUES (?, ?, ?)", segment, word,
                      store::Blob{packed}));
  }
  for (const Document& document : building.documents) {
    MIRA_TRY(
        main.run("UPDATE memory_entries SET segment_id = ? WHERE entry_id = ?", segment, document.entry));
  }
  return {};
}

EntryText entry_of(const Row& row) {
  return {.entry = row.integer(0),
          .conversation = row.integer(1),
          .ordinal = row.integer(2),
          .said_ms = row.integer(3),
          .role = row.text(4),
          .origin = row.text(5),
          .speaker = row.text(6),
          .content = row.text(7)};
}

Status drop(Connection& main, std::int64_t segment) {
  MIRA_TRY(main.run("DELETE FROM memory_postings WHERE segment_id = ?", segment));
  MIRA_TRY(main.run("DELETE FROM memory_documents WHERE segment_id = ?", segment));
  return main.run("DELETE FROM memory_segments WHERE segment_id = ?", segment);
}

// Makes one segment of all entries of the given ones, in the order of entries.
Status merge(Connection& main, std::int64_t scope, const std::vector<std::int64_t>& segments) {
  for (std::int64_t segment : segments) {
    MIRA_TRY(main.run("UPDATE memory_entries SET segment_id = 0 WHERE segment_id = ?", segment));
    MIRA_TRY(drop(main, segment));
  }
  Building building;
  WordReader reader;
  MIRA_TRY(main.each(
      "SELECT entry_id, conversation_id, ordinal, said_ms, role, origin, speaker, content FROM memory_entries"
      " WHERE scope_id = ? AND segment_id = 0 ORDER BY entry_id",
      [&](const Row& row) { add(building, entry_of(row), reader); }, scope));
  return building.documents.empty() ? Status() : write(main, scope, building);
}

// The other side of a chat may be a person too: then it has a name of its own.
bool is_person(std::string_view role, std::string_view speaker) {
  if (role == "user") return true;
  std::string name = base::to_lower(speaker);
  return role == "assistant" && !name.empty() && name != "assistant" && name != "ai" && name != "model";
}

int size_class(std::int64_t entries) {
  int size = 0;
  for (std::int64_t limit = waiting_entries * 2; entries >= limit; limit *= size_step) ++size;
  return size;
}

}  // namespace

std::uint32_t speaker_hash(std::string_view name) {
  return static_cast<std::uint32_t>(base::hash64(base::to_lower(name)));
}

Document document_of(const EntryText& entry, WordReader& reader, std::vector<std::string>& words) {
  words = reader.read(entry.content);
  Document out{.entry = entry.entry,
               .said_ms = entry.said_ms,
               .conversation = static_cast<std::uint32_t>(entry.conversation),
               .ordinal = static_cast<std::uint32_t>(entry.ordinal),
               .speaker = speaker_hash(entry.speaker)};
  out.words = static_cast<std::uint16_t>(std::min<std::size_t>(words.size(), UINT16_MAX));
  auto mark = [&](bool holds, Document::Mark bit) {
    if (holds) out.marks |= bit;
  };
  mark(is_person(entry.role, entry.speaker), Document::by_person);
  mark(contains_question(entry.content), Document::asks);
  mark(tells_when(entry.content), Document::dated);
  mark(acknowledges(entry.content), Document::acknowledges);
  mark(instructs(entry.content), Document::instructs);
  mark(states_preference(entry.content), Document::prefers);
  mark(announces_change(entry.content), Document::changes);
  mark(replaces_another(entry.content), Document::replaces);
  mark(std::ranges::any_of(entry.content, [](char c) { return c >= '0' && c <= '9'; }), Document::numbered);
  mark(entry.origin == "recalled", Document::recalled);
  mark(entry.origin == "remembered", Document::remembered);
  return out;
}

Status seal(Connection& main, std::int64_t scope, std::int64_t least) {
  auto waiting = MIRA_TRY(
      main.integer("SELECT count(*) FROM memory_entries WHERE scope_id = ? AND segment_id = 0", scope));
  if (waiting.value_or(0) < std::max<std::int64_t>(least, 1)) return {};
  std::map<int, std::vector<std::int64_t>> by_size;
  MIRA_TRY(main.each(
      "SELECT segment_id, entries FROM memory_segments WHERE scope_id = ?",
      [&](const Row& row) { by_size[size_class(row.integer(1))].push_back(row.integer(0)); }, scope));
  // What waits joins the segments that have become many of one size, smaller ones with them.
  std::vector<std::int64_t> joined, smaller;
  for (const auto& [size, segments] : by_size) {
    smaller.insert(smaller.end(), segments.begin(), segments.end());
    if (segments.size() >= static_cast<std::size_t>(segments_of_a_size)) joined = smaller;
  }
  return merge(main, scope, joined);
}

Status rebuild_segment(Connection& main, std::int64_t segment) {
  auto scope = MIRA_TRY(main.integer("SELECT scope_id FROM memory_segments WHERE segment_id = ?", segment));
  if (!scope) return {};
  return merge(main, *scope, {segment});
}

std::vector<Document> unpack_documents(std::string_view blob) {
  std::vector<Document> out(blob.size() / sizeof(Document));
  if (!out.empty()) std::memcpy(out.data(), blob.data(), out.size() * sizeof(Document));
  return out;
}

Result<std::optional<Document>> document_at(Connection& main, std::int64_t segment, std::uint32_t place) {
  std::optional<Document> out;
  const std::uint32_t first = place - place % block_documents;
  MIRA_TRY(main.each(
      "SELECT documents FROM memory_documents WHERE segment_id = ? AND first_place = ?",
      [&](const Row& row) {
        std::vector<Document> block = unpack_documents(row.blob(0));
        if (place - first < block.size()) out = block[place - first];
      },
      segment, first));
  return out;
}

void unpack_hits(std::string_view blob, std::vector<Hit>& out) {
  std::uint32_t document = 0, step = 0, count = 0;
  while (take_number(blob, step) && take_number(blob, count)) {
    document += step;
    out.push_back({document, count});
  }
}

}  // namespace mira::memory
