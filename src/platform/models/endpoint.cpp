#include "platform/models/endpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "platform/base/text.h"
#include "platform/models/http.h"

namespace mira::models {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view openai_base = "https://api.openai.com/v1";
constexpr std::size_t most_key_bytes = 4096;

std::string cannot_read(const std::string& file) {
  return fmt::format("the key file {} cannot be read", base::display_line(file));
}

// A key in a file that only its owner can read.
Result<std::string> key_of_file(const std::string& file) {
  int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0)
    return base::fail(ErrorCode::usage, cannot_read(file), "check \"key_file\" in models.json");
  struct stat status{};
  std::string key(most_key_bytes, '\0');
  bool known = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  ssize_t got = known ? ::read(descriptor, key.data(), key.size()) : -1;
  ::close(descriptor);
  if (got < 0) return base::fail(ErrorCode::usage, cannot_read(file), "check \"key_file\" in models.json");
  if ((status.st_mode & 077U) != 0)
    return base::fail(ErrorCode::usage,
                      fmt::format("others can read the key file {}", base::display_line(file)),
                      fmt::format("run: chmod 600 {}", base::display_line(file)));
  key.resize(static_cast<std::size_t>(got));
  return std::string(base::trim(key));
}

Result<std::string> configured_key(const EndpointRow& row, const Environment& environment, bool is_openai) {
  if (!row.key_file.empty()) return key_of_file(row.key_file);
  if (!row.key_env.empty()) return std::string(base::trim(environment(row.key_env)));
  return is_openai ? std::string(base::trim(environment("OPENAI_API_KEY"))) : std::string();
}

std::unexpected<base::Error> none() {
  return base::fail(ErrorCode::unavailable, "no model is configured: there is no key and no endpoint",
                    "set OPENAI_API_KEY, or name a host in models.json: see mira models");
}

bool holds_line_break(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos || text.find('\0') != std::string_view::npos;
}

Result<Endpoint> checked(Endpoint endpoint) {
  while (endpoint.base.ends_with('/')) endpoint.base.pop_back();
  endpoint.host = host_of(endpoint.base);
  if (endpoint.host.empty() || holds_line_break(endpoint.base))
    return base::fail(ErrorCode::usage, "the address of the model host is not an http or https one",
                      "give it like http://localhost:11434/v1, without a user or a password in it");
  if (holds_line_break(endpoint.key))
    return base::fail(ErrorCode::usage, "the key of the model host holds a line break", "give the key alone");
  bool is_plain = endpoint.base.starts_with("http://");
  if (is_plain && !endpoint.key.empty() && !is_loopback(endpoint.host))
    return base::fail(ErrorCode::usage, fmt::format("the key would go to {} over plain http", endpoint.host),
                      "use https, or take the key away if the host needs none");
  return endpoint;
}

}  // namespace

std::string_view protocol_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::responses:
      return "responses";
    case Protocol::chat:
      return "chat";
    case Protocol::unknown:
      break;
  }
  return "";
}

Protocol protocol_named(std::string_view name) {
  if (name == "responses") return Protocol::responses;
  return name == "chat" ? Protocol::chat : Protocol::unknown;
}

Environment process_environment() {
  return [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
}

namespace {

Result<Endpoint> endpoint_of(const EndpointRow& row, const Environment& environment) {
  Endpoint out{.protocol = protocol_named(row.protocol),
               .is_local = row.is_local,
               .is_protocol_named = !row.protocol.empty()};
  if (!row.base.empty()) {
    out.base = row.base;
    bool is_openai = host_of(row.base) == host_of(openai_base);
    out.key = MIRA_TRY(configured_key(row, environment, is_openai));
    if (is_openai && out.key.empty()) return none();
    return checked(std::move(out));
  }
  out.base = environment("OPENAI_BASE_URL");
  out.key = std::string(base::trim(environment("OPENAI_API_KEY")));
  if (out.base.empty()) {
    if (out.key.empty()) return none();
    out.base = openai_base;
  }
  return checked(std::move(out));
}

}  // namespace

Result<Endpoint> find_endpoint(const Catalog& catalog, const Environment& environment) {
  return endpoint_of(catalog.endpoint(), environment);
}

Result<Endpoint> find_embedding_endpoint(const Catalog& catalog, const Environment& environment) {
  const EndpointRow& own = catalog.embedding().endpoint;
  return endpoint_of(own.base.empty() ? catalog.endpoint() : own, environment);
}

}  // namespace mira::models
