#include "knowledge/builds/digest.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

constexpr std::size_t most_distinct = 1000;
constexpr std::size_t warnings_shown = 5;
constexpr std::size_t notes_shown = 3;

std::string shown(std::string_view text) {
  return guard::neutralise(guard::mask_secrets(text));
}

std::string identity(const Record& record) {
  return record.tool + '\0' + record.code + '\0' + record.file + '\0' + std::to_string(record.line) + '\0' +
         std::to_string(record.column) + '\0' + record.message + '\0' + record.test;
}

// What a test wanted and got, where its message does not say it already.
std::string values(const Record& record) {
  std::string out;
  if (!record.expected.empty() && record.message.find(record.expected) == std::string::npos)
    out += "    expected: " + shown(record.expected) + "\n";
  if (!record.actual.empty() && record.message.find(record.actual) == std::string::npos)
    out += "    actual: " + shown(record.actual) + "\n";
  return out;
}

}  // namespace

std::string describe(const Record& record, std::int64_t times) {
  std::string out;
  const std::string place = place_of(record);
  if (!place.empty()) out += base::display_line(place) + ": ";
  out += fmt::format("{}: {}", severity_name(record.severity), shown(record.message));
  while (out.ends_with('\n')) out.pop_back();
  if (!record.code.empty()) out += fmt::format(" [{}]", base::display_line(record.code));
  out += fmt::format(" ({}{})\n", record.tool, times > 1 ? fmt::format(", {} times", times) : "");
  out += values(record);
  for (std::size_t i = 0; i < record.notes.size() && i < notes_shown; ++i) {
    const Note& note = record.notes[i];
    const std::string where =
        note.file.empty()
            ? ""
            : base::display_line(note.file) + (note.line > 0 ? ":" + std::to_string(note.line) : "") + ": ";
    out += "    " + where + shown(note.message) + "\n";
  }
  if (record.notes.size() > notes_shown)
    out += fmt::format("    and {} more notes\n", record.notes.size() - notes_shown);
  return out;
}

void Digest::add(const Record& record) {
  const bool error = record.severity == Severity::error;
  (error ? error_count_ : warning_count_) += 1;
  auto& known = error ? known_errors_ : known_warnings_;
  auto& list = error ? errors_ : warnings_;
  const auto [at, fresh] = known.try_emplace(identity(record), list.size());
  if (!fresh) {
    ++list[at->second].times;
  } else if (list.size() < most_distinct) {
    list.push_back({record});
  } else {
    known.erase(at);
    ++not_kept_;
  }
}

void Digest::judged(const Verdict& verdict) {
  failed_ = failed_ || verdict.failed;
  reasons_.insert(reasons_.end(), verdict.reasons.begin(), verdict.reasons.end());
  mismatches_.insert(mismatches_.end(), verdict.mismatches.begin(), verdict.mismatches.end());
}

std::string Digest::counts() const {
  if (error_count_ == 0 && warning_count_ == 0) return failed_ ? "failed" : "no errors, no warnings";
  return fmt::format("{} error{}, {} warning{}", error_count_, error_count_ == 1 ? "" : "s", warning_count_,
                     warning_count_ == 1 ? "" : "s");
}

std::string Digest::text() const {
  std::string out;
  const auto write = [&](bool consequence) {
    for (const Distinct& one : errors_) {
      if (one.record.consequence == consequence) out += describe(one.record, one.times);
    }
  };
  write(false);
  write(true);
  for (std::size_t i = 0; i < warnings_.size() && i < warnings_shown; ++i)
    out += describe(warnings_[i].record, warnings_[i].times);
  if (warnings_.size() > warnings_shown)
    out += fmt::format("and {} more distinct warnings\n", warnings_.size() - warnings_shown);
  if (not_kept_ > 0) out += fmt::format("and {} more records that are not shown here\n", not_kept_);
  out += counts() + "\n";
  for (const std::string& mismatch : mismatches_) out += "attention: " + base::display_line(mismatch) + "\n";
  if (error_count_ > 0 && !failed_) {
    for (const std::string& reason : reasons_) out += "attention: " + base::display_line(reason) + "\n";
  }
  return out;
}

}  // namespace mira::builds
