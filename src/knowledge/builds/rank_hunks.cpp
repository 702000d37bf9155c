#include "knowledge/builds/rank_hunks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "knowledge/builds/scan.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

constexpr int own_lines = 3;  // this near is the error's own place
constexpr std::size_t most_names = 8;
constexpr auto manifests = std::to_array<std::string_view>({"package.json",     "package-lock.json",
                                                            "tsconfig.json",    "Cargo.toml",
                                                            "Cargo.lock",       "go.mod",
                                                            "go.sum",           "pyproject.toml",
                                                            "requirements.txt", "setup.py",
                                                            "setup.cfg",        "CMakeLists.txt",
                                                            "Makefile",         "makefile",
                                                            "pom.xml",          "build.gradle",
                                                            "build.gradle.kts", "meson.build",
                                                            "Gemfile",          "composer.json",
                                                            "eslint.config.js", "eslint.config.mjs",
                                                            "pytest.ini",       "conftest.py",
                                                            "tox.ini"});

bool is_manifest(std::string_view path) {
  return std::ranges::find(manifests, base_name(path)) != manifests.end() ||
         has_extension(path, ".cmake .mk");
}

bool is_name(std::string_view word) {
  return word.size() >= 3 && !is_digit(word[0]);
}

void add_name(std::string_view word, std::vector<std::string>& out) {
  if (is_name(word) && std::ranges::find(out, word) == out.end()) out.emplace_back(word);
}

// How far a place is from the lines a hunk changed (in the red tree); 0: inside.
int distance(const Hunk& hunk, int line) {
  const int last = hunk.old_start + std::max(hunk.old_lines, 1) - 1;
  if (line < hunk.old_start) return hunk.old_start - line;
  return line > last ? line - last : 0;
}

double nearness(int lines) {
  return 1.0 / (1.0 + lines / 8.0);
}

bool holds_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_name_byte(text[at - 1]);
    const std::size_t end = at + word.size();
    if (starts && (end == text.size() || !is_name_byte(text[end]))) return true;
  }
  return false;
}

// "test_total_price" -> "total_price": what a test is named after.
std::string_view without_test_word(std::string_view name) {
  for (const std::string_view word : {"test_", "Test_", "Test"}) {
    if (name.starts_with(word) && name.size() > word.size()) return name.substr(word.size());
  }
  return name;
}

// "assert.equal(cart.total(1), 4)": what a line calls, the innermost last.
std::vector<std::string> names_called(std::string_view line) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < line.size() && out.size() < most_names; ++at) {
    if (line[at] != '(') continue;
    std::size_t begin = at;
    while (begin > 0 && is_name_byte(line[begin - 1])) --begin;
    add_name(line.substr(begin, at - begin), out);
  }
  return out;
}

bool only_blank_or_comment(const Hunk& hunk) {
  for (std::string_view line : base::split(hunk.body, '\n')) {
    if (!line.empty()) line.remove_prefix(1);
    line = base::trim(line);
    const bool comment = line.starts_with("//") || line.starts_with("#") || line.starts_with("/*") ||
                         line.starts_with("*") || line.starts_with("--") || line.starts_with("\"\"\"");
    const bool directive = line.starts_with("#include") || line.starts_with("#define") ||
                           line.starts_with("#if") || line.starts_with("#end") || line.starts_with("#!");
    if (!line.empty() && (!comment || directive)) return false;
  }
  return true;
}

class Ranker {
 public:
  explicit Ranker(const Record& record) : record_(record), names_(names_in(record.message)) {
    if (is_name(record.symbol)) add_name(record.symbol, names_);
    for (const std::string& expected : {record.expected, record.actual}) {
      for (const std::string_view word : base::words(expected)) {
        if (names_.size() < most_names) add_name(word, names_);
      }
    }
    called_ = names_called(record.snippet);
    is_test_ = !record.test.empty();
    for (const std::string_view word : base::words(record.test)) add_name(without_test_word(word), names_);
    if (is_test_) subject_ = subject_of_test(record.file);
  }

  RankedHunk rank(Hunk hunk) const {
    RankedHunk out;
    place(hunk, out);
    names(hunk, out);
    relatives(hunk, out);
    if (is_manifest(hunk.path)) add(8, "says what is built", out);
    if (only_blank_or_comment(hunk)) out.score *= 0.2;
    if (out.why.empty()) out.why = "changed in between";
    out.hunk = std::move(hunk);
    return out;
  }

 private:
  static void add(double score, std::string_view why, RankedHunk& out) {
    if (score <= 0) return;
    if (score > out.score || out.why.empty()) out.why = why;
    out.score += score;
  }

  void place(const Hunk& hunk, RankedHunk& out) const {
    if (hunk.path != record_.file) return;
    if (record_.line == 0) return add(20, "in the error's file", out);
    const int lines = distance(hunk, record_.line);
    // The test says where it saw the fault, seldom where it is.
    const double most = is_test_ ? 25 : 60;
    out.own_place = lines <= own_lines;
    add(12 + most * nearness(lines), out.own_place ? why_own_place : "in the error's file", out);
  }

  void names(const Hunk& hunk, RankedHunk& out) const {
    double score = 0;
    std::string said;
    for (const std::string& name : names_) {
      if (!holds_word(hunk.body, name)) continue;
      if (said.empty()) said = "holds `" + name + "`, which the error names";
      score += score == 0 ? 30 : 8;
    }
    add(score, said, out);
    for (const std::string& name : names_) {
      if (!holds_word(hunk.within, name) || holds_word(hunk.body, name)) continue;
      return add(is_test_ ? 30 : 12, "in `" + name + "`, which the error names", out);
    }
    for (const std::string& name : called_) {
      if (holds_word(hunk.within, name))
        return add(28, "in `" + name + "`, which the failing line calls", out);
    }
  }

  void relatives(const Hunk& hunk, RankedHunk& out) const {
    double best = 0;
    const auto near = [&](const std::string& file, int line, double weight) {
      if (file != hunk.path || file == record_.file) return;
      best = std::max(best, weight * (0.4 + 0.6 * (line > 0 ? nearness(distance(hunk, line)) : 0)));
    };
    for (const Note& note : record_.notes) near(note.file, note.line, 40);
    for (const Frame& frame : record_.frames) near(frame.file, frame.line, 35);
    for (const Frame& frame : record_.includes) near(frame.file, frame.line, 12);
    add(best, "in a file that the error's notes or frames name", out);
    if (!is_test_ || subject_.empty() || hunk.path == record_.file) return;
    const std::string stem = base::to_lower(stem_of(hunk.path));
    if (stem == subject_) return add(32, "in the file that the test is of", out);
    if (holds_word(base::to_lower(record_.test), stem))
      add(14, "in a file that the test's name speaks of", out);
    for (const std::string_view word : base::words(record_.test)) {
      for (const std::string& part : base::split_identifier(word)) {
        if (part.size() > 3 && part != "test" && holds_word(base::to_lower(hunk.body), part))
          return add(10, "holds a word of the test's name", out);
      }
    }
  }

  const Record& record_;
  std::vector<std::string> called_;  // by the line the error is at
  std::vector<std::string> names_;
  std::string subject_;
  bool is_test_ = false;
};

}  // namespace

std::string subject_of_test(std::string_view path) {
  std::string stem = base::to_lower(stem_of(path));
  for (const std::string_view word : {"test_", "tests_", "spec_"}) {
    if (stem.starts_with(word)) stem.erase(0, word.size());
  }
  for (const std::string_view word : {"_test", "_tests", "_spec", "test", "tests", "spec"}) {
    if (stem.ends_with(word) && stem.size() > word.size()) stem.resize(stem.size() - word.size());
  }
  return stem;
}

std::vector<std::string> names_in(std::string_view message) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < message.size();) {  // quoted ones first
    const std::size_t open = message.find_first_of("'`\"", at);
    if (open == std::string_view::npos) break;
    const std::size_t close = message.find_first_of("'`\"", open + 1);
    if (close == std::string_view::npos) break;
    for (const std::string_view word : base::words(message.substr(open + 1, close - open - 1)))
      add_name(word, out);
    at = close + 1;
  }
  for (const std::string_view word : base::words(message)) {
    const bool code = word.find('_') != std::string_view::npos ||
                      std::any_of(word.begin() + (word.empty() ? 0 : 1), word.end(),
                                  [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); });
    if (code) add_name(word, out);
  }
  const std::size_t last = message.rfind(": ");  // "undefined: name", "unresolved import: name"
  if (last != std::string_view::npos) {
    const std::string_view tail = base::trim(message.substr(last + 2));
    if (tail.find(' ') == std::string_view::npos) {
      for (const std::string_view word : base::words(tail)) add_name(word, out);
    }
  }
  if (out.size() > most_names) out.resize(most_names);
  return out;
}

std::vector<RankedHunk> rank_hunks(const Record& record, std::vector<Hunk> hunks) {
  const Ranker ranker(record);
  std::vector<RankedHunk> out;
  out.reserve(hunks.size());
  for (Hunk& hunk : hunks) out.push_back(ranker.rank(std::move(hunk)));
  std::ranges::stable_sort(out, std::ranges::greater{}, &RankedHunk::score);
  return out;
}

}  // namespace mira::builds
