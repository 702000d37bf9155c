#include "knowledge/code/search_places.h"

#include "knowledge/code/query_type.h"
#include "platform/base/text.h"
#include "platform/store/remembered.h"

namespace mira::code {
namespace {

constexpr std::size_t most_kept_chunks = 20'000;  // some 8 MB

struct KeptPlaces {
  static constexpr const char* remembered_as = "places of chunks";
  std::shared_ptr<Places> places = std::make_shared<Places>();
};

}  // namespace

NameParts name_parts(std::string_view symbol) {
  NameParts parts;
  SymbolMention mention = symbol_mention(symbol);
  if (mention.name.empty()) return parts;
  parts.last = base::split_identifier(mention.name);
  mention = symbol_mention(mention.scope);
  if (!mention.name.empty()) parts.around = base::split_identifier(mention.name);
  return parts;
}

base::Result<std::shared_ptr<Places>> Places::of(store::Connection& index) {
  std::shared_ptr<KeptPlaces> kept = MIRA_TRY(store::remembered<KeptPlaces>(index));
  if (kept->places->chunks_.size() > most_kept_chunks) kept->places = std::make_shared<Places>();
  return kept->places;
}

const FilePlace* Places::file(const store::Row& row) {
  auto [known, fresh] = files_.try_emplace(row.integer(0));
  FilePlace& file = known->second;
  if (!fresh) return &file;
  file.file_id = row.integer(0);
  file.path = row.text(5);
  file.language = row.text(6);
  file.generated = row.integer(7) != 0;
  file.traits = path_traits(file.path);
  file.stem = base::split_identifier(file_stem(file.path));
  return &file;
}

base::Result<const ChunkPlace*> Places::chunk(store::Connection& index, std::int64_t chunk_id) {
  if (auto known = chunks_.find(chunk_id); known != chunks_.end()) return &known->second;
  const ChunkPlace* found = nullptr;
  MIRA_TRY(index.each(
      "SELECT c.file_id, c.symbol, c.kind, c.start_line, c.end_line, f.path, f.language, f.generated"
      " FROM code_chunks c JOIN repository_files f ON f.file_id = c.file_id WHERE c.chunk_id = ?",
      [&](const store::Row& row) {
        ChunkPlace& place = chunks_[chunk_id];
        place.file = file(row);
        place.symbol = row.text(1);
        place.kind = row.text(2);
        place.start_line = static_cast<int>(row.integer(3));
        place.end_line = static_cast<int>(row.integer(4));
        place.names = name_parts(place.symbol);
        found = &place;
      },
      chunk_id));
  return found;
}

}  // namespace mira::code
