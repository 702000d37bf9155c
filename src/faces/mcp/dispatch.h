// The protocol itself: one request in, its answer out, in the era the request
// speaks. 2024-11-05 to 2025-11-25 are legacy (a handshake, then requests of one
// version); 2026-07-28 is modern (every request carries its version and the client's
// capabilities, nothing is remembered). The era is told request by request, so one
// process serves both. Transports (stdio.h) frame, queue and cancel; they know no method.
#pragma once

#include <optional>
#include <string>

#include "faces/mcp/offer.h"

namespace mira::mcp {

// What a legacy handshake settled; one per process (stdio) or session (HTTP).
struct Handshake {
  bool done = false;
  std::string version;
  Json capabilities = Json::object();  // of the client
  std::string log_level = "debug";     // less is not sent
};

// Names of `_meta` entries of 2026-07-28.
namespace meta {
inline constexpr const char* version = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* capabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* server = "io.modelcontextprotocol/serverInfo";
inline constexpr const char* subscription = "io.modelcontextprotocol/subscriptionId";
inline constexpr const char* log_level = "io.modelcontextprotocol/logLevel";
}  // namespace meta

inline constexpr const char* tasks_extension = "io.modelcontextprotocol/tasks";
inline constexpr std::string_view modern_version = "2026-07-28";
bool is_legacy_version(std::string_view version);
// The _meta of its params; an empty object where there is none.
const Json& meta_of(const Incoming& request);
// A member of its params that is a text, else "".
std::string text_param(const Incoming& request, const char* name);
// The error for a client that did not declare "sampling", or "extensions" with that name.
Fault missing_capability(const std::string& name, const std::string& extension = {});
// "info" is at least "debug".
bool is_logged(std::string_view level, std::string_view least);

class Dispatcher {
 public:
  // The offer must outlive it.
  explicit Dispatcher(const Offer& offer) : offer_(offer) {}

  // The whole answer message to a request, in the era given or, by default, its own. Never throws.
  Json answer(const Incoming& request, Handshake& handshake, CallContext& context,
              std::optional<Era> era = std::nullopt) const;
  // Requests that only look at the offer: a transport answers them at once and in order.
  static bool is_quick(const std::string& method);
  static Era era_of(const Incoming& request);
  // What every modern request must bring.
  std::optional<Fault> check_modern(const Incoming& request) const;
  // A modern result as it is sent: with resultType, serverInfo and how long it may be kept.
  Json dressed(const std::string& method, Json result) const;
  // What of a subscriptions/listen is honoured, as its acknowledgement names it.
  Outcome honoured(const Incoming& listen) const;
  bool has_tasks() const;
  const Offer& offer() const { return offer_; }

 private:
  Outcome handle(const Incoming& request, Era era, Handshake& handshake, CallContext& context) const;
  Outcome handle_legacy(const Incoming& request, Handshake& handshake) const;
  Outcome lists(const Incoming& request) const;
  Outcome initialize(const Incoming& request, Handshake& handshake) const;
  Outcome discover() const;
  Outcome set_level(const Incoming& request, Handshake& handshake) const;
  Outcome call_tool(const Incoming& request, Era era, const Handshake& handshake, CallContext& context) const;
  Outcome read_resource(const Incoming& request, Era era, CallContext& context) const;
  Outcome get_prompt(const Incoming& request, CallContext& context) const;
  Outcome complete(const Incoming& request, CallContext& context) const;
  Json capabilities(Era era) const;
  Json server_info() const;

  const Offer& offer_;
};

}  // namespace mira::mcp
