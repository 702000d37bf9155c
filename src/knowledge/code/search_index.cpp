#include "knowledge/code/search_index.h"

#include <string>
#include <utility>

#include "knowledge/code/meaning_passage.h"
#include "knowledge/code/search_chunks.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/search_words.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

struct Fields {
  std::string name, signature, doc, body, path;
};

class FileWords {
 public:
  FileWords(std::string_view path, const Facts& facts, const std::vector<std::string_view>& lines)
      : facts_(facts), lines_(lines) {
    std::size_t slash = path.rfind('/');
    std::string_view folders = slash == std::string_view::npos ? "" : path.substr(0, slash);
    words_.append(folders, path_words_);
    words_.append(file_stem(path), path_words_);
    words_.append(file_stem(path), path_words_);  // twice: tells the file's own name from its folders
  }

  Fields fields_of(const Chunk& chunk) {
    Fields fields;
    fields.path = std::exchange(path_words_, {});  // the first chunk answers for the file
    if (chunk.symbol != no_symbol) words_.append(symbol(chunk.symbol).qualified, fields.name);
    for (std::int32_t index : chunk.defined) {
      if (index != chunk.symbol) words_.append(symbol(index).name, fields.name);
      words_.append(symbol(index).signature, fields.signature);
      words_.append(symbol(index).doc, fields.doc);
    }
    for (std::int32_t line = chunk.start_line; line <= chunk.end_line; ++line) {
      std::string_view text = lines_[static_cast<std::size_t>(line - 1)];
      words_.append(text.substr(0, limits::line_bytes), fields.body);
    }
    return fields;
  }

 private:
  const Symbol& symbol(std::int32_t index) const { return facts_.symbols[static_cast<std::size_t>(index)]; }

  const Facts& facts_;
  const std::vector<std::string_view>& lines_;
  CodeWords words_;
  std::string path_words_;
};

}  // namespace

base::Status index_words(store::Connection& index, std::int64_t file_id, std::string_view path,
                         const Facts& facts, std::string_view text) {
  MIRA_TRY(forget_words(index, file_id));
  std::vector<std::string_view> lines = base::split(text, '\n');
  FileWords words(path, facts, lines);
  std::int64_t ordinal = 0;
  for (const Chunk& chunk : cut_chunks(facts, lines)) {
    if (ordinal == most_chunks_of_a_file) break;
    const Symbol* symbol =
        chunk.symbol == no_symbol ? nullptr : &facts.symbols[static_cast<std::size_t>(chunk.symbol)];
    std::int64_t chunk_id = chunk_id_of(file_id, ordinal++);
    MIRA_TRY(
        index.run("INSERT INTO code_chunks(chunk_id, file_id, symbol, kind, start_line, end_line) VALUES (?, "
                  "?, ?, ?, ?, ?)",
                  chunk_id, file_id, symbol ? std::string_view(symbol->qualified) : "",
                  symbol ? kind_name(symbol->kind) : "", chunk.start_line, chunk.end_line));
    Fields fields = words.fields_of(chunk);
    std::string passage = passage_of(path, facts, chunk, lines);
    MIRA_TRY(index.run("INSERT INTO code_passages(chunk_id, owner, text) VALUES (?, ?, ?)", chunk_id,
                       passage_owner(passage), passage));
    MIRA_TRY(
        index.run("INSERT INTO code_words(rowid, name, signature, doc, body, path) VALUES (?, ?, ?, ?, ?, ?)",
                  chunk_id, fields.name, fields.signature, fields.doc, fields.body, fields.path));
  }
  return {};
}

base::Status forget_words(store::Connection& index, std::int64_t file_id) {
  MIRA_TRY(index.run(
      "DELETE FROM code_words WHERE rowid IN (SELECT chunk_id FROM code_chunks WHERE file_id = ?)", file_id));
  MIRA_TRY(index.run(
      "DELETE FROM code_passages WHERE chunk_id IN (SELECT chunk_id FROM code_chunks WHERE file_id = ?)",
      file_id));
  return index.run("DELETE FROM code_chunks WHERE file_id = ?", file_id);
}

}  // namespace mira::code
