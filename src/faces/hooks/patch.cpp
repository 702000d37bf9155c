#include "faces/hooks/patch.h"

#include "platform/base/text.h"

namespace mira::hooks {
namespace {

constexpr std::size_t most_files = 100;

// Takes `prefix` off a line; false when the line does not begin with it.
bool take(std::string_view& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line = base::trim(line.substr(prefix.size()));
  return true;
}

void add_hunk(Edit& edit, Replacement& hunk) {
  if (hunk.before != hunk.after) edit.replacements.push_back(hunk);
  hunk = {};
}

}  // namespace

std::vector<Edit> read_patch(std::string_view patch) {
  std::vector<Edit> out;
  Replacement hunk;
  bool updating = false;
  auto close = [&] {
    if (updating && !out.empty()) add_hunk(out.back(), hunk);
  };
  for (std::string_view line : base::split(patch, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string_view rest = line;
    bool update = take(rest, "*** Update File: ");
    bool added = !update && take(rest, "*** Add File: ");
    if (update || added) {
      close();
      updating = update;
      if (out.size() == most_files) return out;
      out.push_back({.path = std::string(rest), .replacements = {}});
    } else if (take(rest, "*** Move to: ")) {
      if (!out.empty()) out.back().path = rest;
    } else if (line.starts_with("***")) {
      close();
      updating = updating && !line.starts_with("*** Delete File") && !line.starts_with("*** End Patch");
    } else if (line.starts_with("@@")) {
      close();
    } else if (updating && !line.empty()) {
      std::string text = std::string(line.substr(1)) + "\n";
      if (line[0] != '+') hunk.before += text;
      if (line[0] != '-') hunk.after += text;
    }
  }
  close();
  return out;
}

}  // namespace mira::hooks
