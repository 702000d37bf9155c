// The words of the code, kept for search: chunks (definition spans, else windows of
// lines) in a full-text index. The indexer calls it for each file it (re)reads.
#pragma once

#include <cstdint>
#include <string_view>

#include "knowledge/code/facts.h"
#include "platform/store/connection.h"

namespace mira::code {

// Replaces what is indexed of a file. Text is repaired UTF-8 with secrets masked.
base::Status index_words(store::Connection& index, std::int64_t file_id, std::string_view path,
                         const Facts& facts, std::string_view text);
base::Status forget_words(store::Connection& index, std::int64_t file_id);

}  // namespace mira::code
