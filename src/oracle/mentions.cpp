#include <algorithm>
#include <array>
#include <charconv>

#include "oracle/question.h"
#include "platform/base/ascii.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using contracts::Focus;

// File names without a folder count as paths when they end like this.
constexpr auto extensions = std::to_array<std::string_view>(
    {"c",     "h",      "cc",    "cpp",   "cxx",  "hh",   "hpp",  "hxx", "py",   "pyi",   "js",
     "jsx",   "mjs",    "cjs",   "ts",    "tsx",  "go",   "java", "rs",  "cs",   "rb",    "php",
     "kt",    "kts",    "swift", "scala", "lua",  "sh",   "bash", "sql", "html", "css",   "scss",
     "vue",   "json",   "yaml",  "yml",   "toml", "xml",  "md",   "rst", "txt",  "cmake", "mk",
     "proto", "gradle", "cfg",   "conf",  "ini",  "lock", "tcl",  "m",   "mm",   "pl",    "pm",
     "r",     "ipynb",  "tf",    "s",     "asm",  "y",    "l",    "in",  "am",   "ac"});
constexpr auto file_names =
    std::to_array<std::string_view>({"Makefile", "makefile", "Dockerfile", "README", "LICENSE", "Gemfile",
                                     "Rakefile", "Jenkinsfile", "CHANGELOG"});

bool is_path_byte(char c) {
  return base::is_name_byte(c) || std::string_view("-./\\+@~").contains(c);
}

// The number at text[at..], 0 when there is none or it is no line number.
int number_at(std::string_view text, std::size_t at) {
  int number = 0;
  std::size_t end = at;
  while (end < text.size() && end < at + 9 && base::is_digit(text[end])) ++end;
  if (end > at) std::from_chars(text.data() + at, text.data() + end, number);
  return number;
}

// The line that follows a path ending at `end`: ":12", "(12", `", line 12`.
int line_after(std::string_view text, std::size_t end) {
  std::string_view rest = text.substr(end, 24);
  if (rest.starts_with(":") || rest.starts_with("(")) return number_at(text, end + 1);
  if (rest.starts_with("\", line ")) return number_at(text, end + 8);
  if (rest.starts_with(" line ")) return number_at(text, end + 6);
  return 0;
}

bool has_letter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return is_path_byte(c) && !base::is_digit(c) && !std::string_view("_-./\\+@~").contains(c);
  });
}

bool looks_like_path(std::string_view token) {
  if (!has_letter(token) || token.starts_with("//") || token.starts_with("@")) return false;
  if (token.contains('/')) return token.size() > 2;
  if (std::ranges::find(file_names, token) != file_names.end()) return true;
  std::size_t dot = token.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  std::string extension = base::to_lower(token.substr(dot + 1));
  return std::ranges::find(extensions, extension) != extensions.end();
}

std::string tidy(std::string_view token) {
  std::string path(token);
  std::ranges::replace(path, '\\', '/');
  while (path.starts_with("./")) path.erase(0, 2);
  while (path.size() > 1 && (path.ends_with('.') || path.ends_with('-'))) path.pop_back();
  return path;
}

bool is_file(const workspace::Tree& tree, std::string_view path) {
  auto at = std::ranges::lower_bound(tree.files, path, {}, &workspace::File::path);
  return at != tree.files.end() && at->path == path;
}

bool is_folder(const workspace::Tree& tree, std::string_view path) {
  std::string prefix = std::string(path) + "/";
  auto at = std::ranges::lower_bound(tree.files, prefix, {}, &workspace::File::path);
  return at != tree.files.end() && at->path.starts_with(prefix);
}

constexpr std::size_t max_ambiguous = 3;

// Files whose path ends with the mention, at a folder border; none when there are too many to mean one.
std::vector<std::string> by_ending(const workspace::Tree& tree, std::string_view path) {
  std::vector<std::string> found;
  for (const workspace::File& file : tree.files) {
    std::string_view whole = file.path;
    if (!whole.ends_with(path) || whole.size() == path.size()) continue;
    if (whole[whole.size() - path.size() - 1] != '/') continue;
    if (found.size() == max_ambiguous) return {};
    found.push_back(file.path);
  }
  return found;
}

std::vector<std::string> resolve(const workspace::Tree& tree, std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  for (std::string_view rest = path; !rest.empty();) {  // an absolute path loses its start until it fits
    if (is_file(tree, rest) || is_folder(tree, rest)) return {std::string(rest)};
    std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
    if (rest == path.substr(path.rfind('/') + 1) && path.starts_with('/'))
      break;  // a bare name is another file
  }
  return path.starts_with('/') ? std::vector<std::string>{} : by_ending(tree, path);
}

}  // namespace

std::vector<Mention> mentions(std::string_view text) {
  std::vector<Mention> out;
  for (std::size_t at = 0; at < text.size() && out.size() < max_paths;) {
    std::size_t end = at;
    while (end < text.size() && is_path_byte(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    std::string path = end - at > limits::path_bytes ? std::string() : tidy(text.substr(at, end - at));
    if (looks_like_path(path)) {
      Mention mention{path, line_after(text, end)};
      bool known = std::ranges::any_of(
          out, [&](const Mention& m) { return m.path == mention.path && m.line == mention.line; });
      if (!known) out.push_back(std::move(mention));
    }
    at = end;
  }
  return out;
}

std::vector<Focus> named_places(const contracts::Question& question, const workspace::Tree& tree) {
  std::vector<Focus> out;
  auto add = [&](const std::string& mentioned, int line, const char* reason) {
    for (std::string& path : resolve(tree, mentioned)) {
      bool known = std::ranges::any_of(
          out, [&](const Focus& f) { return f.path == path && (f.start_line == line || line == 0); });
      if (!known)
        out.push_back({.path = std::move(path),
                       .start_line = line,
                       .end_line = line,
                       .symbol = {},
                       .weight = 1,
                       .reason = reason});
    }
  };
  for (const contracts::ErrorMention& error : question.errors) {
    if (!error.path.empty()) add(error.path, error.line, "named by an error in the question");
  }
  for (const Mention& mention : mentions(question.text))
    add(mention.path, mention.line, "named in the question");
  return out;
}

}  // namespace mira::oracle
