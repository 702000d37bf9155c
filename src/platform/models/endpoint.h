// The host that models are asked at, and its key: from the user's file, else from
// OPENAI_BASE_URL and OPENAI_API_KEY. A key belongs to the host it was given for and is
// sent nowhere else; it is never logged, stored or shown. Without a host or a key there
// is no endpoint, and nothing is requested.
#pragma once

#include <functional>
#include <string>

#include "platform/models/catalog.h"

namespace mira::models {

enum class Protocol { unknown, responses, chat };

struct Endpoint {
  std::string base;  // without a slash at its end
  std::string host;  // of base; names the rows of the catalogue
  std::string key;   // may be empty
  Protocol protocol = Protocol::unknown;
  bool is_local = false;
  bool is_protocol_named =
      false;  // by the user; else it is what the host spoke last, and it may have changed
};

std::string_view protocol_name(Protocol protocol);
Protocol protocol_named(std::string_view name);  // unknown for any other name

using Environment = std::function<std::string(const std::string& name)>;  // "" when not set
Environment process_environment();

// unavailable: none is configured; the hint says how to. usage: what is configured is wrong
// (an address that is none, a key over plain http to another machine, a key file others can read).
base::Result<Endpoint> find_endpoint(const Catalog& catalog, const Environment& environment);
// The host that embeds: the one named for it, else the same as above.
base::Result<Endpoint> find_embedding_endpoint(const Catalog& catalog, const Environment& environment);

}  // namespace mira::models
