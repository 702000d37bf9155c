#include "knowledge/documents/document.h"
#include "knowledge/documents/headings.h"

namespace mira::documents {
namespace {

// 1..6 for "# Title", else 0.
int heading_level(std::string_view line) {
  std::size_t marks = line.find_first_not_of('#');
  if (marks == 0 || marks > 6 || marks == std::string_view::npos || line[marks] != ' ') return 0;
  return static_cast<int>(marks);
}

}  // namespace

Document read_markdown(std::string_view text) {
  Document out;
  HeadingPath path;
  bool code = false;
  out.sections.push_back({});
  for (std::string_view line : base::split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (base::trim(line).starts_with("```") || base::trim(line).starts_with("~~~")) code = !code;
    int level = code ? 0 : heading_level(line);
    if (level == 0) {
      out.sections.back().text.append(line).append("\n");
      continue;
    }
    std::string_view title = base::trim(line.substr(static_cast<std::size_t>(level)));
    while (title.ends_with('#')) title.remove_suffix(1);
    path.enter(level, title);
    if (out.title.empty()) out.title = base::trim(title);
    out.sections.push_back({path.text(), ""});
  }
  return out;
}

}  // namespace mira::documents
