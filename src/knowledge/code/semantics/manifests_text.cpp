// Manifests that are programs or plain lines: only statements whose meaning is plain are read.
#include <re2/re2.h>

#include "knowledge/code/semantics/manifests.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

// Calls visit(line, number) for each line, without what follows the comment sign.
template <class F>
void each_line(std::string_view text, char comment, F visit) {
  int number = 0;
  for (std::string_view line : base::split(text, '\n')) {
    ++number;
    std::size_t sign = line.find(comment);
    if (sign != std::string_view::npos && (sign == 0 || line[sign - 1] == ' ' || line[sign - 1] == '\t'))
      line = line.substr(0, sign);
    line = base::trim(line);
    if (!line.empty()) visit(line, number);
  }
}

std::string first_word(std::string_view text, std::string_view ends) {
  text = base::trim(text);
  return std::string(text.substr(0, text.find_first_of(ends)));
}

}  // namespace

Declared read_python_requirement(std::string_view text) {
  static const RE2 form(R"(^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*))");
  Declared out{.ecosystem = "pypi", .name = {}, .requirement = {}};
  if (!RE2::PartialMatch(text, form, &out.name, &out.requirement)) return {};
  out.requirement = base::trim(out.requirement);
  if (out.requirement.starts_with('('))
    out.requirement = base::trim(out.requirement.substr(1, out.requirement.find(')') - 1));
  if (out.requirement.starts_with('@')) out.requirement = base::trim(out.requirement.substr(1));
  return out;
}

std::vector<Declared> read_requirements(std::string_view text) {
  std::vector<Declared> out;
  each_line(text, '#', [&](std::string_view line, int number) {
    if (line.starts_with('-') || line.find("://") < line.find('@')) return;  // options, bare addresses
    if (line.ends_with('\\')) line.remove_suffix(1);
    Declared one = read_python_requirement(line.substr(0, line.find(" --")));
    one.line = number;
    if (!one.name.empty()) out.push_back(std::move(one));
  });
  return out;
}

std::vector<Declared> read_setup_cfg(std::string_view text) {
  std::vector<Declared> out;
  std::string section, key;
  int number = 0;
  for (std::string_view raw : base::split(text, '\n')) {
    ++number;
    std::string_view line = base::trim(raw);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    bool indented = raw.starts_with(' ') || raw.starts_with('\t');
    if (line.starts_with('[')) {
      section = line.substr(1, line.find(']') - 1);
      key.clear();
      continue;
    }
    std::string_view value = line;
    if (!indented) {
      std::size_t equals = line.find('=');
      key = std::string(base::trim(line.substr(0, equals)));
      value = equals == std::string_view::npos ? std::string_view() : base::trim(line.substr(equals + 1));
    }
    bool runtime = section == "options" && key == "install_requires";
    bool optional = section == "options.extras_require";
    bool build = section == "options" && key == "setup_requires";
    if (value.empty() || !(runtime || optional || build)) continue;
    Declared one = read_python_requirement(value);
    one.scope = runtime ? "runtime" : optional ? "optional" : "build";
    one.line = number;
    if (!one.name.empty()) out.push_back(std::move(one));
  }
  return out;
}

std::vector<Declared> read_go_mod(std::string_view text) {
  std::vector<Declared> out;
  bool in_require = false;
  int number = 0;
  for (std::string_view raw : base::split(text, '\n')) {
    ++number;
    std::string_view line = base::trim(raw);
    if (line.starts_with(')')) in_require = false;
    bool opens = line.starts_with("require (") || line.starts_with("require(");
    std::string_view rest = in_require                               ? line
                            : line.starts_with("require ") && !opens ? line.substr(8)
                                                                     : std::string_view();
    in_require |= opens;
    static const RE2 form(R"(^\s*([^\s"/]+\.[^\s"]+)\s+(v\S+)\s*(//\s*indirect)?)");
    Declared one{.ecosystem = "go", .name = {}, .requirement = {}, .scope = "runtime", .line = number};
    std::string indirect;
    if (!rest.empty() && RE2::PartialMatch(rest, form, &one.name, &one.requirement, &indirect)) {
      if (!indirect.empty()) one.scope = "optional";
      out.push_back(std::move(one));
    }
  }
  return out;
}

std::vector<Declared> read_gemfile(std::string_view text) {
  static const RE2 gem(R"(^gem\s*\(?\s*['"]([^'"]+)['"]\s*(?:,\s*['"]([^'"]+)['"])?)");
  static const RE2 spec(
      R"(^\w+\.add_(runtime_|development_)?dependency\s*\(?\s*['"]([^'"]+)['"]\s*(?:,\s*['"]([^'"]+)['"])?)");
  static const RE2 group(R"(^group\s.*:(development|test).*\bdo$)");
  std::vector<Declared> out;
  bool development = false;
  each_line(text, '#', [&](std::string_view line, int number) {
    Declared one{.ecosystem = "rubygems", .name = {}, .requirement = {}, .scope = "runtime", .line = number};
    std::string kind;
    if (RE2::PartialMatch(line, group)) development = true;
    if (line == "end") development = false;
    bool is_gem = RE2::PartialMatch(line, gem, &one.name, &one.requirement);
    if (!is_gem && !RE2::PartialMatch(line, spec, &kind, &one.name, &one.requirement)) return;
    if (development || kind == "development_") one.scope = "development";
    out.push_back(std::move(one));
  });
  return out;
}

std::vector<Declared> read_gradle(std::string_view text) {
  static const RE2 form(
      R"(^(implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|testCompileOnly|annotationProcessor|kapt|ksp|androidTestImplementation|compile|testCompile)\s*\(?\s*(?:platform\()?['"]([^:'"]+:[^:'"]+)(?::([^'"]+))?['"])");
  std::vector<Declared> out;
  each_line(text, '\1', [&](std::string_view line, int number) {
    if (line.starts_with("//")) return;
    std::string kind;
    Declared one{.ecosystem = "maven", .name = {}, .requirement = {}, .scope = "runtime", .line = number};
    if (!RE2::PartialMatch(line, form, &kind, &one.name, &one.requirement)) return;
    if (kind.starts_with("test") || kind.starts_with("androidTest")) one.scope = "development";
    if (kind == "compileOnly" || kind == "annotationProcessor" || kind == "kapt" || kind == "ksp")
      one.scope = "build";
    out.push_back(std::move(one));
  });
  return out;
}

std::vector<Declared> read_cmake(std::string_view text) {
  static const RE2 find(R"((?i)^\s*find_package\s*\(\s*([A-Za-z0-9_.+-]+)\s*([0-9][0-9.]*)?([^)]*))");
  static const RE2 module(R"((?i)^\s*pkg_(?:check|search)_modules?\s*\(\s*\S+\s+([^)]*))");
  static const RE2 member(R"((?i)^\s*add_subdirectory\s*\(\s*([A-Za-z0-9_./-]+))");
  std::vector<Declared> out;
  each_line(text, '#', [&](std::string_view line, int number) {
    Declared one{.ecosystem = "cmake", .name = {}, .requirement = {}, .scope = "runtime", .line = number};
    std::string rest;
    if (RE2::PartialMatch(line, find, &one.name, &one.requirement, &rest)) {
      if (rest.find("REQUIRED") == std::string::npos) one.scope = "optional";
      out.push_back(std::move(one));
    } else if (RE2::PartialMatch(line, member, &one.name)) {
      one.scope = "member";
      out.push_back(std::move(one));
    } else if (RE2::PartialMatch(line, module, &rest)) {
      for (std::string_view word : base::split(rest, ' ')) {
        word = base::trim(word);
        if (word.empty() || word == "REQUIRED" || word == "IMPORTED_TARGET" || word == "QUIET" ||
            word.find('$') != std::string_view::npos)
          continue;
        one.name = first_word(word, "<>=");
        one.requirement = word.substr(one.name.size());
        out.push_back(one);
      }
    }
  });
  return out;
}

std::vector<Declared> read_conanfile(std::string_view text) {
  std::vector<Declared> out;
  std::string section;
  each_line(text, '#', [&](std::string_view line, int number) {
    if (line.starts_with('[')) {
      section = line;
      return;
    }
    std::size_t slash = line.find('/');
    bool build = section == "[build_requires]" || section == "[tool_requires]";
    if (slash == std::string_view::npos || !(build || section == "[requires]")) return;
    out.push_back({"conan", std::string(line.substr(0, slash)), first_word(line.substr(slash + 1), "@# "),
                   build ? "build" : "runtime", number});
  });
  return out;
}

std::vector<Declared> read_meson(std::string_view text) {
  static const RE2 form(R"(\bdependency\s*\(\s*'([^']+)'(?:.*version\s*:\s*'([^']+)')?)");
  static const RE2 member(R"(^subdir\s*\(\s*'([^']+)')");
  std::vector<Declared> out;
  each_line(text, '#', [&](std::string_view line, int number) {
    Declared one{.ecosystem = "meson", .name = {}, .requirement = {}, .scope = "runtime", .line = number};
    if (RE2::PartialMatch(line, form, &one.name, &one.requirement)) {
      if (line.find("required : false") != std::string_view::npos ||
          line.find("required: false") != std::string_view::npos)
        one.scope = "optional";
      out.push_back(std::move(one));
    } else if (RE2::PartialMatch(line, member, &one.name)) {
      one.scope = "member";
      out.push_back(std::move(one));
    }
  });
  return out;
}

}  // namespace mira::semantics
