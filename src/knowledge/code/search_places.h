// Where the chunks of an index are, with what a ranking asks of their names and paths. Looking up the few
// hundred candidates of a search and taking their names apart costs more than half of it, and a server is
// asked about the same ones again and again: they are kept beside the connection until the index changes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "knowledge/code/search_path.h"
#include "platform/store/connection.h"

namespace mira::code {

// "ns::Router.add_route": {"add", "route"} and {"router"}. Empty where the symbol is no name.
struct NameParts {
  std::vector<std::string> last, around;
};
NameParts name_parts(std::string_view symbol);

struct FilePlace {
  std::int64_t file_id = 0;
  std::string path, language;
  bool generated = false;
  PathTraits traits;
  std::vector<std::string> stem;  // parts of its name
};

struct ChunkPlace {
  const FilePlace* file = nullptr;
  std::string symbol, kind;  // of the one definition it shows, or ""
  int start_line = 0, end_line = 0;
  NameParts names;  // of the symbol
};

class Places {
 public:
  // Those that are kept, or an empty one: inside a read transaction, for as long as that lasts. What was
  // given stays as it is for as long as it is held.
  static base::Result<std::shared_ptr<Places>> of(store::Connection& index);

  // nullptr where the index has no such chunk.
  base::Result<const ChunkPlace*> chunk(store::Connection& index, std::int64_t chunk_id);

 private:
  const FilePlace* file(const store::Row& row);

  std::unordered_map<std::int64_t, FilePlace> files_;
  std::unordered_map<std::int64_t, ChunkPlace> chunks_;
};

}  // namespace mira::code
