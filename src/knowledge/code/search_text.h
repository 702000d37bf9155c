// The text of search results, read from disk by path and lines: the index keeps
// words, not texts. Lines whose file changed since it was indexed say so.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"
#include "knowledge/code/search_words.h"

namespace mira::code {

struct ShownLines {
  std::string text;                  // repaired UTF-8, secrets masked, no newline at the end
  int start_line = 0, end_line = 0;  // what was really taken
  bool stale = false;                // the file is not the one that was indexed
};

// Whole files as they are shown, by what they hold: masking secrets costs as much as the search itself, and a
// server is asked about the same files again and again. Safe from several threads.
class ShownTexts {
 public:
  static constexpr std::size_t most_file_bytes = 128 << 10;  // larger ones are masked around the lines alone
  // Repaired UTF-8, secrets masked; `repaired` is the file's text.
  std::shared_ptr<const std::string> of(const std::string& content_hash, std::string_view repaired);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const std::string>> texts_;
  std::size_t bytes_ = 0;
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
  // Lines first..last with secrets masked; 1 <= first <= last <= lines of the file.
  std::vector<std::string> masked_lines(int first, int last) const;
  std::size_t words_in(std::string_view line, const std::vector<std::string>& words);

  contracts::Session& session_;
  ShownTexts own_;
  ShownTexts& texts_;
  CodeWords code_words_;
  std::string path_, hash_, text_;
  std::vector<std::string_view> lines_;  // as they are in the file: never shown
  bool stale_ = false, loaded_ = false;
};

}  // namespace mira::code
