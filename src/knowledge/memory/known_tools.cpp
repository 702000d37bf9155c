#include "knowledge/memory/known_tools.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

struct Group {
  std::string_view subject, name;
  std::string_view tools;  // separated by '|'; those of one tool by '=', the usual spelling first
};

constexpr auto groups = std::to_array<Group>({
    {"database", "database",
     "postgresql=postgres|mysql|mariadb|sqlite=sqlite3|mongodb=mongo|oracle|dynamodb|cassandra|cockroachdb|"
     "duckdb|sql server=mssql"},
    {"editor", "editor",
     "vim|neovim=nvim|emacs|visual studio code=vs code=vscode|helix|zed|intellij|sublime text|clion|nano|"
     "pycharm|webstorm|goland|rider"},
    {"package manager", "package manager of javascript", "npm|pnpm|yarn|bun"},
    {"package manager", "package manager of python", "pip|uv|poetry|conda|pdm|pipenv"},
    {"package manager", "package manager of c++", "conan|vcpkg"},
    {"indentation", "indentation",
     "tabs=tab indentation=tabs over spaces|spaces=space indentation=spaces over tabs|two spaces=2 spaces|"
     "four spaces=4 spaces"},
    {"build tool", "build tool of c", "cmake|make|bazel|meson|buck2|scons|autotools"},
    {"build tool", "build tool of java", "gradle|maven|ant|sbt"},
    {"build tool", "bundler of javascript", "vite|webpack|esbuild|rollup|parcel|turbopack|rspack"},
    {"test framework", "test framework of python", "pytest|unittest|nose"},
    {"test framework", "test framework of javascript", "jest|vitest|mocha|jasmine|ava"},
    {"test framework", "browser test framework", "playwright|cypress|selenium|puppeteer"},
    {"test framework", "test framework of c++", "googletest=gtest|catch2|boost.test"},
    {"test framework", "test framework of java", "junit|testng"},
    {"test framework", "test framework of ruby", "rspec|minitest"},
    {"shell", "shell", "bash|zsh|fish|powershell|nushell|dash|tcsh"},
    {"ci", "ci",
     "github actions|gitlab ci|jenkins|circleci|travis=travis ci|buildkite|azure pipelines|teamcity|drone"},
});

struct Meaning {
  std::string_view subject;
  std::array<std::string_view, 6> words;
};
constexpr auto meanings = std::to_array<Meaning>({
    {"database", {"database", "db", "data", "storage", "persistence", "main database"}},
    {"editor", {"editor", "ide", "editing", "coding", "", ""}},
    {"package manager", {"package manager", "packages", "dependencies", "package management", "", ""}},
    {"build tool", {"build tool", "build", "builds", "building", "build system", "bundling"}},
    {"test framework", {"test framework", "test", "tests", "testing", "unit tests", "test runner"}},
    {"shell", {"shell", "terminal", "", "", "", ""}},
    {"ci", {"ci", "continuous integration", "", "", "", ""}},
});

std::string_view without_version(std::string_view value) {
  static const RE2 versioned(R"((.*?)(?: version)? v?\d[\w.+-]*)");
  re2::StringPiece name;
  if (!RE2::FullMatch(re2::StringPiece(value.data(), value.size()), versioned, &name)) return value;
  return {name.data(), name.size()};
}

}  // namespace

std::optional<KnownTool> known_tool(std::string_view value) {
  if (value.empty()) return std::nullopt;
  const std::string_view bare = without_version(value);
  for (const Group& group : groups) {
    for (std::string_view tool : base::split(group.tools, '|')) {
      for (std::string_view name : base::split(tool, '=')) {
        if (name == value || name == bare)
          return KnownTool{group.subject, group.name, tool.substr(0, tool.find('='))};
      }
    }
  }
  return std::nullopt;
}

bool are_of_different_groups(std::string_view value, std::string_view other) {
  auto one = known_tool(value), two = known_tool(other);
  return one && two && one->group != two->group;
}

std::optional<LanguageVersion> language_version(std::string_view value) {
  static const RE2 pattern(
      R"((python|node(?:\.?js)?|deno|go(?:lang)?|java|jdk|rust|ruby|php|kotlin|swift|c\+\+|c#|typescript|scala|elixir|perl|lua|\.net|gcc|clang)(?: version)? ?v?(\d[\w.+-]*?)(?: ?\+| (?:or|and) (?:later|newer|up|above|higher|better)| at least)?)");
  std::string language, number;
  if (!RE2::FullMatch(re2::StringPiece(value.data(), value.size()), pattern, &language, &number))
    return std::nullopt;
  if (language.starts_with("node")) language = "node";
  if (language == "golang") language = "go";
  if (language == "jdk") language = "java";
  return LanguageVersion{language + " version", number};
}

bool means_subject(std::string_view word, std::string_view tool_subject) {
  return std::ranges::any_of(meanings, [&](const Meaning& one) {
    return one.subject == tool_subject && !word.empty() &&
           std::ranges::find(one.words, word) != one.words.end();
  });
}

}  // namespace mira::memory
