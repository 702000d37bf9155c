#include "knowledge/code/search_lines.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "knowledge/code/languages.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/read_file.h"

namespace mira::code {
namespace {

constexpr std::int64_t counted_matches = 10'000;
constexpr int shortest_literal = 3;  // bytes of a literal that is worth looking for first

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return base::to_lower(text).find(base::to_lower(part)) != std::string::npos;
}

// A pattern that is ready to run, with the literals of which every match holds one.
class LinePattern {
 public:
  static base::Result<LinePattern> compile(const LineQuery& query) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_nl(true);
    options.set_case_sensitive(query.letter_case == LetterCase::exact);
    bool literal = query.kind == PatternKind::literal;
    std::string text = "(?m)" + (literal ? re2::RE2::QuoteMeta(query.pattern) : query.pattern);
    LinePattern out;
    out.expression_ = std::make_unique<re2::RE2>(text, options);
    if (!out.expression_->ok())
      return base::fail(base::ErrorCode::usage,
                        fmt::format("`{}` is no regular expression: {}", base::display_line(query.pattern),
                                    base::display_line(out.expression_->error())),
                        "give --literal to look for it as it is written");
    if (literal && query.letter_case == LetterCase::exact)
      out.literal_ = query.pattern;
    else
      out.take_literals(text, options);
    return out;
  }

  bool may_match(std::string_view text) const {
    if (!literal_.empty()) return text.find(literal_) != std::string_view::npos;
    if (atoms_.empty()) return true;
    std::string lower = base::to_lower(text);
    std::vector<int> present;
    for (std::size_t i = 0; i < atoms_.size(); ++i)
      if (lower.find(atoms_[i]) != std::string::npos) present.push_back(static_cast<int>(i));
    std::vector<int> possible;
    filter_->AllPotentials(present, &possible);
    return !possible.empty();
  }

  // The next match at or after `from`; npos when there is none.
  std::size_t next(std::string_view text, std::size_t from) const {
    re2::StringPiece found;
    re2::StringPiece whole(text.data(), text.size());
    if (!expression_->Match(whole, from, text.size(), re2::RE2::UNANCHORED, &found, 1))
      return std::string_view::npos;
    return static_cast<std::size_t>(found.data() - text.data());
  }

 private:
  void take_literals(const std::string& text, const re2::RE2::Options& options) {
    filter_ = std::make_unique<re2::FilteredRE2>(shortest_literal);
    int id = 0;
    if (filter_->Add(text, options, &id) != re2::RE2::NoError) return;
    filter_->Compile(&atoms_);
  }
  std::unique_ptr<re2::RE2> expression_;
  std::unique_ptr<re2::FilteredRE2> filter_;
  std::vector<std::string> atoms_;  // lower case
  std::string literal_;
};

struct File {
  std::int64_t id = 0;
  std::string path;
};

base::Result<std::vector<File>> files_of(store::Connection& index, const QueryFilters& filters) {
  std::vector<File> out;
  bool wild = filters.path.find_first_of("*?") != std::string::npos;
  MIRA_TRY(index.each(
      "SELECT file_id, path FROM repository_files WHERE parse_state NOT IN ('binary', 'secret')"
      " AND (?1 = '' OR language = ?1) AND (?2 = 0 OR path GLOB ?3) ORDER BY path",
      [&](const store::Row& row) {
        if (wild || contains_ignoring_case(row.text(1), filters.path))
          out.push_back({row.integer(0), std::string(row.text(1))});
      },
      filters.language, wild ? 1 : 0, filters.path));
  return out;
}

// The definitions of one file, for the symbol around a line.
class Definitions {
 public:
  static base::Result<Definitions> load(store::Connection& index, std::int64_t file_id) {
    Definitions out;
    MIRA_TRY(index.each(
        "SELECT qualified_name, start_line, end_line FROM code_elements WHERE file_id = ?"
        " AND end_line >= start_line ORDER BY end_line - start_line, start_line",
        [&](const store::Row& row) {
          out.spans_.push_back(
              {std::string(row.text(0)), static_cast<int>(row.integer(1)), static_cast<int>(row.integer(2))});
        },
        file_id));
    return out;
  }
  std::string innermost(int line, std::string_view part) const {
    for (const Span& span : spans_)  // shortest first
      if (line >= span.start && line <= span.end && contains_ignoring_case(span.name, part)) return span.name;
    return {};
  }

 private:
  struct Span {
    std::string name;
    int start, end;
  };
  std::vector<Span> spans_;
};

class Finder {
 public:
  Finder(contracts::Session& session, const LineQuery& query, const LinePattern& pattern, std::size_t limit)
      : session_(session), query_(query), pattern_(pattern), limit_(limit) {}

  base::Status search(const File& file) {
    auto read = workspace::read_file(session_.project.root, file.path, limits::file_bytes);
    if (!read) {
      answer_.unreadable.push_back(file.path);
      return {};
    }
    ++answer_.files_read;
    const std::string& text = read->bytes;
    if (!pattern_.may_match(text)) return {};
    std::optional<Definitions> definitions;
    int line = 1;
    std::size_t counted = 0;
    for (std::size_t at = pattern_.next(text, 0); at != std::string::npos && at < text.size();) {
      line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                          text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      counted = at;
      if (!definitions) definitions = MIRA_TRY(Definitions::load(session_.index, file.id));
      take(file, text, at, line, *definitions);
      if (answer_.matches >= counted_matches) break;
      std::size_t end = text.find('\n', at);
      if (end == std::string::npos) break;
      at = pattern_.next(text, end + 1);
    }
    return {};
  }

  bool is_full() const { return answer_.matches >= counted_matches; }
  LineAnswer finish() {
    answer_.counted_all = !is_full();
    return std::move(answer_);
  }

 private:
  void take(const File& file, std::string_view text, std::size_t at, int line, const Definitions& around) {
    std::string symbol = around.innermost(line, query_.filters.symbol);
    if (!query_.filters.symbol.empty() && symbol.empty()) return;
    ++answer_.matches;
    if (answer_.hits.size() >= limit_) return;
    std::size_t line_start = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    std::size_t begin = line_start == std::string_view::npos ? 0 : line_start + 1;
    answer_.hits.push_back({file.path, line, static_cast<int>(at - begin) + 1, std::move(symbol)});
  }

  contracts::Session& session_;
  const LineQuery& query_;
  const LinePattern& pattern_;
  std::size_t limit_;
  LineAnswer answer_;
};

// "path:x" goes to its filter; false for anything else.
bool take_filter(std::string_view word, QueryFilters& filters) {
  struct Named {
    std::string_view name;
    std::string QueryFilters::* field;
  };
  constexpr std::array<Named, 3> names{
      {{"path:", &QueryFilters::path}, {"lang:", &QueryFilters::language}, {"sym:", &QueryFilters::symbol}}};
  for (const Named& one : names) {
    if (!word.starts_with(one.name) || word.size() == one.name.size()) continue;
    filters.*one.field = word.substr(one.name.size());
    return true;
  }
  return false;
}

}  // namespace

LineQuery line_query(std::string_view text) {
  LineQuery out;
  std::string_view rest = text;
  while (true) {
    std::size_t space = rest.find(' ');
    if (space == std::string_view::npos || !take_filter(rest.substr(0, space), out.filters)) break;
    rest.remove_prefix(space + 1);
  }
  while (true) {
    std::size_t space = rest.rfind(' ');
    if (space == std::string_view::npos || !take_filter(rest.substr(space + 1), out.filters)) break;
    rest = rest.substr(0, space);
  }
  out.pattern = rest;
  return out;
}

base::Result<LineAnswer> find_lines(contracts::Session& session, const LineQuery& query, std::size_t limit,
                                    base::Deadline deadline) {
  LineQuery asked = query;
  if (!asked.filters.language.empty()) {
    asked.filters.language = base::to_lower(asked.filters.language);
    if (find_language(asked.filters.language) == nullptr)
      return base::fail(base::ErrorCode::usage,
                        fmt::format("no language is named `{}`", base::display_line(query.filters.language)),
                        "`mira languages` lists the names");
  }
  LinePattern pattern = MIRA_TRY(LinePattern::compile(asked));
  std::vector<File> files = MIRA_TRY(files_of(session.index, asked.filters));
  Finder finder(session, asked, pattern, limit);
  for (const File& file : files) {
    if (deadline.expired())
      return base::fail(base::ErrorCode::timeout, "the search did not end in time",
                        "narrow it with path: or lang:");
    MIRA_TRY(finder.search(file));
    if (finder.is_full()) break;
  }
  return finder.finish();
}

}  // namespace mira::code
