#include "knowledge/builds/diagnoser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// Words at which a line speaks of a failure, for the case that no parser knows its shape.
constexpr auto failure_words =
    std::to_array<std::string_view>({"error:", "error!", "error ", "fatal:", "fatal ", "failed", "failure",
                                     "panic", "exception", "abort", "cannot ", "can't ", "no such file",
                                     "not found", "denied", "segmentation fault", "core dumped", "killed"});
constexpr std::uint64_t failure_bit = std::uint64_t{1} << 63;
constexpr std::size_t most_told = 20'000;
constexpr std::size_t suspicious_before = 5, suspicious_after = 25, tail_lines = 30;

std::vector<std::string_view> all_keywords(const std::vector<Definition>& parsers) {
  std::vector<std::string_view> out;
  for (const Definition& parser : parsers)
    out.insert(out.end(), parser.keywords.begin(), parser.keywords.end());
  out.insert(out.end(), failure_words.begin(), failure_words.end());
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::uint64_t> bits_of(const std::vector<Definition>& parsers,
                                   const std::vector<std::string_view>& keywords) {
  std::vector<std::uint64_t> out(keywords.size(), 0);
  const auto mark = [&](std::string_view keyword, std::uint64_t bit) {
    out[static_cast<std::size_t>(std::ranges::lower_bound(keywords, keyword) - keywords.begin())] |= bit;
  };
  for (std::size_t i = 0; i < parsers.size(); ++i) {
    for (const std::string_view keyword : parsers[i].keywords) mark(keyword, std::uint64_t{1} << i);
  }
  for (const std::string_view word : failure_words) mark(word, failure_bit);
  return out;
}

// "test_part.py::TestA::test_x", "part > adds" -> one way to write it.
std::string plain_test(std::string_view test) {
  std::string out;
  while (!test.empty()) {
    if (take(test, "::") || take(test, " > ") || take(test, " \u203a ") || take(test, "/") ||
        take(test, " ")) {
      out += '.';
    } else if (!take(test, ".py")) {
      out += test[0];
      test.remove_prefix(1);
    }
  }
  return out;
}

bool ends_with_name(std::string_view whole, std::string_view name) {
  if (!whole.ends_with(name)) return false;
  return whole.size() == name.size() || whole[whole.size() - name.size() - 1] == '.';
}

std::string place_key(const Record& record) {
  return std::string(base_name(record.file)) + ":" + std::to_string(record.line);
}

}  // namespace

Toolset::Toolset(std::vector<Definition> parsers)
    : parsers_(std::move(parsers)),
      parsers_of_(bits_of(parsers_, all_keywords(parsers_))),
      keywords_(all_keywords(parsers_)) {}

Diagnoser::Diagnoser(Collector::OnRecord on_record, std::shared_ptr<const Toolset> tools)
    : tools_(std::move(tools)), collector_([this, on_record = std::move(on_record)](Record&& record) {
        if (expects_report_) note_told(record);
        on_record(std::move(record));
      }) {
  for (const Definition& one : tools_->parsers_) parsers_.push_back(one.make(collector_, recent_));
}

void Diagnoser::feed(std::string_view chunk) {
  lines_.feed(chunk, [this](const Line& line) { on_line(line); });
}

void Diagnoser::on_line(const Line& line) {
  const char first = line.text.empty() ? ' ' : line.text[0];
  if ((first != '{' && first != '[') || !unwrapped(line)) read_line(line);
}

bool Diagnoser::unwrapped(const Line& line) {
  auto json = read_json_line(line.text);
  if (!json) return false;
  for (Record& record : json->found) collector_.close(collector_.begin(std::move(record), line));
  if (json->found.empty())
    json_.add(*json, line, [this](const Line& inner) { read_line(inner); });
  else
    recent_.add(line);
  collector_.line_done(line);
  return true;
}

void Diagnoser::read_line(const Line& line) {
  Took took = Took::no;
  if (active_ != nullptr) took = active_->follow(line);
  if (took != Took::yes) {
    Parser* const before = active_;
    if (took == Took::no) active_ = nullptr;
    scanned_ = 0;
    tools_->keywords_.scan(
        line.text, [this](std::size_t keyword, std::size_t) { scanned_ |= tools_->parsers_of_[keyword]; });
    if (scanned_ != 0) offer(line, scanned_);
    if (after_suspicious_ > 0 && active_ == before) watch_for_failure(line);
  }
  recent_.add(line);
  collector_.line_done(line);
}

void Diagnoser::offer(const Line& line, std::uint64_t parsers) {
  for (std::uint64_t left = parsers & ~failure_bit; left != 0; left &= left - 1) {
    Parser& parser = *parsers_[static_cast<std::size_t>(std::countr_zero(left))];
    if (!parser.start(line)) continue;
    active_ = &parser;
    return;
  }
  if ((parsers & failure_bit) != 0 && suspicious_.empty()) {
    for (const std::string_view earlier : recent_.last(suspicious_before)) suspicious_.emplace_back(earlier);
    suspicious_line_ = std::max<std::int64_t>(1, line.number - static_cast<std::int64_t>(suspicious_.size()));
    after_suspicious_ = suspicious_after + 1;
    watch_for_failure(line);
  }
}

void Diagnoser::watch_for_failure(const Line& line) {
  suspicious_.emplace_back(line.text.substr(0, 1000));
  --after_suspicious_;
}

void Diagnoser::note_told(const Record& record) {
  if (record.severity != Severity::error) return;
  if (!record.test.empty() && told_tests_.size() < most_told) told_tests_.push_back(plain_test(record.test));
  if (record.line > 0 && told_places_.size() < most_told) told_places_.insert(place_key(record));
}

// A test by its name, whose groups one side may leave out; else a place.
bool Diagnoser::is_told(const Record& record) const {
  if (record.line > 0 && told_places_.contains(place_key(record))) return true;
  const std::string own = plain_test(record.test);
  return !own.empty() && std::ranges::any_of(told_tests_, [&](const std::string& told) {
    return ends_with_name(own, told) || ends_with_name(told, own);
  });
}

void Diagnoser::add_report(OwnReport own) {
  const Line nowhere{.text = {}, .begin = lines_.bytes(), .end = lines_.bytes(), .number = lines_.lines()};
  std::set<std::string> tests;
  std::int64_t untold = 0, errors = 0;
  const std::string name = own.tool.empty() ? std::string(own.report.format) : own.tool;
  for (Record& record : own.report.records) {
    if (!own.tool.empty()) record.tool = own.tool;
    const bool error = record.severity == Severity::error;
    errors += error ? 1 : 0;
    if (error && !record.test.empty()) tests.insert(record.test);
    if (expects_report_ && (!error || is_told(record))) continue;
    ++untold;
    collector_.close(collector_.begin(std::move(record), nowhere));
  }
  const auto read = static_cast<std::int64_t>(tests.size());
  if (own.report.failed >= 0 && own.report.failed != read && own.report.failed != errors)
    collector_.differs(
        fmt::format("{}'s report says {} failed, {} were read", name, own.report.failed, read));
  if (own.report.cut) collector_.differs(name + "'s report is cut: its end is missing");
  if (expects_report_ && untold > 0)
    collector_.differs(fmt::format("{} failures were only in {}'s report, not in its text", untold, name));
  const bool failed = errors > 0 || own.report.failed > 0 || own.report.says_failed || own.report.cut;
  if (failed) collector_.count({.tool = name, .failed = true, .log_line = lines_.lines()});
}

Verdict Diagnoser::finish(const Ending& ending, std::optional<OwnReport> own) {
  lines_.finish([this](const Line& line) { on_line(line); });
  json_.finish([this](const Line& line) { read_line(line); });
  for (const auto& parser : parsers_) parser->finish();
  collector_.finish();
  if (own) add_report(std::move(*own));
  collector_.finish();
  LastWords words{.tail = recent_.last(tail_lines), .lines = lines_.lines(), .bytes = lines_.bytes()};
  words.suspicious.assign(suspicious_.begin(), suspicious_.end());
  words.suspicious_line = suspicious_line_;
  return judge(ending, collector_, words);
}

}  // namespace mira::builds
