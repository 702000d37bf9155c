#include "knowledge/code/languages.h"

#include <algorithm>

#include "platform/base/text.h"

namespace mira::code {
namespace {

const std::vector<Language>& table() {
  static const std::vector<Language> rows = {
      {"c", "C", Depth::full, {"c"}, {}, "::"},
      {"cpp",
       "C++",
       Depth::full,
       {"cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp", "inl", "tcc", "cu", "cuh"},
       {},
       "::"},
      {"python", "Python", Depth::full, {"py", "pyi", "pyw"}, {"SConstruct", "SConscript", "wscript"}, "."},
      {"javascript", "JavaScript", Depth::full, {"js", "mjs", "cjs", "jsx"}, {"Jakefile"}, "."},
      {"typescript", "TypeScript", Depth::full, {"ts", "mts", "cts"}, {}, "."},
      {"tsx", "TSX", Depth::full, {"tsx"}, {}, "."},
      {"go", "Go", Depth::full, {"go"}, {}, "."},
      {"java", "Java", Depth::full, {"java"}, {}, "."},
      {"rust", "Rust", Depth::full, {"rs"}, {}, "::"},
      {"csharp", "C#", Depth::full, {"cs"}, {}, "."},
      {"ruby",
       "Ruby",
       Depth::full,
       {"rb", "rake", "gemspec", "ru"},
       {"Rakefile", "Gemfile", "Guardfile", "Vagrantfile", "Podfile", "Fastfile"},
       "::"},
      {"php", "PHP", Depth::full, {"php", "phtml", "php5", "php7"}, {}, "::"},
      {"kotlin", "Kotlin", Depth::full, {"kt", "kts"}, {}, "."},
      {"bash",
       "Shell",
       Depth::elements,
       {"sh", "bash", "zsh", "ksh"},
       {"PKGBUILD", ".bashrc", ".bash_profile", ".zshrc", ".profile"},
       "."},
      {"lua", "Lua", Depth::elements, {"lua"}, {}, "."},
      {"swift", "Swift", Depth::elements, {"swift"}, {}, "."},
      {"scala", "Scala", Depth::elements, {"scala", "sc", "sbt"}, {}, "."},
      {"json",
       "JSON",
       Depth::text,
       {"json", "jsonc", "json5", "webmanifest"},
       {"composer.lock", "Pipfile.lock", ".eslintrc", ".babelrc"},
       "."},
      {"html", "HTML", Depth::text, {"html", "htm", "xhtml"}, {}, "."},
      {"css", "CSS", Depth::text, {"css"}, {}, "."},
      {"yaml", "YAML", Depth::text, {"yaml", "yml"}, {".clang-format", ".clang-tidy"}, "."},
      {"toml", "TOML", Depth::text, {"toml"}, {"Cargo.lock", "Pipfile", "poetry.lock", "uv.lock"}, "."},
      {"markdown", "Markdown", Depth::text, {"md", "markdown", "mdx"}, {}, "."},
  };
  return rows;
}

bool is_word_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '_';
}

// The words and punctuation of a header that only C++ has, outside comments and strings.
class CppSigns {
 public:
  explicit CppSigns(std::string_view head) : rest_(head) {}

  bool found() {
    while (!rest_.empty()) {
      if (skip_comment() || skip_string()) continue;
      if (rest_[0] == '#') {
        skip_directive();
      } else if (is_word_byte(rest_[0])) {
        if (word_is_cpp()) return true;
      } else if (rest_.starts_with("::")) {
        return true;
      } else {
        rest_.remove_prefix(1);
      }
    }
    return false;
  }

 private:
  bool skip_comment() {
    std::size_t end;
    if (rest_.starts_with("//")) {
      end = rest_.find('\n');
    } else if (rest_.starts_with("/*")) {
      end = rest_.find("*/", 2);
      if (end != std::string_view::npos) end += 2;
    } else {
      return false;
    }
    rest_.remove_prefix(std::min(end, rest_.size()));
    return true;
  }

  bool skip_string() {
    if (rest_[0] != '"' && rest_[0] != '\'') return false;
    std::size_t at = 1;
    while (at < rest_.size() && rest_[at] != rest_[0] && rest_[at] != '\n') at += rest_[at] == '\\' ? 2 : 1;
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return true;
  }

  // `#ifdef __cplusplus` ... `#else` or `#endif` is what a C header shows to C++. An include of a
  // header without a suffix (<string>) is C++.
  void skip_directive() {
    std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (line.find("__cplusplus") == std::string_view::npos || line.find("ifndef") != std::string_view::npos)
      return;
    if (line.find("if") == std::string_view::npos) return;
    std::size_t close = rest_.find("#endif");
    std::size_t other = rest_.find("#else");
    rest_.remove_prefix(std::min({close, other, rest_.size()}));
  }

  bool word_is_cpp() {
    std::size_t size = 0;
    while (size < rest_.size() && is_word_byte(rest_[size])) ++size;
    std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (word == "template" || word == "namespace" || word == "constexpr" || word == "typename" ||
        word == "virtual" || word == "noexcept" || word == "nullptr" || word == "static_cast" ||
        word == "decltype") {
      return true;
    }
    std::size_t next = rest_.find_first_not_of(" \t\r\n");
    char follows = next == std::string_view::npos ? '\0' : rest_[next];
    if (word == "class" || word == "using") return is_word_byte(follows);
    if (word == "public" || word == "private" || word == "protected") return follows == ':';
    return word == "operator" && follows != '\0' &&
           std::string_view("=+-*/<>[(!&|").find(follows) != std::string_view::npos;
  }

  std::string_view rest_;
};

bool includes_cpp_header(std::string_view head) {
  for (std::size_t at = head.find("#include <"); at != std::string_view::npos;
       at = head.find("#include <", at + 1)) {
    std::size_t end = head.find_first_of(">\n", at);
    if (end == std::string_view::npos) return false;
    if (head[end] == '>' && head.substr(at, end - at).find('.') == std::string_view::npos) return true;
  }
  return false;
}

const Language* by_shebang(std::string_view head) {
  if (!head.starts_with("#!")) return nullptr;
  std::string_view line = head.substr(2, std::min(head.find('\n'), head.size()) - 2);
  static constexpr std::pair<std::string_view, std::string_view> programs[] = {
      {"python", "python"}, {"node", "javascript"}, {"deno", "typescript"}, {"bun", "typescript"},
      {"ruby", "ruby"},     {"php", "php"},         {"lua", "lua"},         {"kotlin", "kotlin"},
      {"scala", "scala"},   {"swift", "swift"},     {"bash", "bash"},       {"zsh", "bash"},
      {"ksh", "bash"},      {"dash", "bash"},       {"sh", "bash"}};
  for (std::string_view part : base::split(line, ' ')) {
    std::size_t slash = part.rfind('/');
    std::string_view program = base::trim(slash == std::string_view::npos ? part : part.substr(slash + 1));
    for (auto [prefix, language] : programs) {
      if (!program.starts_with(prefix)) continue;
      std::string_view version = program.substr(prefix.size());
      if (version.find_first_not_of("0123456789.") == std::string_view::npos) return find_language(language);
    }
  }
  return nullptr;
}

}  // namespace

std::span<const Language> languages() {
  return table();
}

const Language* find_language(std::string_view name) {
  auto row = std::ranges::find(table(), name, &Language::name);
  return row == table().end() ? nullptr : &*row;
}

const Language* language_of(std::string_view path, std::string_view head) {
  std::size_t slash = path.rfind('/');
  std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (const Language& row : table()) {
    if (std::ranges::find(row.file_names, file) != row.file_names.end()) return &row;
  }
  std::size_t dot = file.rfind('.');
  if (dot != std::string_view::npos) {
    if (file.substr(dot + 1) == "H" || file.substr(dot + 1) == "C") return find_language("cpp");
    std::string extension = base::to_lower(file.substr(dot + 1));
    if (extension == "h") {
      return find_language(CppSigns(head).found() || includes_cpp_header(head) ? "cpp" : "c");
    }
    for (const Language& row : table()) {
      if (std::ranges::find(row.extensions, extension) != row.extensions.end()) return &row;
    }
  }
  return head.starts_with("<?php") ? find_language("php") : by_shebang(head);
}

}  // namespace mira::code
