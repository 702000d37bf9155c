#include "knowledge/memory/words.h"

#include <libstemmer.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

constexpr std::size_t most_cached_stems = 1 << 16;

constexpr auto sorted(auto words) {
  std::ranges::sort(words);
  return words;
}

constexpr auto fillers = sorted(std::to_array<std::string_view>(
    {"a",     "about", "am",    "an",    "and",   "any",  "are",  "as",     "at",    "be",   "been", "being",
     "but",   "by",    "can",   "could", "d",     "did",  "do",   "does",   "doing", "down", "ever", "few",
     "for",   "from",  "get",   "got",   "had",   "has",  "have", "having", "he",    "her",  "here", "him",
     "his",   "how",   "i",     "if",    "in",    "into", "is",   "it",     "its",   "just", "ll",   "m",
     "many",  "may",   "me",    "might", "much",  "must", "my",   "no",     "nor",   "not",  "of",   "off",
     "on",    "or",    "our",   "out",   "over",  "re",   "s",    "shall",  "she",   "so",   "some", "should",
     "t",     "than",  "that",  "the",   "their", "them", "then", "there",  "these", "they", "this", "those",
     "to",    "too",   "under", "us",    "ve",    "very", "was",  "we",     "were",  "what", "when", "where",
     "which", "who",   "whom",  "whose", "why",   "will", "with", "would",  "you",   "your"}));

bool is_letter(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_ideograph(utf8proc_int32_t point) {
  return (point >= 0x2E80 && point <= 0x9FFF) || (point >= 0xAC00 && point <= 0xD7AF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x20000 && point <= 0x3FFFF);
}

// The case of every letter gone, and its accents.
std::string fold(std::string_view word) {
  utf8proc_uint8_t* folded = nullptr;
  auto options = static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
  auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                             static_cast<utf8proc_ssize_t>(word.size()), &folded, options);
  if (length < 0) return std::string(word);
  std::string out(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(length));
  std::free(folded);
  return out;
}

// What is left of a folded run: letters and digits, cut at everything else.
struct Point {
  std::string bytes;
  bool ideograph = false, letter = false;
};
std::vector<Point> points_of(const std::string& text) {
  std::vector<Point> out;
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t point = 0;
    auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                   static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (length <= 0) {
      ++at;
      continue;
    }
    auto category = utf8proc_category(point);
    bool letter = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
                  category == UTF8PROC_CATEGORY_ND;
    out.push_back({text.substr(at, static_cast<std::size_t>(length)), letter && is_ideograph(point), letter});
    at += static_cast<std::size_t>(length);
  }
  return out;
}

bool has_parts(std::string_view word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    bool upper = word[i] >= 'A' && word[i] <= 'Z', lower_before = word[i - 1] >= 'a' && word[i - 1] <= 'z';
    if ((upper && lower_before) || word[i] == '_') return true;
  }
  return false;
}

}  // namespace

struct WordReader::Stemmer {
  sb_stemmer* english = sb_stemmer_new("english", nullptr);
  Stemmer() = default;
  Stemmer(const Stemmer&) = delete;
  Stemmer& operator=(const Stemmer&) = delete;
  ~Stemmer() { sb_stemmer_delete(english); }
};

WordReader::WordReader() : stemmer_(std::make_unique<Stemmer>()) {}
WordReader::~WordReader() = default;

bool is_filler(std::string_view lower) {
  return std::ranges::binary_search(fillers, lower);
}

const std::string& WordReader::stem(std::string_view lower) {
  if (stems_.size() >= most_cached_stems) stems_.clear();
  auto [at, fresh] = stems_.try_emplace(std::string(lower));
  if (!fresh) return at->second;
  const auto* stemmed = sb_stemmer_stem(stemmer_->english, reinterpret_cast<const sb_symbol*>(lower.data()),
                                        static_cast<int>(lower.size()));
  at->second = stemmed == nullptr
                   ? std::string(lower)
                   : std::string(reinterpret_cast<const char*>(stemmed),
                                 static_cast<std::size_t>(sb_stemmer_length(stemmer_->english)));
  return at->second;
}

void WordReader::add(std::string_view word, std::vector<std::string>& out) {
  word = base::truncate_utf8(word, longest_word_bytes);
  std::string lower = base::to_lower(word);
  if (!is_filler(lower)) out.push_back(stem(lower));
  if (!has_parts(word)) return;
  base::for_each_identifier_part(word, [&](std::string_view part) {
    if (part.size() > 1 && !is_filler(part)) out.push_back(stem(part));
  });
}

void WordReader::add_folded(std::string_view word, std::vector<std::string>& out) {
  std::string run;
  std::vector<Point> points = points_of(fold(word));
  auto end_run = [&] {
    if (!run.empty() && !is_filler(run)) out.push_back(stem(base::truncate_utf8(run, longest_word_bytes)));
    run.clear();
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].letter && !points[i].ideograph) {
      run += points[i].bytes;
      continue;
    }
    end_run();
    if (!points[i].ideograph) continue;
    bool pair = i + 1 < points.size() && points[i + 1].ideograph;
    bool alone = !pair && (i == 0 || !points[i - 1].ideograph);
    if (pair) out.push_back(points[i].bytes + points[i + 1].bytes);
    if (alone) out.push_back(points[i].bytes);
  }
  end_run();
}

std::vector<std::string> WordReader::read(std::string_view text) {
  std::vector<std::string> out;
  text = base::truncate_utf8(text, indexed_bytes);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    bool ascii = true;
    while (end < text.size() && (is_letter(static_cast<unsigned char>(text[end])) || text[end] == '_')) {
      ascii &= static_cast<unsigned char>(text[end]) < 0x80;
      ++end;
    }
    std::string_view word = text.substr(at, end - at);
    if (!word.empty()) ascii ? add(word, out) : add_folded(word, out);
    at = end + 1;
  }
  return out;
}

}  // namespace mira::memory
