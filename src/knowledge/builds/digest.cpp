#include "knowledge/builds/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

constexpr std::size_t most_distinct = 1000;
constexpr std::size_t warnings_shown = 5;
constexpr std::size_t notes_shown = 3;

// Notes that a tool adds to every error of a kind: they tell of the tool, not of this error.
constexpr auto of_the_tool = std::to_array<std::string_view>(
    {"each undeclared identifier is reported only once", "for further information visit",
     "for more information", "to override `-D", "implied by `-D", "on by default",
     "requested on the command line"});

std::string shown(std::string_view text) {
  std::string out = guard::neutralise(guard::mask_secrets(text));
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

void write_identity(const Record& record, std::string& out) {
  out.clear();
  for (const std::string* text : {&record.tool, &record.code, &record.file, &record.message, &record.test}) {
    out += *text;
    out += '\0';
  }
  for (const int number : {record.line, record.column})
    out.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

// What a test wanted and got, where its message does not say it already.
std::string values(const Record& record) {
  std::string out;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty() || record.message.find(value) != std::string::npos) return;
    const bool on_one_line = !out.empty() && !out.contains('\n') && !value.contains('\n');
    out += fmt::format("{}{}: {}", out.empty() ? "    " : on_one_line ? ", " : "\n    ", name, shown(value));
  };
  add("expected", record.expected);
  add("actual", record.actual);
  return out.empty() ? out : out + "\n";
}

std::string note_line(const Note& note) {
  const std::string line = note.line > 0 ? ":" + std::to_string(note.line) : "";
  const std::string place = note.file.empty() ? "" : base::display_line(note.file) + line + ": ";
  return "    " + place + shown(note.message) + "\n";
}

std::string code_of(const Record& record) {
  return record.code.empty() ? "" : fmt::format(" [{}]", base::display_line(record.code));
}

// Records as they are told one after the other: what stood in the line before is not said again.
class Telling {
 public:
  struct One {
    const Record* record;
    std::int64_t times;
    std::string places = {};  // in its file; the same words at several of them are told once
  };

  std::string all(std::span<const One> list) {
    const std::vector<One> merged = merge(list);
    std::string out;
    for (std::size_t i = 0; i < merged.size();) {
      std::size_t end = i + 1;
      const std::string& file = merged[i].record->file;
      while (!file.empty() && end < merged.size() && merged[end].record->file == file) ++end;
      const bool several = end - i > 1 || merged[i].places.contains(' ');
      if (several && !file.empty()) out += base::display_line(file) + ":\n";
      for (; i < end; ++i) out += several && !file.empty() ? in_file(merged[i]) : whole(merged[i]);
    }
    return out;
  }

 private:
  std::string whole(const One& one) {
    const std::string place = place_of(*one.record);
    return (place.empty() ? "" : base::display_line(place) + ": ") +
           std::string(severity_name(one.record->severity)) + ": " + words(one);
  }
  static std::string place_in_file(const Record& record) {
    if (record.line <= 0) return "-";
    return record.column > 0 ? fmt::format("{}:{}", record.line, record.column) : std::to_string(record.line);
  }
  // The same words of one tool in one file are one error at several places.
  static std::vector<One> merge(std::span<const One> list) {
    std::vector<One> out;
    std::map<std::string, std::size_t> known;
    for (const One& one : list) {
      const Record& record = *one.record;
      std::string words = record.tool + '\0' + record.code + '\0' + record.file + '\0' + record.message +
                          '\0' + record.expected + '\0' + record.actual;
      for (const Note& note : record.notes) words += '\0' + note.message;
      const auto [at, fresh] = known.try_emplace(std::move(words), out.size());
      if (fresh) out.push_back(one);
      One& told = out[at->second];
      if (!fresh) told.times += one.times;
      told.places += (fresh ? "" : ", ") + place_in_file(record);
    }
    return out;
  }
  std::string in_file(const One& one) {
    const bool warning = one.record->severity == Severity::warning;
    return "  " + one.places + (warning ? " warning: " : " ") + words(one);
  }

  std::string words(const One& one) {
    const Record& record = *one.record;
    std::string out = shown(record.message) + code_of(record);
    const auto places = static_cast<std::int64_t>(std::ranges::count(one.places, ',')) + 1;
    const std::string times = one.times > places ? fmt::format("{} times", one.times) : "";
    const std::string tool = record.tool == tool_ ? "" : record.tool;
    tool_ = record.tool;
    if (!tool.empty() || !times.empty())
      out += fmt::format(" ({}{}{})", tool, !tool.empty() && !times.empty() ? ", " : "", times);
    return out + "\n" + values(record) + notes(record);
  }

  std::string notes(const Record& record) {
    std::string out;
    std::size_t count = 0, rest = 0;
    for (const Note& note : record.notes) {
      const bool tools_own = std::ranges::any_of(
          of_the_tool, [&](std::string_view words) { return note.message.contains(words); });
      if (tools_own || !told_notes_.insert(note.message).second) continue;
      if (count++ < notes_shown)
        out += note_line(note);
      else
        ++rest;
    }
    return rest > 0 ? out + fmt::format("    and {} more notes\n", rest) : out;
  }

  std::string tool_;
  std::set<std::string> told_notes_;
};

}  // namespace

std::string describe(const Record& record, std::int64_t times) {
  std::string out;
  const std::string place = place_of(record);
  if (!place.empty()) out += base::display_line(place) + ": ";
  out += fmt::format("{}: {}{}", severity_name(record.severity), shown(record.message), code_of(record));
  out += fmt::format(" ({}{})\n", record.tool, times > 1 ? fmt::format(", {} times", times) : "");
  out += values(record);
  for (std::size_t i = 0; i < record.notes.size() && i < notes_shown; ++i) out += note_line(record.notes[i]);
  if (record.notes.size() > notes_shown)
    out += fmt::format("    and {} more notes\n", record.notes.size() - notes_shown);
  return out;
}

void Digest::add(const Record& record) {
  const bool error = record.severity == Severity::error;
  (error ? error_count_ : warning_count_) += 1;
  auto& known = error ? known_errors_ : known_warnings_;
  auto& list = error ? errors_ : warnings_;
  write_identity(record, identity_);
  if (const auto at = known.find(identity_); at != known.end()) {
    ++list[at->second].times;
  } else if (list.size() < most_distinct) {
    known.emplace(identity_, list.size());
    list.push_back({record});
  } else {
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
  const auto many = [](std::int64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  const std::string warnings = warning_count_ > 0 ? ", " + many(warning_count_, "warning") : "";
  return many(error_count_, "error") + warnings;
}

// Beside errors warnings are only counted: they made nothing fail.
std::string Digest::text() const {
  std::string out;
  Telling telling;
  for (const bool consequence : {false, true}) {
    std::vector<Telling::One> list;
    for (const Distinct& one : errors_) {
      if (one.record.consequence == consequence) list.push_back({&one.record, one.times});
    }
    out += telling.all(list);
  }
  const std::size_t shown = failed_ && error_count_ > 0 ? 0 : warnings_shown;
  std::vector<Telling::One> warnings;
  for (std::size_t i = 0; i < warnings_.size() && i < shown; ++i)
    warnings.push_back({&warnings_[i].record, warnings_[i].times});
  out += telling.all(warnings);
  if (shown > 0 && warnings_.size() > shown)
    out += fmt::format("and {} more distinct warnings\n", warnings_.size() - shown);
  if (not_kept_ > 0) out += fmt::format("and {} more records that are not shown here\n", not_kept_);
  out += counts() + "\n";
  for (const std::string& mismatch : mismatches_) out += "attention: " + base::display_line(mismatch) + "\n";
  if (error_count_ > 0 && !failed_) {
    for (const std::string& reason : reasons_) out += "attention: " + base::display_line(reason) + "\n";
  }
  return out;
}

}  // namespace mira::builds
