#include "knowledge/code/semantics/declared.h"

#include <algorithm>
#include <array>

#include "knowledge/code/resolve_keys.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/semantics/standard_modules.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::semantics {
namespace {

constexpr std::int64_t manifest_bytes = 8 << 20;  // lock files of large workspaces

// Modules of Python whose package bears another name.
struct Alias {
  std::string_view module, package;
};
constexpr std::array<Alias, 28> python_aliases{{{"yaml", "pyyaml"},
                                                {"PIL", "pillow"},
                                                {"cv2", "opencv-python"},
                                                {"sklearn", "scikit-learn"},
                                                {"bs4", "beautifulsoup4"},
                                                {"dateutil", "python-dateutil"},
                                                {"dotenv", "python-dotenv"},
                                                {"jwt", "pyjwt"},
                                                {"OpenSSL", "pyopenssl"},
                                                {"Crypto", "pycryptodome"},
                                                {"serial", "pyserial"},
                                                {"git", "gitpython"},
                                                {"magic", "python-magic"},
                                                {"docx", "python-docx"},
                                                {"pptx", "python-pptx"},
                                                {"markdown", "markdown"},
                                                {"attr", "attrs"},
                                                {"pkg_resources", "setuptools"},
                                                {"psycopg2", "psycopg2-binary"},
                                                {"MySQLdb", "mysqlclient"},
                                                {"skimage", "scikit-image"},
                                                {"usb", "pyusb"},
                                                {"zmq", "pyzmq"},
                                                {"nacl", "pynacl"},
                                                {"jose", "python-jose"},
                                                {"multipart", "python-multipart"},
                                                {"google.protobuf", "protobuf"},
                                                {"rest_framework", "djangorestframework"}}};

std::string plain_name(std::string_view name) {  // PEP 503
  std::string out;
  for (char c : base::to_lower(name)) {
    bool sign = c == '-' || c == '_' || c == '.';
    if (sign && !out.empty() && out.back() == '-') continue;
    out += sign ? '-' : c;
  }
  return out;
}

std::string_view folder_of(std::string_view path) {
  return code::folder_of(path);
}

bool is_outside(std::string_view path) {
  code::PathTraits traits = code::path_traits(path);
  return traits.vendored || traits.test;
}

std::optional<std::string> text_of(contracts::Session& session, const std::string& path) {
  auto read = workspace::read_file(session.project.root, path, manifest_bytes);
  if (!read || workspace::looks_binary(read->bytes)) return std::nullopt;
  return guard::mask_secrets(base::repair_utf8(read->bytes));
}

}  // namespace

base::Result<std::vector<DeclaredRow>> read_declared(contracts::Session& session, base::Deadline deadline) {
  std::vector<DeclaredRow> out;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> locks;  // by folder
  for (const workspace::File& file : session.tree.files) {
    if (file.symlink || !is_lock_file(file.path) || is_outside(file.path)) continue;
    if (deadline.expired())
      return base::fail(base::ErrorCode::timeout, "the manifests were not read to their end");
    if (auto text = text_of(session, file.path))
      locks[std::string(folder_of(file.path))].merge(read_lock(file.path, *text));
  }
  for (const workspace::File& file : session.tree.files) {
    if (file.symlink || !is_dependency_manifest(file.path) || is_outside(file.path)) continue;
    auto text = text_of(session, file.path);
    if (!text) continue;
    for (Declared& one : read_manifest(file.path, *text)) {
      DeclaredRow row{file.path, std::move(one), {}};
      for (std::string_view folder = folder_of(file.path);; folder = folder_of(folder)) {
        auto lock = locks.find(folder);
        auto found = lock == locks.end() ? std::map<std::string, std::string>::const_iterator()
                                         : lock->second.find(row.declared.name);
        if (lock != locks.end() && found != lock->second.end()) row.resolved = found->second;
        if (folder.empty() || !row.resolved.empty()) break;
      }
      out.push_back(std::move(row));
    }
  }
  return out;
}

std::string_view ecosystem_of(std::string_view language) {
  if (language == "python") return "pypi";
  if (language == "javascript" || language == "typescript" || language == "tsx") return "npm";
  if (language == "rust") return "cargo";
  if (language == "go") return "go";
  return "";
}

std::string package_of_import(std::string_view language, std::string_view module) {
  if (is_standard_module(language, module)) return "";
  std::string_view ecosystem = ecosystem_of(language);
  if (ecosystem == "npm") {
    if (module.starts_with('.') || module.starts_with('/') || module.find(':') != std::string_view::npos)
      return "";
    std::size_t slash = module.find('/');
    if (module.starts_with('@') && slash != std::string_view::npos) slash = module.find('/', slash + 1);
    return std::string(module.substr(0, slash));
  }
  if (ecosystem == "pypi") {
    for (const Alias& one : python_aliases)
      if (module == one.module || (module.starts_with(one.module) && module[one.module.size()] == '.'))
        return std::string(one.package);
    return plain_name(module.substr(0, module.find('.')));
  }
  if (ecosystem == "cargo") return std::string(module.substr(0, module.find("::")));
  if (ecosystem == "go") return std::string(module);
  return "";
}

bool is_package(const Declared& declared, std::string_view package) {
  if (declared.ecosystem == "pypi") {
    std::string name = plain_name(declared.name);
    return name == package || (package == "psycopg2-binary" && name == "psycopg2");
  }
  if (declared.ecosystem == "cargo") {
    std::string name = declared.name;
    std::ranges::replace(name, '-', '_');
    return name == package;
  }
  if (declared.ecosystem == "go")
    return package == declared.name ||
           (package.starts_with(declared.name) && package[declared.name.size()] == '/');
  return declared.name == package;
}

}  // namespace mira::semantics
