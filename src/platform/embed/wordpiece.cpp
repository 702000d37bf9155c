#include "platform/embed/wordpiece.h"

#include <utf8proc.h>

#include <algorithm>
#include <string>

#include "platform/embed/later_unicode.h"

namespace mira::embed {
namespace {

constexpr std::size_t most_word_points = 100;  // longer words are unknown, as in the reference

bool is_space(utf8proc_int32_t point) {  // White_Space of Unicode
  return point == ' ' || (point >= 9 && point <= 13) || point == 0x85 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 || point == 0x202F ||
         point == 0x205F || point == 0x3000;
}

bool is_control(utf8proc_int32_t point) {
  if (point == '\t' || point == '\n' || point == '\r' || is_in(later_marks, point)) return false;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
      return true;
    default:
      return false;
  }
}

bool is_ideograph(utf8proc_int32_t p) {
  return (p >= 0x4E00 && p <= 0x9FFF) || (p >= 0x3400 && p <= 0x4DBF) || (p >= 0x20000 && p <= 0x2A6DF) ||
         (p >= 0x2A700 && p <= 0x2B73F) || (p >= 0x2B740 && p <= 0x2B81F) || (p >= 0x2B920 && p <= 0x2CEAF) ||
         (p >= 0xF900 && p <= 0xFAFF) || (p >= 0x2F800 && p <= 0x2FA1F);
}

bool is_punctuation(utf8proc_int32_t point) {
  if (point < 128) {
    return (point >= 33 && point <= 47) || (point >= 58 && point <= 64) || (point >= 91 && point <= 96) ||
           (point >= 123 && point <= 126);
  }
  auto category = utf8proc_category(point);
  bool is_later = is_in(later_punctuation, point);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO && !is_later;
}

bool falls_away(utf8proc_int32_t point) {  // a mark above or below its letter
  return utf8proc_category(point) == UTF8PROC_CATEGORY_MN && !is_in(later_marks, point);
}

struct Words {
  std::vector<std::int32_t> numbers;
  std::string word;        // of the word that is being read, as UTF-8
  std::size_t points = 0;  // in it
};

struct Marks {
  std::int32_t unknown, begin, end;
};

// The longest known pieces of a word from its start; one unknown part makes all of it unknown.
void add_pieces(const ModelFile& model, const std::string& word, std::int32_t unknown,
                std::vector<std::int32_t>& out) {
  std::size_t first = out.size();
  std::string piece;
  for (std::size_t start = 0; start < word.size();) {
    std::int32_t number = -1;
    std::size_t end = word.size();
    for (; end > start; --end) {
      if (end < word.size() && (word[end] & 0xC0) == 0x80) continue;  // inside a point
      piece.assign(start > 0 ? "##" : "");
      piece.append(word, start, end - start);
      number = model.number_of(piece);
      if (number >= 0) break;
    }
    if (number < 0) {
      out.resize(first);
      out.push_back(unknown);
      return;
    }
    out.push_back(number);
    start = end;
  }
}

void end_word(const ModelFile& model, Words& words, const Marks& marks) {
  if (words.points > most_word_points) {
    words.numbers.push_back(marks.unknown);
  } else if (words.points > 0) {
    add_pieces(model, words.word, marks.unknown, words.numbers);
  }
  words.word.clear();
  words.points = 0;
}

void add_point(const ModelFile& model, Words& words, const Marks& marks, utf8proc_int32_t point) {
  utf8proc_uint8_t bytes[4];
  auto size = static_cast<std::size_t>(utf8proc_encode_char(point, bytes));
  bool alone = is_punctuation(point);
  if (alone) end_word(model, words, marks);
  words.word.append(reinterpret_cast<const char*>(bytes), size);
  ++words.points;
  if (alone) end_word(model, words, marks);
}

// Canonical parts of a point without the marks that stand above or below, in lower case.
void add_decomposed(const ModelFile& model, Words& words, const Marks& marks, utf8proc_int32_t point) {
  utf8proc_int32_t parts[32];
  int boundary = 0;
  auto count = utf8proc_decompose_char(point, parts, 32, UTF8PROC_DECOMPOSE, &boundary);
  for (utf8proc_ssize_t i = 0; i < count && i < 32; ++i) {
    if (falls_away(parts[i])) continue;
    add_point(model, words, marks, utf8proc_tolower(parts[i]));
  }
}

std::vector<std::int32_t> numbers_of(const ModelFile& model, std::string_view text, const Marks& marks,
                                     std::size_t most) {
  Words words;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0 && words.numbers.size() < most) {
    utf8proc_int32_t point = 0;
    auto size = utf8proc_iterate(bytes, left, &point);
    if (size <= 0) {  // malformed: one byte on
      ++bytes;
      --left;
      continue;
    }
    bytes += size;
    left -= size;
    if (point == 0 || point == 0xFFFD || is_control(point)) {
      // 0x85 is white space to Unicode but a control character to the reference, which drops it first
      continue;
    }
    if (is_space(point)) {
      end_word(model, words, marks);
    } else if (is_ideograph(point)) {
      end_word(model, words, marks);
      add_decomposed(model, words, marks, point);
      end_word(model, words, marks);
    } else {
      add_decomposed(model, words, marks, point);
    }
  }
  end_word(model, words, marks);
  return std::move(words.numbers);
}

}  // namespace

std::vector<std::vector<std::int32_t>> tokenize(const ModelFile& model, std::string_view prefix,
                                                std::string_view text, std::size_t most,
                                                std::size_t windows) {
  Marks marks{model.number_of("[UNK]"), model.number_of("[CLS]"), model.number_of("[SEP]")};
  std::vector<std::int32_t> before = numbers_of(model, prefix, marks, most);
  std::size_t room = most - std::min(most - 1, before.size() + 2);
  std::vector<std::int32_t> numbers = numbers_of(model, text, marks, room * windows);
  std::vector<std::vector<std::int32_t>> out;
  std::size_t at = 0;
  do {
    std::size_t count = std::min(room, numbers.size() - at);
    std::vector<std::int32_t> window{marks.begin};
    window.insert(window.end(), before.begin(), before.end());
    window.insert(window.end(), numbers.begin() + static_cast<std::ptrdiff_t>(at),
                  numbers.begin() + static_cast<std::ptrdiff_t>(at + count));
    window.push_back(marks.end);
    out.push_back(std::move(window));
    at += count;
  } while (at < numbers.size() && out.size() < windows);
  return out;
}

}  // namespace mira::embed
