#include "knowledge/projects/guideline_file.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::projects {
namespace {

constexpr auto names = std::to_array<std::string_view>(
    {"CLAUDE.md", "AGENTS.md", "AGENTS.override.md", "GEMINI.md", ".cursorrules", ".windsurfrules"});
constexpr std::size_t max_heading_bytes = 200;

// Erases <!-- ... --> outside of fences, keeping the newlines, so that lines keep their numbers.
std::string without_comments(std::string_view text) {
  std::string out(text);
  bool fenced = false, in_comment = false;
  for (std::size_t line = 0; line < out.size();) {
    std::size_t end = std::min(out.find('\n', line), out.size());
    std::string_view trimmed = base::trim(std::string_view(out).substr(line, end - line));
    if (!in_comment && (trimmed.starts_with("```") || trimmed.starts_with("~~~"))) fenced = !fenced;
    for (std::size_t at = line; !fenced && at < end; ++at) {
      if (!in_comment && out.compare(at, 4, "<!--") == 0) in_comment = true;
      if (!in_comment) continue;
      bool closes = out.compare(at, 3, "-->") == 0;
      out[at] = ' ';
      if (!closes) continue;
      out[at + 1] = out[at + 2] = ' ';
      in_comment = false;
    }
    line = end + 1;
  }
  return out;
}

// Level of an ATX heading (1..6), 0 for any other line.
int heading_level(std::string_view line) {
  std::size_t hashes = line.find_first_not_of('#');
  if (hashes == 0 || hashes == std::string_view::npos || hashes > 6) return 0;
  return line[hashes] == ' ' || line[hashes] == '\t' ? static_cast<int>(hashes) : 0;
}

std::string_view heading_text(std::string_view line) {
  line.remove_prefix(line.find_first_not_of('#'));
  line = base::trim(line);
  while (line.ends_with('#')) line.remove_suffix(1);
  return base::truncate_utf8(base::trim(line), max_heading_bytes);
}

bool starts_import(std::string_view line, std::size_t at) {
  if (line[at] != '@' || at + 1 >= line.size()) return false;
  return at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t' || line[at - 1] == '(';
}

// "@types/node" and "@someone" are no files: an import says where it is or what it is.
bool looks_like_file(std::string_view path) {
  if (path.starts_with("./") || path.starts_with("../") || path.starts_with("/") || path.starts_with("~/"))
    return true;
  for (std::string_view end : {".md", ".mdc", ".markdown", ".txt", ".rst"})
    if (path.ends_with(end)) return true;
  return std::ranges::find(names, path) != names.end();
}

void add_imports(std::string_view line, int number, std::vector<Import>& imports) {
  bool in_code = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '`') in_code = !in_code;
    if (in_code || !starts_import(line, at)) continue;
    std::size_t end = std::min(line.find_first_of(" \t)`,;", at), line.size());
    std::string_view path = line.substr(at + 1, end - at - 1);
    while (path.ends_with('.') || path.ends_with(':')) path.remove_suffix(1);
    if (looks_like_file(path)) imports.push_back({number, std::string(path)});
    at = end;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : lines_(base::split(text, '\n')) {}

  GuidelineText run() {
    std::size_t first = after_front_matter();
    begin_section(first);
    for (std::size_t i = first; i < lines_.size(); ++i) read_line(i);
    end_section(lines_.size());
    return std::move(out_);
  }

 private:
  std::size_t after_front_matter() const {
    if (lines_.empty() || base::trim(lines_[0]) != "---") return 0;
    for (std::size_t i = 1; i < lines_.size(); ++i)
      if (base::trim(lines_[i]) == "---") return i + 1;
    return 0;
  }

  void read_line(std::size_t i) {
    std::string_view trimmed = base::trim(lines_[i]);
    if (trimmed.starts_with("```") || trimmed.starts_with("~~~")) {
      fenced_ = !fenced_;
      return;
    }
    if (fenced_) return;
    if (int level = heading_level(lines_[i]); level > 0) {
      end_section(i);
      parents_.resize(std::min(parents_.size(), static_cast<std::size_t>(level) - 1));
      parents_.resize(static_cast<std::size_t>(level) - 1);
      parents_.emplace_back(heading_text(lines_[i]));
      begin_section(i);
    }
    add_imports(lines_[i], static_cast<int>(i) + 1, out_.imports);
  }

  void begin_section(std::size_t line) { start_ = line; }

  void end_section(std::size_t end) {
    while (end > start_ && base::trim(lines_[end - 1]).empty()) --end;
    std::size_t start = start_;
    while (start < end && base::trim(lines_[start]).empty()) ++start;
    bool only_a_heading = end == start + 1 && heading_level(lines_[start]) > 0;
    if (start == end || only_a_heading) return;
    Section section{heading(), static_cast<int>(start) + 1, static_cast<int>(end), {}};
    for (std::size_t i = start; i < end; ++i) section.text += std::string(lines_[i]) + "\n";
    out_.sections.push_back(std::move(section));
  }

  std::string heading() const {
    std::string joined;
    for (const std::string& parent : parents_)
      if (!parent.empty()) joined += (joined.empty() ? "" : " > ") + parent;
    return joined;
  }

  std::vector<std::string_view> lines_;
  std::vector<std::string> parents_;  // headings above, by level
  std::size_t start_ = 0;             // line the open section starts at
  bool fenced_ = false;
  GuidelineText out_;
};

// "a/.cursor/rules/x.mdc" with ".cursor/rules/" -> "a"; npos when the marker is not there.
std::size_t owner_end(std::string_view path, std::string_view marker) {
  if (path.starts_with(marker)) return 0;
  std::size_t at = path.find("/" + std::string(marker));
  return at;
}

}  // namespace

GuidelineText read_guideline(std::string_view text) {
  std::string seen = without_comments(text);
  return Reader(seen).run();
}

bool guideline_folder(std::string_view path, std::string& folder) {
  std::size_t slash = path.rfind('/');
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (std::string_view marker : {std::string_view(".cursor/rules/"), std::string_view(".claude/rules/")}) {
    std::size_t end = owner_end(path, marker);
    if (end == std::string_view::npos || (!name.ends_with(".mdc") && !name.ends_with(".md"))) continue;
    folder = path.substr(0, end);
    return true;
  }
  if (std::ranges::find(names, name) == names.end()) return false;
  folder = slash == std::string_view::npos ? "" : path.substr(0, slash);
  if (folder == ".claude") folder.clear();
  if (folder.ends_with("/.claude")) folder.resize(folder.size() - std::string_view("/.claude").size());
  return true;
}

}  // namespace mira::projects
