#include "knowledge/builds/diagnoser.h"

#include <algorithm>
#include <array>
#include <bit>

namespace mira::builds {
namespace {

// Words at which a line speaks of a failure, for the case that no parser knows its shape.
constexpr auto failure_words =
    std::to_array<std::string_view>({"error:", "error!", "error ", "fatal:", "fatal ", "failed", "failure",
                                     "panic", "exception", "abort", "cannot ", "can't ", "no such file",
                                     "not found", "denied", "segmentation fault", "core dumped", "killed"});
constexpr std::uint64_t failure_bit = std::uint64_t{1} << 63;
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

}  // namespace

Toolset::Toolset()
    : parsers_(definitions()),
      parsers_of_(bits_of(parsers_, all_keywords(parsers_))),
      keywords_(all_keywords(parsers_)) {}

Diagnoser::Diagnoser(Collector::OnRecord on_record, std::shared_ptr<const Toolset> tools)
    : tools_(std::move(tools)), collector_(std::move(on_record)) {
  for (const Definition& one : tools_->parsers_) parsers_.push_back(one.make(collector_, recent_));
}

void Diagnoser::feed(std::string_view chunk) {
  lines_.feed(chunk, [this](const Line& line) { on_line(line); });
}

void Diagnoser::on_line(const Line& line) {
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

Verdict Diagnoser::finish(const Ending& ending) {
  lines_.finish([this](const Line& line) { on_line(line); });
  for (const auto& parser : parsers_) parser->finish();
  collector_.finish();
  LastWords words{.tail = recent_.last(tail_lines), .lines = lines_.lines(), .bytes = lines_.bytes()};
  words.suspicious.assign(suspicious_.begin(), suspicious_.end());
  words.suspicious_line = suspicious_line_;
  return judge(ending, collector_, words);
}

}  // namespace mira::builds
