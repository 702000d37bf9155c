#include "knowledge/memory/moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t day_ms = 86'400'000;
constexpr auto months =
    std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july", "august",
                                     "september", "october", "november", "december"});
constexpr auto weekdays = std::to_array<std::string_view>(
    {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});
constexpr auto counts =
    std::to_array<std::string_view>({"zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
                                     "nine", "ten", "eleven", "twelve"});

std::optional<int> number_of(std::string_view word) {
  int value = 0;
  auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  bool tail_ok = end == word.data() + word.size() ||
                 word.substr(static_cast<std::size_t>(end - word.data())) == "st" || word.ends_with("nd") ||
                 word.ends_with("rd") || word.ends_with("th");
  if (code == std::errc() && tail_ok) return value;
  auto found = std::ranges::find(counts, word);
  if (found != counts.end()) return static_cast<int>(found - counts.begin());
  if (word == "a" || word == "an") return 1;
  return std::nullopt;
}

// 0..11; "sept", "jan" too, but not the verb "may" nor "march" in lower case without a number by it.
std::optional<int> month_of(std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < months.size(); ++i) {
    bool abbreviated = (word.size() == 3 || word == "sept") && months[i].starts_with(word);
    if (word == months[i] || abbreviated) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::int64_t to_ms(year_month_day day) {
  return sys_days(day).time_since_epoch().count() * day_ms;
}
year_month_day date_of(std::int64_t ms) {
  std::int64_t day = ms >= 0 ? ms / day_ms : (ms - day_ms + 1) / day_ms;
  return year_month_day(sys_days(days(day)));
}
year_month_day day_of(int year, int month, int day) {
  return year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                        std::chrono::day(static_cast<unsigned>(day)));
}

struct Digits {
  std::string_view text;
  std::size_t at = 0;
  std::optional<int> take(std::size_t count, char before) {
    if (before != '\0') {
      if (at >= text.size() || text[at] != before) return std::nullopt;
      ++at;
    }
    if (at + count > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      if (text[at] < '0' || text[at] > '9') return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    return value;
  }
};

// Minutes east of Greenwich of "Z", "+02:00"; 0 for none.
int zone_minutes(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '.' || (text[at] >= '0' && text[at] <= '9'))) ++at;
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return 0;
  int sign = text[at] == '-' ? -1 : 1;
  Digits rest{text.substr(at + 1)};
  auto hours = rest.take(2, '\0');
  if (!hours) return 0;
  auto minutes = rest.take(2, rest.at < rest.text.size() && rest.text[rest.at] == ':' ? ':' : '\0');
  return sign * (*hours * 60 + minutes.value_or(0));
}

class SpanReader {
 public:
  SpanReader(std::string_view text, std::int64_t now_ms) : today_(date_of(now_ms)) {
    for (std::string_view word : base::words(text)) words_.push_back(base::to_lower(word));
  }

  std::vector<Span> run() {
    for (at_ = 0; at_ < words_.size(); ++at_) {
      if (!read_month() && !read_year() && !read_iso() && !read_ago()) read_relative();
    }
    return std::move(out_);
  }

 private:
  std::string_view word(std::size_t offset) const {
    return at_ + offset < words_.size() ? std::string_view(words_[at_ + offset]) : std::string_view();
  }
  std::string_view before() const { return at_ > 0 ? std::string_view(words_[at_ - 1]) : std::string_view(); }
  std::optional<int> year_at(std::size_t offset) const {
    auto value = number_of(word(offset));
    return value && *value >= 1900 && *value < 2200 ? value : std::nullopt;
  }
  void add_days(std::int64_t from_ms, std::int64_t count) {
    out_.push_back({from_ms, from_ms + count * day_ms});
  }
  void add_month(int year, int month) {
    auto first = day_of(year, month, 1);
    out_.push_back(
        {to_ms(first), to_ms(year_month_day(first.year() / first.month() / 1 + std::chrono::months(1)))});
  }
  int this_year() const { return static_cast<int>(today_.year()); }

  // "May 2023", "3 May", "May 3rd, 2023"; "may" alone is a verb.
  bool read_month() {
    auto month = month_of(word(0));
    if (!month) return false;
    auto day_before = number_of(before()), day_after = number_of(word(1));
    bool of_before = before() == "of";
    if (of_before && at_ > 1) day_before = number_of(words_[at_ - 2]);
    bool has_day_after = day_after && *day_after >= 1 && *day_after <= 31;
    auto year = year_at(has_day_after ? 2 : 1);
    bool doubtful = (word(0) == "may" || word(0) == "march" || word(0).size() == 3) && !day_before &&
                    !has_day_after && !year && before() != "in" && before() != "last" && before() != "since";
    if (doubtful) return false;
    int in_year = year.value_or(static_cast<unsigned>(*month + 1) > static_cast<unsigned>(today_.month())
                                    ? this_year() - 1
                                    : this_year());
    std::optional<int> day = has_day_after ? day_after : day_before;
    if (day && *day >= 1 && *day <= 31) {
      add_days(to_ms(day_of(in_year, *month + 1, *day)), 1);
    } else {
      add_month(in_year, *month + 1);
    }
    at_ += (has_day_after ? 1U : 0U) + (year ? 1U : 0U);
    return true;
  }

  bool read_year() {
    auto year = year_at(0);
    if (!year || word(0).size() != 4) return false;
    if (number_of(word(1)) && number_of(word(2)) && *number_of(word(1)) <= 12) return false;  // 2023-05-08
    out_.push_back({to_ms(day_of(*year, 1, 1)), to_ms(day_of(*year + 1, 1, 1))});
    return true;
  }

  bool read_iso() {
    auto year = year_at(0), month = number_of(word(1)), day = number_of(word(2));
    if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return false;
    add_days(to_ms(day_of(*year, *month, *day)), 1);
    at_ += 2;
    return true;
  }

  std::int64_t unit_days(std::string_view unit) const {
    if (unit == "day" || unit == "days") return 1;
    if (unit == "week" || unit == "weeks") return 7;
    if (unit == "month" || unit == "months") return 30;
    if (unit == "year" || unit == "years") return 365;
    return 0;
  }

  // "two weeks ago": a span as wide as its unit around that day.
  bool read_ago() {
    auto count = number_of(word(0));
    std::int64_t unit = unit_days(word(1));
    if (!count || unit == 0 || word(2) != "ago") return false;
    std::int64_t around = to_ms(today_) - *count * unit * day_ms;
    add_days(around - (unit / 2) * day_ms, std::max<std::int64_t>(unit, 1));
    at_ += 2;
    return true;
  }

  bool read_relative() {
    std::int64_t today = to_ms(today_);
    if (word(0) == "yesterday") return add_days(today - day_ms, 1), true;
    if (word(0) == "today") return add_days(today, 1), true;
    bool last = word(0) == "last", now = word(0) == "this";
    if (!last && !now) return false;
    std::int64_t unit = unit_days(word(1));
    if (unit > 0)
      return add_days(today - (last ? 2 * unit - 1 : unit - 1) * day_ms, last ? 2 * unit - 1 : unit), true;
    auto weekday = std::ranges::find(weekdays, word(1));
    if (weekday != weekdays.end()) return add_weekday(static_cast<int>(weekday - weekdays.begin())), true;
    return read_season(last);
  }

  void add_weekday(int wanted) {
    int now = static_cast<int>(std::chrono::weekday(sys_days(today_)).c_encoding());
    int back = (now - wanted + 7) % 7;
    add_days(to_ms(today_) - (back == 0 ? 7 : back) * day_ms, 1);
  }

  bool read_season(bool last) {
    constexpr auto seasons = std::to_array<std::string_view>({"spring", "summer", "autumn", "winter"});
    auto season = std::ranges::find(seasons, word(1) == "fall" ? std::string_view("autumn") : word(1));
    if (season == seasons.end()) return false;
    int first_month = 3 + 3 * static_cast<int>(season - seasons.begin());
    int year = this_year();
    if (last && to_ms(day_of(year, first_month, 1)) > to_ms(today_) - 90 * day_ms) --year;
    std::int64_t from = to_ms(day_of(year, first_month, 1));
    add_days(from, 92);
    return true;
  }

  year_month_day today_;
  std::vector<std::string> words_;
  std::vector<Span> out_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::int64_t> read_iso_ms(std::string_view text) {
  Digits digits{text};
  auto year = digits.take(4, '\0'), month = digits.take(2, '-'), day = digits.take(2, '-');
  if (!year || !month || !day) return std::nullopt;
  year_month_day date = day_of(*year, *month, *day);
  if (!date.ok()) return std::nullopt;
  std::int64_t ms = to_ms(date);
  if (digits.at == text.size()) return ms;
  auto hour = digits.take(2, text[digits.at] == ' ' ? ' ' : 'T'), minute = digits.take(2, ':');
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  auto second =
      digits.at < text.size() && text[digits.at] == ':' ? digits.take(2, ':') : std::optional<int>(0);
  if (!second) return std::nullopt;
  std::int64_t minutes = *hour * 60 + *minute - zone_minutes(text, digits.at);
  return ms + (minutes * 60 + *second) * 1000;
}

std::string day_in_words(std::int64_t ms) {
  year_month_day day = date_of(ms);
  std::string month(months[static_cast<unsigned>(day.month()) - 1]);
  month[0] = static_cast<char>(month[0] - 'a' + 'A');
  return fmt::format("{} {} {}", static_cast<unsigned>(day.day()), month, static_cast<int>(day.year()));
}

std::vector<Span> spans_named(std::string_view text, std::int64_t now_ms) {
  return SpanReader(text, now_ms).run();
}

}  // namespace mira::memory
