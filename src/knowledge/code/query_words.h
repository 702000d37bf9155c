// The words of a query and what each counts. In a short text all count alike. A longer one is a report as a
// rule: its first line says what it is about, what it says often matters, and most of the rest is story,
// output and forms. The rules came from reading issues of pytest, the numbers from a sweep over issues of
// pylint, xarray, sphinx and seaborn: figures on those are of tuned data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mira::code {

struct QueryWord {
  std::string text;   // lower case
  bool part = false;  // of an identifier that is a word itself
  double weight = 1;  // 0..1
};

// Where in a text a word stands.
enum class Voice : std::uint8_t { title, sentence, code, heading };

// What a line after the first says its words in. `fenced`: it stands in a block of code.
Voice voice_of(std::string_view line, bool fenced);
bool is_fence(std::string_view line);
// "numpy   1.15.0", "six==1.13.0": what was installed where it was seen.
bool is_inventory(std::string_view line);
// The text without what a page does not show: <!-- ... -->.
std::string without_remarks(std::string text);
// "unfortunately", "noticed": people tell with it, whatever it is about. Lower case in. Rare in code, so that
// rarity alone would take it for telling.
bool is_story_word(std::string_view word);

// Words in the order of their first appearance; of a long text, those of the first line and then the
// commonest.
class WordList {
 public:
  void add(std::string text, Voice voice, bool part);
  bool is_long() const;
  // Empties the list; at most `most`.
  std::vector<QueryWord> take(std::size_t most);

 private:
  struct Counted {
    QueryWord word;
    double count = 0;
    bool in_title = false;
  };
  void weigh(Counted& word) const;

  std::vector<Counted> words_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace mira::code
