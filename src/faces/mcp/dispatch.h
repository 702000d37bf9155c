// The protocol itself: one request in, its answer out, in the era the request
// speaks. 2024-11-05 to 2025-11-25 are legacy (a handshake, then requests of one
// version); 2026-07-28 is modern (every request carries its version and the client's
// capabilities, nothing is remembered). The era is told request by request, so one
// process serves both. Transports (stdio.h) frame, queue and cancel; they know no method.
#pragma once

#include <string>

#include "faces/mcp/offer.h"

namespace mira::mcp {

enum class Era { legacy, modern };

// What a legacy handshake settled; one per process (stdio) or session (HTTP).
struct Handshake {
  bool done = false;
  std::string version;
};

// Names of `_meta` entries of 2026-07-28.
namespace meta {
inline constexpr const char* version = "io.modelcontextprotocol/protocolVersion";
inline constexpr const char* capabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr const char* server = "io.modelcontextprotocol/serverInfo";
inline constexpr const char* subscription = "io.modelcontextprotocol/subscriptionId";
}  // namespace meta

class Dispatcher {
 public:
  // The offer must outlive it.
  explicit Dispatcher(const Offer& offer) : offer_(offer) {}

  // The whole answer message to a request. Never throws.
  Json answer(const Incoming& request, Handshake& handshake, CallContext& context) const;
  // Requests that only look at the offer: a transport answers them at once and in order.
  static bool is_quick(const std::string& method);
  static Era era_of(const Incoming& request);
  // The first message of subscriptions/listen, or the answer that refuses it. Mira's lists
  // do not change while it runs, so no subscription is honoured and nothing else follows.
  Json listen(const Incoming& request) const;

 private:
  struct Reply;
  Reply handle(const Incoming& request, Era era, Handshake& handshake, CallContext& context) const;
  Reply lists(const Incoming& request) const;
  Reply initialize(const Incoming& request, Handshake& handshake) const;
  Reply call_tool(const Incoming& request, Era era, const Handshake& handshake, CallContext& context) const;
  Reply read_resource(const Incoming& request, Era era, CallContext& context) const;
  Reply get_prompt(const Incoming& request, CallContext& context) const;
  Reply complete(const Incoming& request, CallContext& context) const;
  std::optional<Fault> check_modern(const Incoming& request) const;
  Json capabilities(Era era) const;
  Json server_info() const;

  const Offer& offer_;
};

}  // namespace mira::mcp
