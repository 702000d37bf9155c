// From a path to what may be stored: the gate (kind, size, secret names), repair,
// masking, language. Nothing that leaves here holds a recognised secret.
#pragma once

#include "knowledge/code/indexer_store.h"

namespace mira::code {

struct FileRead {
  FileRecord record;      // facts.state says why there is nothing to parse, or not_parsed
  bool parse = false;     // text should go to a parse worker
  bool vanished = false;  // gone or unreadable since the walk
};

// known_hash: content hash the index has; when the bytes are the same, text stays empty and parse false.
// now_ms: wall time; the stamp of a file written within the last ticks before it is not trusted next time.
FileRead read_for_index(const std::filesystem::path& root, const workspace::File& file,
                        std::string_view known_hash, std::int64_t now_ms);

}  // namespace mira::code
