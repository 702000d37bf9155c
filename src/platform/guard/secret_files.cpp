#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::guard {
namespace {

constexpr auto secret_names = std::to_array<std::string_view>({
    ".dockercfg",
    ".git-credentials",
    ".htpasswd",
    ".netrc",
    ".pgpass",
    ".pypirc",
    ".s3cfg",
    ".vault-token",
    "_netrc",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_rsa",
    "kubeconfig",
    "master.key",

});
static_assert(std::ranges::is_sorted(secret_names));

constexpr auto secret_endings = std::to_array<std::string_view>({
    ".jks",
    ".kdb",
    ".kdbx",
    ".key",
    ".keystore",
    ".ovpn",
    ".p12",
    ".pem",
    ".pfx",
    ".pkcs12",
    ".ppk",
    ".tfstate",
    ".tfstate.backup",
});

// Where the name alone says little.
constexpr auto secret_places = std::to_array<std::string_view>({
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".config/gh/hosts.yml",
});

constexpr auto template_endings = std::to_array<std::string_view>({
    ".default",
    ".defaults",
    ".dist",
    ".example",
    ".sample",
    ".schema",
    ".template",
    ".tpl",
});

bool ends_with_any(std::string_view name, const auto& endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// ".env", ".env.local", "prod.env", but not ".env.example".
bool is_environment(std::string_view name) {
  bool environment =
      name == ".env" || name.starts_with(".env.") || name.ends_with(".env") || name == ".envrc";
  return environment && !ends_with_any(name, template_endings);
}

// Everything in the folders of ssh and GnuPG but what is meant to be given away.
bool is_in_key_folder(std::string_view path, std::string_view name) {
  std::string_view folder = path.substr(0, path.size() - name.size());
  bool keys =
      folder.ends_with("/.ssh/") || folder == ".ssh/" || folder.find(".gnupg/") != std::string_view::npos;
  return keys && !name.ends_with(".pub") && name != "config" && !name.starts_with("known_hosts");
}

}  // namespace

bool is_secret_file(std::string_view path) {
  std::string lower = base::to_lower(path);
  std::string_view whole = lower;
  std::size_t slash = whole.rfind('/');
  std::string_view name = slash == std::string_view::npos ? whole : whole.substr(slash + 1);
  auto at_place = [&](std::string_view place) {
    return whole == place || (whole.ends_with(place) && whole[whole.size() - place.size() - 1] == '/');
  };
  return is_environment(name) || std::ranges::binary_search(secret_names, name) ||
         ends_with_any(name, secret_endings) || std::ranges::any_of(secret_places, at_place) ||
         is_in_key_folder(whole, name);
}

}  // namespace mira::guard
