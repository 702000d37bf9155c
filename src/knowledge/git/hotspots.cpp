#include "knowledge/git/hotspots.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "knowledge/git/file_identity.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::git {
namespace {

constexpr std::size_t files_read = 400;  // the most changed ones
constexpr std::int64_t read_bytes = 2 << 20;
constexpr int widest_step = 8, narrowest_step = 2;

struct Churn {
  std::int64_t commits = 0;
  std::set<std::uint32_t> people;
};

// Blanks before the first letter, tabs apart.
struct Margin {
  int tabs = 0, blanks = 0;
};

Margin margin_of(std::string_view line) {
  Margin out;
  for (char c : line) {
    if (c == '\t') {
      ++out.tabs;
    } else if (c == ' ') {
      ++out.blanks;
    } else {
      break;
    }
  }
  return out;
}

// Of data, markup and prose the indentation says nothing about how hard they are: a manifest that is changed
// at each release would stand first.
bool is_program(std::string_view path) {
  constexpr auto others = std::to_array<std::string_view>(
      {"adoc", "bib",   "cfg",   "conf",  "css",        "csv",  "htm",  "html",     "ini",
       "json", "json5", "jsonc", "jsonl", "less",       "lock", "log",  "markdown", "md",
       "mdx",  "plist", "po",    "pot",   "properties", "resx", "rst",  "scss",     "snap",
       "svg",  "toml",  "tsv",   "txt",   "xml",        "xsd",  "yaml", "yml"});
  std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return true;
  return !std::ranges::binary_search(others, base::to_lower(path.substr(dot + 1)));
}

std::unordered_map<std::string, Churn> churn_since(const Archive& archive, std::string_view folder,
                                                   std::int64_t since_s) {
  FileIdentities files;
  std::unordered_map<std::uint32_t, Churn> by_file;
  for (const Commit& commit : archive.history.commits) {
    auto ids = files.apply(archive.history, commit);
    if (commit.author_time_s < since_s || ids.size() > limits::cochange_commit_files) continue;
    for (std::uint32_t file : ids) {
      ++by_file[file].commits;
      by_file[file].people.insert(archive.person_of(commit));
    }
  }
  std::unordered_map<std::string, Churn> out;
  for (auto& [file, churn] : by_file) {
    const std::string& path = archive.paths[files.path_of(file)];
    bool inside = folder.empty() ||
                  (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
    if (files.alive(file) && inside && is_program(path)) out[path] = std::move(churn);
  }
  return out;
}

}  // namespace

Depth depth_of(std::string_view text) {
  std::vector<std::string_view> lines = base::split(text, '\n');
  int step = widest_step;
  for (std::string_view line : lines) {
    int blanks = margin_of(line).blanks;
    if (blanks >= narrowest_step && !base::trim(line).empty()) step = std::min(step, blanks);
  }
  Depth out;
  for (std::string_view line : lines) {
    if (base::trim(line).empty()) continue;
    Margin margin = margin_of(line);
    ++out.lines;
    out.levels += margin.tabs + margin.blanks / step;
  }
  return out;
}

base::Result<std::vector<Hotspot>> hotspots(contracts::Session& session, const Archive& archive,
                                            std::string_view folder, std::int64_t since_s,
                                            std::size_t limit) {
  std::vector<Hotspot> out;
  for (auto& [path, churn] : churn_since(archive, folder, since_s)) {
    out.push_back({path, churn.commits, static_cast<std::int64_t>(churn.people.size())});
  }
  std::ranges::sort(out, [](const Hotspot& a, const Hotspot& b) {
    return a.commits != b.commits ? a.commits > b.commits : a.path < b.path;
  });
  if (out.size() > files_read) out.resize(files_read);
  std::erase_if(out, [&](Hotspot& spot) {
    if (guard::is_secret_file(spot.path)) return true;
    auto read = workspace::read_file(session.project.root, spot.path, read_bytes);
    if (!read || read->bytes.find('\0') != std::string::npos) return true;
    Depth depth = depth_of(read->bytes);
    spot.lines = depth.lines;
    spot.complexity = depth.levels;
    return false;
  });
  std::int64_t most_commits = 1, most_levels = 1;
  for (const Hotspot& spot : out) {
    most_commits = std::max(most_commits, spot.commits);
    most_levels = std::max(most_levels, spot.complexity);
  }
  for (Hotspot& spot : out) {
    spot.score = static_cast<double>(spot.commits) / static_cast<double>(most_commits) *
                 static_cast<double>(spot.complexity) / static_cast<double>(most_levels);
  }
  std::ranges::sort(out, [](const Hotspot& a, const Hotspot& b) {
    return a.score != b.score ? a.score > b.score : a.path < b.path;
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace mira::git
