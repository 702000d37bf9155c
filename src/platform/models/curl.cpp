#include "platform/models/curl.h"

#include <dlfcn.h>

#include <optional>

namespace mira::models {
namespace {

template <typename Function>
bool take(void* library, const char* name, Function& out) {
  out = reinterpret_cast<Function>(::dlsym(library, name));  // NOLINT: what dlsym is for
  return out != nullptr;
}

// Never unloaded: its threads and its TLS keep what they registered until the process ends.
std::optional<Curl> load() {
  void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  Curl out;
  decltype(&::curl_global_init) global_init = nullptr;
  bool all =
      take(library, "curl_global_init", global_init) && take(library, "curl_easy_init", out.easy_init) &&
      take(library, "curl_easy_cleanup", out.easy_cleanup) &&
      take(library, "curl_easy_setopt", out.easy_setopt) &&
      take(library, "curl_easy_getinfo", out.easy_getinfo) &&
      take(library, "curl_easy_strerror", out.easy_strerror) &&
      take(library, "curl_multi_init", out.multi_init) &&
      take(library, "curl_multi_cleanup", out.multi_cleanup) &&
      take(library, "curl_multi_add_handle", out.multi_add_handle) &&
      take(library, "curl_multi_remove_handle", out.multi_remove_handle) &&
      take(library, "curl_multi_perform", out.multi_perform) &&
      take(library, "curl_multi_poll", out.multi_poll) &&
      take(library, "curl_multi_info_read", out.multi_info_read) &&
      take(library, "curl_slist_append", out.slist_append) &&
      take(library, "curl_slist_free_all", out.slist_free_all) && take(library, "curl_getdate", out.getdate);
  if (!all || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return std::nullopt;
  return out;
}

}  // namespace

const Curl* curl() {
  static const std::optional<Curl> loaded = load();
  return loaded ? &*loaded : nullptr;
}

}  // namespace mira::models
