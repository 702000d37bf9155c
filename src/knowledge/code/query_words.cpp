#include "knowledge/code/query_words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "platform/base/ascii.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t short_text_words = 24;  // up to here every word counts alike
constexpr double said_once = 0.25;            // a word that stands once below the first line
constexpr double said_often = 0.3;            // x the binary logarithm of how often
constexpr double in_code = 0.5;               // an occurrence in a block of code, against one in a sentence
constexpr double in_heading = 0.2;            // the same in a heading: forms have them, not their authors
constexpr double in_story = 0.3;              // a word of the story, against others

constexpr std::string_view story_words_text =
    "able according actual actually additional again ago agree almost along already although always "
    "another anybody anyone anything anyway apparently appear appears appreciate appreciated around "
    "aside assume assuming aware away bad based basically became become behave behaves behavior "
    "behaviors behaviour being believe besides best better bit bug bugs came cause caused causes "
    "causing clearly come comes complain complains completely confused confusing consider considered "
    "contribute correctly could couple course currently decided definitely depends desired despite "
    "did didn different directly discovered discussion doesn doing don done dont due during each "
    "earlier easier easily easy either else enough especially even ever every everyone everything "
    "exactly expect expectation expected expecting expects explain explicitly facing fact fairly "
    "feel feels few figure finally fine fully further gave generally gets getting give given gives "
    "goes going gone good got great guess had happen happened happening happens happy having hello "
    "help helpful her here hi his hope hoping however idea ideally ideas immediately impossible "
    "including incorrect incorrectly indeed instead intended interested interesting isn issue issues "
    "itself just keep know known lately latter like likely little longer look looked looking looks "
    "lot lots made makes making managed many may maybe me mention mentioned might mine minimal "
    "mostly much must my myself necessary need needed needs never nice nobody normally nothing "
    "notice noticed now obvious obviously often oh ok okay old one ones only opinion opposed "
    "originally other others otherwise ought our own particular particularly people perfectly "
    "perhaps personally please possible possibly potentially prefer preferably pretty previously "
    "probably problem problematic problems properly propose proposed prove purpose quick quite "
    "rather realize realized really reason reasonable reasons recently related relevant repro "
    "reproduce reproduced reproducible reproduction said same saw saying see seeing seem seemed "
    "seemingly seems seen sense several she should similar simply since situation slightly snippet "
    "somebody somehow someone something sometimes somewhat somewhere soon sorry still strange stuff "
    "submitting such suggest suggested suggestion supposed sure surprise surprised surprising taken "
    "takes taking than thank thanks their them themselves therefore they thing things think thinking "
    "though thought thoughts through thus told too took totally toward tried tries trivial try "
    "trying turns typically understand understanding unexpected unexpectedly unfortunately unless "
    "unlike until upon us useful usually various very via want wanted wants was wasn way ways weird "
    "well went were whatever whenever whereas wherever whether who whole whose willing wish within "
    "without won wonder wondering work workaround worked working works worse worth would wouldn "
    "wrong yes yesterday yet you your yours";

constexpr std::size_t story_count = static_cast<std::size_t>(std::ranges::count(story_words_text, ' ')) + 1;
consteval std::array<std::string_view, story_count> split_words(std::string_view text) {
  std::array<std::string_view, story_count> words;
  for (std::string_view& word : words) {
    word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return words;
}
constexpr auto story_words = split_words(story_words_text);
static_assert(std::ranges::is_sorted(story_words));

// "1.15.0", "2019.3.9", "6.0.0rc0"
bool is_version(std::string_view text) {
  std::size_t dot = text.find('.');
  bool leads =
      dot != std::string_view::npos && dot > 0 && text.size() > dot + 1 && base::is_digit(text[dot + 1]);
  return leads && std::ranges::all_of(text.substr(0, dot), base::is_digit) &&
         std::ranges::all_of(
             text, [](char c) { return base::is_name_byte(c) || c == '.' || c == '+' || c == '-'; });
}

}  // namespace

bool is_story_word(std::string_view word) {
  return std::ranges::binary_search(story_words, word);
}

bool is_fence(std::string_view line) {
  line = base::trim(line);
  return line.starts_with("```") || line.starts_with("~~~");
}

bool is_inventory(std::string_view line) {
  std::vector<std::string_view> columns;
  for (std::string_view column : base::split(base::trim(line), ' '))
    if (!column.empty()) columns.push_back(column);
  if (columns.size() == 1) {
    std::size_t pinned = columns[0].find("==");
    return pinned != std::string_view::npos && is_version(columns[0].substr(pinned + 2));
  }
  return (columns.size() == 2 || columns.size() == 3) && is_version(columns[1]);
}

Voice voice_of(std::string_view line, bool fenced) {
  if (fenced || line.starts_with("    ") || line.starts_with('\t')) return Voice::code;
  std::string_view said = base::trim(line);
  return said.starts_with('#') || said.starts_with("**") ? Voice::heading : Voice::sentence;
}

std::string without_remarks(std::string text) {
  for (std::size_t at = text.find("<!--"); at != std::string::npos; at = text.find("<!--", at)) {
    std::size_t end = text.find("-->", at);
    text.replace(at, end == std::string::npos ? end : end + 3 - at, " ");
  }
  return text;
}

void WordList::add(std::string text, Voice voice, bool part) {
  if (text.empty()) return;
  auto [known, fresh] = places_.try_emplace(text, words_.size());
  if (fresh) words_.push_back({.word = {.text = std::move(text), .part = part}});
  Counted& word = words_[known->second];
  word.word.part &= part;
  word.in_title |= voice == Voice::title;
  word.count += voice == Voice::code ? in_code : voice == Voice::heading ? in_heading : 1;
}

bool WordList::is_long() const {
  return words_.size() > short_text_words;
}

void WordList::weigh(Counted& word) const {
  if (is_story_word(word.word.text)) {
    word.count *= in_story;
    word.word.weight = said_once * in_story;
  } else if (!word.in_title) {
    double often = word.count < 1 ? said_once * word.count : said_once + said_often * std::log2(word.count);
    word.word.weight = std::min(1.0, often);
  }
}

std::vector<QueryWord> WordList::take(std::size_t most) {
  if (is_long()) {
    for (Counted& word : words_) weigh(word);
    std::ranges::stable_sort(words_, [](const Counted& a, const Counted& b) {
      return a.in_title != b.in_title ? a.in_title : a.count > b.count;
    });
  }
  std::vector<QueryWord> taken;
  for (Counted& word : words_) {
    if (taken.size() == most) break;
    taken.push_back(std::move(word.word));
  }
  words_.clear();
  places_.clear();
  return taken;
}

}  // namespace mira::code
