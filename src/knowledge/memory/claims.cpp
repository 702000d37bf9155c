#include "knowledge/memory/claims.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

constexpr auto months = std::to_array<std::string_view>(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
constexpr auto number_words = std::to_array<std::string_view>(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"});
constexpr std::size_t unit_words = 3;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// 1..12 of a month's name or its abbreviation; 0: it is none.
int month_of(std::string_view lower) {
  if (lower.size() < 3) return 0;
  auto found = std::ranges::find(months, lower.substr(0, 3));
  if (found == months.end()) return 0;
  constexpr auto full =
      std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july",
                                       "august", "september", "october", "november", "december"});
  auto number = static_cast<std::size_t>(found - months.begin());
  bool fits = lower.size() == 3 || lower == full[number] || lower == "sept";
  return fits ? static_cast<int>(number) + 1 : 0;
}

// A word or a number as it stands in the text.
struct Token {
  std::string lower;
  std::size_t first = 0, end = 0;
  bool number = false;
};

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  for (std::size_t at = 0; at < text.size();) {
    bool number = is_digit(text[at]);
    if (!number && !is_letter(text[at]) && text[at] != '_') {
      ++at;
      continue;
    }
    std::size_t end = at;
    auto goes_on = [&] {
      char c = text[end];
      if (is_letter(c) || c == '_') return !number;
      if (is_digit(c)) return true;
      bool inner = number && std::string_view(".,:-/").contains(c);
      return inner && end + 1 < text.size() && is_digit(text[end + 1]);
    };
    while (end < text.size() && goes_on()) ++end;
    out.push_back({base::to_lower(text.substr(at, end - at)), at, end, number});
    at = end;
  }
  return out;
}

class ClaimReader {
 public:
  ClaimReader(std::string_view text, const std::vector<std::string>& stems, WordReader& reader)
      : text_(text), stems_(stems), reader_(reader), tokens_(tokens_of(text)) {}

  std::vector<Claim> run() {
    std::vector<Claim> out;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      auto claim = claim_at(i);
      if (!claim) continue;
      claim->near = near(i);
      out.push_back(std::move(*claim));
    }
    return out;
  }

 private:
  std::string_view word(std::size_t i) const {
    return i < tokens_.size() ? std::string_view(tokens_[i].lower) : std::string_view();
  }
  bool touches(std::size_t i) const {  // the next token begins where this one ends
    return i + 1 < tokens_.size() && tokens_[i + 1].first == tokens_[i].end;
  }

  std::optional<Claim> claim_at(std::size_t i) {
    const Token& token = tokens_[i];
    if (!token.number) {
      if (std::ranges::find(number_words, token.lower) == number_words.end()) return std::nullopt;
      auto number = std::ranges::find(number_words, token.lower) - number_words.begin() + 2;
      return counted(i, std::to_string(number));
    }
    char before = token.first > 0 ? text_[token.first - 1] : ' ';
    bool in_name = is_letter(before) || before == '_' || before == '/' || before == '#';
    bool euro = token.first >= 3 && text_.substr(token.first - 3, 3) == "€";
    if ((in_name && !euro) || std::ranges::count(token.lower, '.') > 1) return std::nullopt;
    if (before == '$' || euro) return Claim{ClaimKind::money, plain(token.lower), {}, 0};
    if (text_.substr(token.end).starts_with('%') || word(i + 1) == "percent")
      return Claim{ClaimKind::percent, plain(token.lower), {}, 0};
    if (auto time = time_at(i)) return time;
    if (auto date = date_at(i)) return date;
    return counted(i, plain(token.lower));
  }

  static std::string plain(std::string_view number) {
    std::string out(number);
    std::erase(out, ',');
    return out;
  }

  std::optional<Claim> time_at(std::size_t i) const {
    const std::string& number = tokens_[i].lower;
    std::string_view next = word(i + 1);
    bool afternoon = next == "pm" || (next == "p" && word(i + 2) == "m");
    bool morning = next == "am" || (next == "a" && word(i + 2) == "m");
    if (!afternoon && !morning && !number.contains(':')) return std::nullopt;
    int hour = 0;
    for (char c : std::string_view(number).substr(0, number.find(':'))) {
      if (is_digit(c)) hour = (hour * 10 + (c - '0')) % 100;
    }
    if (afternoon && hour < 12) hour += 12;
    std::string minutes = number.contains(':') ? number.substr(number.find(':')) : ":00";
    return Claim{ClaimKind::time, std::to_string(hour) + minutes, {}, 0};
  }

  std::optional<Claim> date_at(std::size_t i) const {
    const std::string& number = tokens_[i].lower;
    if (number.size() == 10 && number[4] == '-') return Claim{ClaimKind::date, number.substr(5), {}, 0};
    int month = i > 0 ? month_of(word(i - 1)) : 0;
    if (month == 0) month = month_of(word(i + 1) == "of" ? word(i + 2) : word(i + 1));
    bool ordinal = month == 0 && touches(i) &&
                   (word(i + 1) == "st" || word(i + 1) == "nd" || word(i + 1) == "rd" || word(i + 1) == "th");
    if (ordinal) month = month_of(word(i + 2) == "of" ? word(i + 3) : word(i + 2));
    bool day = !number.empty() && number.size() <= 5 && number[0] != '0';
    if (month == 0 || !day) {
      bool year = number.size() == 4 && (number.starts_with("19") || number.starts_with("20"));
      return year ? std::optional(Claim{ClaimKind::date, number, {"year"}, 0}) : std::nullopt;
    }
    return Claim{ClaimKind::date, std::to_string(month) + "-" + number, {}, 0};
  }

  Claim counted(std::size_t i, std::string stated) {
    Claim out{ClaimKind::count, std::move(stated), {}, 0};
    for (std::size_t j = i + 1; j < tokens_.size() && out.units.size() < unit_words; ++j) {
      std::string_view between = text_.substr(tokens_[j - 1].end, tokens_[j].first - tokens_[j - 1].end);
      if (between.find_first_not_of(" -") != std::string_view::npos || tokens_[j].number) break;
      if (is_filler(tokens_[j].lower)) break;
      out.units.push_back(reader_.stem(tokens_[j].lower));
    }
    return out;
  }

  std::uint64_t near(std::size_t i) {
    std::uint64_t out = 0;
    auto look_at = [&](std::size_t j) {
      if (tokens_[j].number) return;
      const std::string& stem = reader_.stem(tokens_[j].lower);
      for (std::size_t s = 0; s < stems_.size() && s < 64; ++s) {
        if (stems_[s] == stem) out |= std::uint64_t{1} << s;
      }
    };
    std::size_t reach = claim_reach;
    for (std::size_t j = i > reach ? i - reach : 0; j < std::min(tokens_.size(), i + reach + 1); ++j)
      look_at(j);
    return out;
  }

  std::string_view text_;
  const std::vector<std::string>& stems_;
  WordReader& reader_;
  std::vector<Token> tokens_;
};

}  // namespace

std::string prose_of(std::string_view text) {
  std::string out;
  bool code = false;
  while (!text.empty() && out.size() < claim_bytes) {
    std::size_t fence = text.find("```");
    if (!code) out += text.substr(0, fence);
    text.remove_prefix(fence == std::string_view::npos ? text.size() : fence + 3);
    code = !code;
  }
  out.resize(base::truncate_utf8(out, claim_bytes).size());
  return out;
}

std::vector<Claim> claims_in(std::string_view text, const std::vector<std::string>& stems,
                             WordReader& reader) {
  return ClaimReader(text, stems, reader).run();
}

unsigned kinds_asked(std::string_view question) {
  constexpr auto bit = [](ClaimKind kind) { return 1U << static_cast<unsigned>(kind); };
  static const RE2 money(
      R"((?i)\b(budget|cost|costs|price|fees?|salary|rent|spend|spent|paid|pay|amount|how much)\b)");
  static const RE2 share(R"((?i)\b(percent|percentage|rate|accuracy|coverage|share)\b)");
  static const RE2 moment(
      R"((?i)^\s*when\b|\b(what time|what date|which date|which day|what day|deadline|due)\b)");
  static const RE2 days(R"((?i)^\s*how (many (days|weeks|months)|long)\b)");
  static const RE2 number(R"((?i)^\s*how (many|often|far|fast)\b)");
  re2::StringPiece text(question.data(), question.size());
  if (RE2::PartialMatch(text, days)) return bit(ClaimKind::count) | bit(ClaimKind::date);
  if (RE2::PartialMatch(text, number)) return bit(ClaimKind::count);
  if (RE2::PartialMatch(text, moment)) return bit(ClaimKind::date) | bit(ClaimKind::time);
  if (RE2::PartialMatch(text, share)) return bit(ClaimKind::percent) | bit(ClaimKind::count);
  if (RE2::PartialMatch(text, money)) return bit(ClaimKind::money);
  return ~0U;
}

bool comparable(const Claim& a, const Claim& b) {
  if (a.kind != b.kind) return false;
  if (a.units.empty() || b.units.empty()) return true;
  return std::ranges::any_of(
      a.units, [&](const std::string& unit) { return std::ranges::find(b.units, unit) != b.units.end(); });
}

std::vector<std::string> replaced_in(std::string_view text, WordReader& reader) {
  static const RE2 from_to(
      R"((?i)\b(?:switch|mov|migrat|chang|renam|upgrad|convert)\w*\b[^.!?\n]{0,60}?\bfrom ([^.!?,;\n]{1,60}?) (?:in)?to\b)");
  static const RE2 renamed(
      R"((?i)\b(?:renamed|replaced|swapped)\s+([^.!?,;\n]{1,60}?)\s+(?:to|with|by|for)\b)");
  static const RE2 instead(
      R"((?i)\b(?:instead of|rather than|no longer (?:use|using|on|with)) ([^.!?,;\n]{1,60}))");
  re2::StringPiece whole(text.data(), std::min(text.size(), claim_bytes)), old;
  for (const RE2* pattern : {&from_to, &renamed, &instead}) {
    if (RE2::PartialMatch(whole, *pattern, &old))
      return reader.read(std::string_view(old.data(), old.size()));
  }
  return {};
}

}  // namespace mira::memory
