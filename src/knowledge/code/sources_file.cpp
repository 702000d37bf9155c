// code.file: the places that the question names by path: the lines around an error,
// or what a file holds.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "knowledge/code/search_text.h"
#include "knowledge/code/sources.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Evidence;

constexpr int lines_around = 12;         // each side of a named line
constexpr int longest_whole_chunk = 60;  // a definition of up to this many lines is shown whole
constexpr int files_of_one_name = 3;     // a name that more files end in is not a place
constexpr int most_outline_lines = 40;
constexpr std::size_t most_places = 8;
constexpr double error_weight = 1.0, line_weight = 0.95, outline_weight = 0.8;

struct NamedPlace {
  std::string path;  // as written
  int line = 0;
  bool error = false;
};

struct NamedFile {
  std::int64_t file_id = 0;
  std::string path;
};

std::vector<NamedPlace> places_of(const contracts::Question& question) {
  std::vector<NamedPlace> places;
  auto add = [&](std::string_view path, int line, bool error) {
    if (path.empty()) return;
    bool known = std::any_of(places.begin(), places.end(), [&](const NamedPlace& p) {
      return p.path == path && (p.line == line || line == 0);
    });
    if (!known && places.size() < most_places) places.push_back({std::string(path), line, error});
  };
  for (const contracts::ErrorMention& error : question.errors) add(error.path, error.line, true);
  for (const std::string& written : question.paths) {
    std::vector<std::string_view> parts = base::split(written, ':');
    int line = 0;
    if (parts.size() > 1) std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), line);
    add(parts.front(), std::max(line, 0), false);
  }
  return places;
}

// The files whose path is `written` or ends in it; also where `written` is a longer, foreign path
// that ends in theirs is found by dropping its leading folders.
base::Result<std::vector<NamedFile>> files_named(store::Connection& index, std::string_view written) {
  std::vector<NamedFile> files;
  while (written.starts_with("./")) written.remove_prefix(2);
  for (std::string_view tail = written; !tail.empty() && files.empty();) {
    MIRA_TRY(index.each(
        "SELECT file_id, path FROM repository_files WHERE path = ?1 OR substr(path, -length(?2)) = ?2"
        " ORDER BY path = ?1 DESC, length(path) LIMIT ?3",
        [&](const store::Row& row) { files.push_back({row.integer(0), std::string(row.text(1))}); }, tail,
        "/" + std::string(tail), files_of_one_name + 1));
    std::size_t slash = tail.find('/');
    if (slash == std::string_view::npos || tail.find('/', slash + 1) == std::string_view::npos) break;
    tail.remove_prefix(slash + 1);
  }
  bool exact = !files.empty() && files.front().path == written;
  if (exact) files.resize(1);
  if (files.size() > files_of_one_name) files.clear();
  return files;
}

class FileSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.file"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    LineReader reader(session);
    std::vector<Evidence> pieces;
    for (const NamedPlace& place : places_of(question)) {
      for (const NamedFile& file : MIRA_TRY(files_named(session.index, place.path))) {
        Evidence piece = MIRA_TRY(place.line > 0 ? around(session.index, reader, place, file)
                                                 : outline(session.index, file));
        if (!piece.text.empty()) pieces.push_back(std::move(piece));
      }
    }
    return pieces;
  }

 private:
  static base::Result<Evidence> around(store::Connection& index, LineReader& reader, const NamedPlace& place,
                                       const NamedFile& file) {
    Evidence piece;
    piece.source = "code.file";
    piece.kind = "chunk";
    piece.title = fmt::format("{} line {}", base::display_line(file.path), place.line);
    piece.why = place.error ? "place of an error in the question" : "place named in the question";
    piece.weight = place.error ? error_weight : line_weight;
    int start = std::max(1, place.line - lines_around), end = place.line + lines_around;
    MIRA_TRY(index.each(
        "SELECT symbol, start_line, end_line FROM code_chunks WHERE file_id = ?1 AND ?2 BETWEEN start_line "
        "AND"
        " end_line AND end_line - start_line < ?3 LIMIT 1",
        [&](const store::Row& row) {
          if (!row.text(0).empty()) piece.title += fmt::format(", in {}", base::display_line(row.text(0)));
          start = static_cast<int>(row.integer(1));
          end = static_cast<int>(row.integer(2));
        },
        file.file_id, place.line, longest_whole_chunk));
    auto shown = reader.read(file.path, start, end, longest_whole_chunk);
    if (!shown) return piece;  // the file or line is gone: nothing to show of it
    if (shown->stale) piece.why += "; the file changed since it was indexed";
    piece.place = {.path = file.path, .start_line = shown->start_line, .end_line = shown->end_line};
    piece.text = std::move(shown->text);
    return piece;
  }

  static base::Result<Evidence> outline(store::Connection& index, const NamedFile& file) {
    Evidence piece;
    piece.source = "code.file";
    piece.kind = "outline";
    piece.title = fmt::format("what {} holds", base::display_line(file.path));
    piece.why = "file named in the question";
    piece.weight = outline_weight;
    piece.place = {.path = file.path};
    int shown = 0;
    MIRA_TRY(index.each(
        "SELECT name_line, signature, kind, qualified_name FROM code_elements WHERE file_id = ? AND kind NOT "
        "IN"
        " ('field', 'property', 'enum_member', 'variable') ORDER BY start_line",
        [&](const store::Row& row) {
          if (++shown > most_outline_lines) return;
          std::string_view signature = base::truncate_utf8(row.text(1), 120);
          piece.text +=
              fmt::format("{}: {}\n", row.integer(0),
                          signature.empty() ? fmt::format("{} {}", row.text(2), row.text(3)) : signature);
        },
        file.file_id));
    if (shown > most_outline_lines) piece.text += fmt::format("and {} more\n", shown - most_outline_lines);
    if (!piece.text.empty()) piece.text.pop_back();
    piece.text = base::display_text(piece.text);
    return piece;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> file_source() {
  return std::make_unique<FileSource>();
}

}  // namespace mira::code
