// The text of search results, read from disk by path and lines: the index keeps
// words, not texts. Lines whose file changed since it was indexed say so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"
#include "knowledge/code/search_words.h"
#include "knowledge/code/shown_texts.h"

namespace mira::code {

struct ShownLines {
  std::string text;                  // repaired UTF-8, secrets masked, no newline at the end
  int start_line = 0, end_line = 0;  // what was really taken
  bool stale = false;                // the file is not the one that was indexed
};

// Reads lines of files of one session; remembers the last file.
class LineReader {
 public:
  explicit LineReader(contracts::Session& session) : session_(session), texts_(own_) {}
  LineReader(contracts::Session& session, ShownTexts& texts) : session_(session), texts_(texts) {}
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Lines start..end (inclusive, from 1), at most `most_lines` of them. not_found or
  // unavailable as read_file says; not_found too when the file has fewer lines.
  base::Result<ShownLines> read(std::string_view path, int start_line, int end_line, int most_lines);
  // Up to `most` lines of start..end that hold most of `words` (lower case), in order, joined by newlines.
  base::Result<std::string> telling_lines(std::string_view path, int start_line, int end_line,
                                          const std::vector<std::string>& words, int most);

 private:
  base::Status load(std::string_view path);
  // Whether the loaded file is another than the one that was indexed.
  base::Result<bool> is_stale();
  bool may_hold(std::string_view line, const std::vector<std::string>& words);
  std::size_t words_in(std::string_view line, const std::vector<std::string>& words);

  contracts::Session& session_;
  ShownTexts own_;
  ShownTexts& texts_;
  CodeWords code_words_;
  std::string path_;
  std::shared_ptr<const FileText> file_;  // at path_; nullptr: none yet
  std::optional<bool> stale_;             // nullopt: not looked at yet
  std::string lower_;
};

}  // namespace mira::code
