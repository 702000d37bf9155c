#include "knowledge/builds/machine_format.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "knowledge/builds/scan.h"
#include "platform/process/child.h"

namespace mira::builds {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::size_t most_settings_bytes = 1 << 20;
constexpr std::size_t most_held_line = 4096;
constexpr std::int64_t version_wall_ms = 2000, most_version_bytes = 64 << 10;

bool any_starts_with(const Words& words, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::any_of(starts, [&](std::string_view start) { return word.starts_with(start); });
  });
}

bool has_variable(const Words& environment, std::string_view name, std::string_view part) {
  return std::ranges::any_of(environment, [&](const std::string& entry) {
    return entry.starts_with(std::string(name) + "=") && entry.find(part, name.size()) != std::string::npos;
  });
}

// Whether a settings file of the project, from `folder` upwards, speaks of `word`.
bool is_set(const fs::path& folder, std::initializer_list<std::string_view> names, std::string_view word) {
  for (fs::path at = folder; !at.empty(); at = at.parent_path()) {
    for (const std::string_view name : names) {
      std::ifstream in(at / name, std::ios::binary);
      if (!in) continue;
      std::string text(most_settings_bytes, '\0');
      in.read(text.data(), static_cast<std::streamsize>(text.size()));
      text.resize(static_cast<std::size_t>(in.gcount()));
      if (text.find(word) != std::string::npos) return true;
    }
    if (at == at.parent_path() || fs::exists(at / ".git")) break;
  }
  return false;
}

struct Asked {
  const Words& argv;
  const Words& environment;
  const fs::path& folder;
  std::string file;
};

// The first number of "gcc (Debian 15.1.0) ...", "ctest version 3.25.1": 0 when it does not say.
int version_of(const Asked& asked, const char* flag, int& minor) {
  const process::Command command{.argv = {asked.argv[0], flag},
                                 .environment = asked.environment,
                                 .working_folder = asked.folder.string(),
                                 .output_bytes = most_version_bytes};
  const auto ran = process::run(command, base::Deadline::after_ms(version_wall_ms));
  if (!ran) return 0;
  std::string_view text = ran->output;
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  const int major = take_number(text).value_or(0);
  if (take(text, ".")) minor = take_number(text).value_or(0);
  return major;
}

Words with(const Words& argv, std::size_t at, std::initializer_list<std::string> more) {
  Words out = argv;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), more);
  return out;
}

// Behind "pytest", "python3 -m pytest"; 0 when it is neither.
std::size_t behind_pytest(const Words& argv) {
  const std::string_view program = base_name(argv[0]);
  if (program == "pytest" || program == "py.test") return 1;
  const bool python = program.starts_with("python");
  return python && argv.size() >= 3 && argv[1] == "-m" && argv[2] == "pytest" ? 3 : 0;
}

MachineFormat pytest(const Asked& asked) {
  const std::size_t at = behind_pytest(asked.argv);
  if (at == 0 || any_starts_with(asked.argv, {"--junit", "--version", "--help", "-h", "-p", "--fixtures"}))
    return {};
  if (has_variable(asked.environment, "PYTEST_ADDOPTS", "junit") ||
      is_set(asked.folder, {"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", ".pytest.ini"}, "junit"))
    return {};
  return {.tool = "pytest",
          .argv = with(asked.argv, at, {"--junitxml=" + asked.file}),
          .telling = "generated xml file: " + asked.file};
}

MachineFormat ctest(const Asked& asked) {
  if (base_name(asked.argv[0]) != "ctest" ||
      any_starts_with(asked.argv, {"--output-junit", "-S", "-SP", "-D", "-M", "-T", "-N", "--build-and-test",
                                   "--show-only", "--dashboard", "--script", "--version", "--help"}))
    return {};
  int minor = 0;
  const int major = version_of(asked, "--version", minor);
  if (major < 3 || (major == 3 && minor < 21)) return {};
  return {.tool = "ctest", .argv = with(asked.argv, 1, {"--output-junit", asked.file})};
}

// Any program may be one of GoogleTest: those who are not do not look at the variable.
MachineFormat gtest(const Asked& asked) {
  const std::string_view program = base_name(asked.argv[0]);
  const bool own = asked.argv[0].find('/') != std::string::npos &&
                   program.find("test") != std::string_view::npos &&
                   program.find('.') == std::string_view::npos && program != "ctest" && program != "pytest" &&
                   program != "vitest";
  if (!own || has_variable(asked.environment, "GTEST_OUTPUT", "") ||
      any_starts_with(asked.argv, {"--gtest_output", "--gtest_list_tests"}))
    return {};
  return {.tool = "gtest", .argv = asked.argv, .environment = {"GTEST_OUTPUT=xml:" + asked.file}};
}

MachineFormat phpunit(const Asked& asked) {
  if (base_name(asked.argv[0]) != "phpunit" ||
      any_starts_with(asked.argv, {"--log-", "--version", "--list"}) ||
      is_set(asked.folder, {"phpunit.xml", "phpunit.xml.dist"}, "<junit"))
    return {};
  return {.tool = "phpunit", .argv = with(asked.argv, 1, {"--log-junit", asked.file})};
}

// Both take a second formatter with a file of its own; the first is the one they have by themselves.
MachineFormat ruby(const Asked& asked) {
  const std::string_view program = base_name(asked.argv[0]);
  const bool rspec = program == "rspec";
  if ((!rspec && program != "rubocop") ||
      any_starts_with(asked.argv, {"-f", "--format", "-o", "--out", "--version", "-v", "-L", "--dry-run"}))
    return {};
  if (has_variable(asked.environment, "SPEC_OPTS", "-f") ||
      has_variable(asked.environment, "RUBOCOP_OPTS", "-f") ||
      is_set(asked.folder, {".rspec", ".rspec-local", ".rubocop"}, "format") ||
      is_set(asked.folder, {".rspec", ".rspec-local", ".rubocop"}, "-f"))
    return {};
  return {.tool = std::string(program),
          .argv = with(asked.argv, 1, {"--format", "progress", "--format", "json", "--out", asked.file})};
}

MachineFormat pylint(const Asked& asked) {
  if (base_name(asked.argv[0]) != "pylint" ||
      any_starts_with(asked.argv, {"-f", "--output", "--version", "--help", "--list", "--generate"}) ||
      is_set(asked.folder,
             {"pylintrc", ".pylintrc", "pylintrc.toml", "pyproject.toml", "setup.cfg", "tox.ini"},
             "output-format"))
    return {};
  return {.tool = "pylint", .argv = with(asked.argv, 1, {"--output-format=text,json:" + asked.file})};
}

// Since 15 gcc writes SARIF beside its text; before that its machine formats replace the text.
MachineFormat gcc(const Asked& asked) {
  constexpr auto names = std::to_array<std::string_view>({"gcc", "g++", "cc", "c++"});
  const std::string_view program = base_name(asked.argv[0]);
  const bool named = std::ranges::any_of(names, [&](std::string_view name) {
    return program == name || program.starts_with(std::string(name) + "-");
  });
  if (!named || any_starts_with(asked.argv, {"-fdiagnostics-format", "-fdiagnostics-add", "-fdiagnostics-set",
                                             "-E", "--version"}))
    return {};
  int minor = 0;
  if (version_of(asked, "-dumpversion", minor) < 15) return {};
  return {.tool = "gcc", .argv = with(asked.argv, 1, {"-fdiagnostics-add-output=sarif:file=" + asked.file})};
}

}  // namespace

MachineFormat machine_format(const Words& argv, const Words& environment, const fs::path& folder,
                             const fs::path& file) {
  if (argv.empty()) return {};
  const Asked asked{argv, environment, folder, file.string()};
  for (const auto ask : {pytest, ctest, gtest, phpunit, ruby, pylint, gcc}) {
    MachineFormat found = ask(asked);
    if (!found.tool.empty()) return found;
  }
  return {};
}

std::string WithoutLine::pass(std::string_view bytes) {
  if (telling_.empty()) return std::string(bytes);
  std::string out;
  held_ += bytes;
  for (std::size_t end = 0; (end = held_.find('\n')) != std::string::npos; held_.erase(0, end + 1)) {
    if (held_.substr(0, end).find(telling_) == std::string::npos) out += held_.substr(0, end + 1);
  }
  // pytest draws its line of dashes; what begins otherwise is not it and goes out at once.
  const bool may_be = held_.empty() || held_[0] == '-' || held_[0] == '\x1b';
  if (!may_be || held_.size() > most_held_line) out += std::exchange(held_, {});
  return out;
}

std::string WithoutLine::finish() {
  return std::exchange(held_, {});
}

}  // namespace mira::builds
