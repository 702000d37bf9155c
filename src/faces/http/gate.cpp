#include "faces/http/gate.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::http {
namespace {

constexpr std::array<std::string_view, 3> own_names{"localhost", "127.0.0.1", "[::1]"};

bool names_us(std::string_view host, int port) {
  std::string lower = base::to_lower(host);
  for (std::string_view name : own_names) {
    if (port == 0 ? lower == name : lower == fmt::format("{}:{}", name, port)) return true;
    if (port == 80 && lower == name) return true;
  }
  return false;
}

bool is_same_site(const Head& head) {
  std::string_view site = head.get("sec-fetch-site");
  return head.count("sec-fetch-site") == 0 || site == "same-origin" || site == "none";
}

bool is_own_origin(const Head& head, int port) {
  if (head.count("origin") == 0) return true;
  std::string_view origin = head.get("origin");
  constexpr std::string_view scheme = "http://";
  return head.count("origin") == 1 && origin.starts_with(scheme) &&
         names_us(origin.substr(scheme.size()), port);
}

bool fits(const Head& head, std::size_t most) {
  std::string_view length = head.get("content-length");
  if (length.empty()) return true;
  std::size_t bytes = 0;
  auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bytes);
  return error == std::errc() && end == length.data() + length.size() && bytes <= most;
}

bool knows_token(const Head& head, const std::string& token) {
  constexpr std::string_view scheme = "Bearer ";
  std::string_view given = head.get("authorization");
  return head.count("authorization") == 1 && !token.empty() && given.starts_with(scheme) &&
         equal_in_constant_time(given.substr(scheme.size()), token);
}

bool is_json(const Head& head) {
  std::string type = base::to_lower(head.get("content-type"));
  return base::trim(std::string_view(type).substr(0, type.find(';'))) == "application/json";
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different |= static_cast<unsigned char>(a[i] ^ b[i]);
  return different == 0;
}

Response error_response(int status, std::string_view code, std::string_view message, std::string_view hint) {
  nlohmann::json body{
      {"ok", false},
      {"error", {{"code", code}, {"message", message}, {"hint", hint}, {"next", nlohmann::json::array()}}}};
  return {.status = status,
          .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

std::optional<Response> refuse(const Head& head, const Gate& gate) {
  if (head.count("host") != 1 || !names_us(head.get("host"), gate.port))
    return error_response(403, "forbidden", "this server answers to its own name only");
  if (!is_own_origin(head, gate.port)) return error_response(403, "forbidden", "this page may not ask");
  if (!is_same_site(head)) return error_response(403, "forbidden", "another site may not ask");
  if (!fits(head, gate.most_body_bytes))
    return error_response(413, "usage", fmt::format("a body has at most {} bytes", gate.most_body_bytes));
  if (head.path() == "/health") return std::nullopt;
  bool token_follows = head.path() == "/ws" && head.count("authorization") == 0;
  if (!gate.no_token && !token_follows && !knows_token(head, gate.token))
    return error_response(401, "unauthorized", "the token is missing or wrong",
                          "send Authorization: Bearer TOKEN");
  if (head.method == "POST" && !is_json(head))
    return error_response(415, "usage", "a body must be application/json");
  return std::nullopt;
}

}  // namespace mira::http
