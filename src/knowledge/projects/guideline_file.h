// The words of one guideline file: sections by heading, and @imports. A small
// reader of Markdown, not a parser: it knows headings, fences, code spans, block
// comments (agents do not see them, so neither do we) and front matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::projects {

struct Section {
  std::string heading;               // "Build > Tests"; "" before the first heading
  int start_line = 0, end_line = 0;  // from 1, inclusive; blank lines at the end are left out
  std::string text;                  // exactly these lines, comments blanked
};

struct Import {
  int line = 0;
  std::string written;  // "./docs/style.md", without the '@'
};

struct GuidelineText {
  std::vector<Section> sections;
  std::vector<Import> imports;
};

// `text` is valid UTF-8.
GuidelineText read_guideline(std::string_view text);

// The folder that a file with this path tells about, when its name is a guideline's:
// "src/AGENTS.md" -> "src", ".cursor/rules/a.mdc" -> "". False: not a guideline.
bool guideline_folder(std::string_view path, std::string& folder);

}  // namespace mira::projects
