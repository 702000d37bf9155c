#include "knowledge/builds/dialects.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

constexpr std::string_view c_family =
    ".c .h .cc .cpp .cxx .c++ .hpp .hh .hxx .C .H .m .mm .inc .tcc .ipp .cu .cuh .S .s .i .ii .def .cppm "
    ".ixx .f "
    ".f90 .F90 .adb .ads";

struct Dialect {
  std::string_view extensions, tool;
};
constexpr auto dialects = std::to_array<Dialect>({{".py .pyi", "mypy"},
                                                  {".java", "javac"},
                                                  {".swift", "swiftc"},
                                                  {".zig", "zig"},
                                                  {".hs .lhs", "ghc"},
                                                  {".kt .kts", "kotlinc"},
                                                  {".sh .bash .ksh", "shellcheck"},
                                                  {".proto", "protoc"},
                                                  {".asm .nasm", "nasm"},
                                                  {".scala", "scalac"},
                                                  {".rs", "rustc"},
                                                  {".d", "dmd"},
                                                  {".vala", "valac"},
                                                  {".adb .ads", "gnat"},
                                                  {".coffee", "coffeescript"},
                                                  {".lean", "lean"},
                                                  {".y .yy .ypp", "bison"},
                                                  {".l .ll", "flex"},
                                                  {".erl .hrl", "erlang"},
                                                  {".v .sv .vh", "iverilog"},
                                                  {".vhd .vhdl", "ghdl"},
                                                  {".tf", "terraform"}});

bool is_plain_name(std::string_view code) {  // "arrayIndexOutOfBounds", "AssignmentAddressToInteger"
  if (code.size() < 2 || is_digit(code[0]) || !(code[1] >= 'a' && code[1] <= 'z')) return false;
  for (const char c : code) {
    if (!is_name_byte(c)) return false;
  }
  return true;
}

bool is_check_name(std::string_view code) {  // "bugprone-use-after-move", "clang-diagnostic-error"
  if (code.empty() || code[0] == '-' || code.find('-') == std::string_view::npos) return false;
  return code[0] >= 'a' && code[0] <= 'z';
}

using Languages = std::unordered_map<std::string_view, std::string_view>;  // extension -> tool

Languages all_languages() {
  Languages out;
  const auto add = [&](std::string_view extensions, std::string_view tool) {
    while (!extensions.empty()) {
      const std::size_t end = std::min(extensions.find(' '), extensions.size());
      out.try_emplace(extensions.substr(0, end), tool);
      extensions.remove_prefix(std::min(end + 1, extensions.size()));
    }
  };
  for (const Dialect& one : dialects) add(one.extensions, one.tool);
  add(c_family, "");
  return out;
}

// The tool that speaks of such files; "" for those of gcc and clang alike, nullopt when nobody knows them.
std::optional<std::string_view> language_of(std::string_view file) {
  static const Languages known = all_languages();
  const std::size_t dot = file.rfind('.');
  const auto found = dot == std::string_view::npos ? known.end() : known.find(file.substr(dot));
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

constexpr auto drivers =
    std::to_array<std::string_view>({"gcc", "g++", "c++", "cc", "cc1", "cc1plus", "cc1obj", "lto1",
                                     "lto-wrapper", "f951", "clang", "clang++", "gfortran", "as", "cpp"});

}  // namespace

std::string_view driver_of(std::string_view program) {
  const std::size_t last = program.find_last_not_of("0123456789.");
  if (last != std::string_view::npos && program[last] == '-') program = program.substr(0, last);
  const std::size_t dash = program.rfind('-');
  if (dash != std::string_view::npos && dash > 4) program = program.substr(dash + 1);  // a cross compiler
  return std::ranges::find(drivers, program) == drivers.end() ? std::string_view{} : program;
}

bool is_upper_code(std::string_view code, std::size_t letters) {  // "SC2086"
  if (code.size() <= letters || code.size() > letters + 5) return false;
  for (std::size_t i = letters; i < code.size(); ++i) {
    if (!is_digit(code[i])) return false;
  }
  return true;
}

std::string_view tool_of(std::string_view file, std::string_view code) {
  const std::optional<std::string_view> language = language_of(file);
  if (language && !language->empty()) return *language;
  if (code.starts_with("SC") && is_upper_code(code, 2)) return "shellcheck";
  if (code.starts_with("-W") || code.starts_with("-f")) return "";
  if (is_check_name(code)) return "clang-tidy";
  if (is_plain_name(code)) return "cppcheck";
  return language || base_name(file).find('.') == std::string_view::npos ? "" : "generic";
}

}  // namespace mira::builds
