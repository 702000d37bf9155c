// Text as the words it is found by: lower case, English stems (Snowball), stop words
// left out. A name made of parts (fetchWeatherData, open_session) counts as itself
// and as its parts. Letters beyond ASCII are folded to their base letters; runs of
// ideographs, which have no blanks between words, become pairs. Index and question
// go through this same reader, so what is written one way is found the other way.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mira::memory {

inline constexpr std::size_t longest_word_bytes = 48;    // a longer run of letters is cut
inline constexpr std::size_t indexed_bytes = 256 << 10;  // of one text; what follows is kept but not found

// Not safe from two threads.
class WordReader {
 public:
  WordReader();
  ~WordReader();
  WordReader(const WordReader&) = delete;
  WordReader& operator=(const WordReader&) = delete;

  // Stems in order, repeated as they stand; stop words are left out.
  std::vector<std::string> read(std::string_view text);
  // The stem of one lower-case word.
  const std::string& stem(std::string_view lower);

 private:
  struct Stemmer;
  void add(std::string_view word, std::vector<std::string>& out);
  void add_folded(std::string_view word, std::vector<std::string>& out);

  std::unique_ptr<Stemmer> stemmer_;
  std::unordered_map<std::string, std::string> stems_;
};

// True for a word that says nothing of what is asked or told ("the", "would").
bool is_filler(std::string_view lower);

}  // namespace mira::memory
