#include "faces/mcp/seal.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <optional>
#include <span>

namespace mira::mcp {
namespace {

constexpr std::int64_t good_for_ms = 3'600'000;

std::string hex(std::span<const unsigned char> bytes) {
  std::string out;
  for (unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Nothing where it is not lower-case hex.
std::optional<std::string> bytes_of(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int high = nibble(text[i]), low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

bool fill(std::span<unsigned char> bytes) {
  return ::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

}  // namespace

base::Result<std::string> random_name() {
  std::array<unsigned char, 16> bytes{};
  if (!fill(bytes)) return base::fail(base::ErrorCode::unavailable, "this system gives no random bytes");
  return hex(bytes);
}

Seal::Seal() : ready_(fill(key_)) {}

std::string Seal::tag(std::string_view text, std::string_view bound) const {
  std::string all = fmt::format("{}:{}{}", text.size(), text, bound);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(all.data()), all.size(), digest.data(), &size);
  return hex(std::span(digest).first(size));
}

std::string Seal::close(const Json& content, std::string_view bound, std::int64_t now_ms) const {
  std::string text = to_line(Json{{"until", now_ms + good_for_ms}, {"content", content}});
  std::string body = hex({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
  return body + "." + tag(body, bound);
}

base::Result<Json> Seal::open(std::string_view sealed, std::string_view bound, std::int64_t now_ms) const {
  auto foreign = [] {
    return base::fail(base::ErrorCode::usage, "requestState was not given out here for this request",
                      "send back what the last answer held, with the same arguments");
  };
  std::size_t dot = sealed.find('.');
  if (!ready_ || dot == std::string_view::npos) return foreign();
  std::string_view body = sealed.substr(0, dot), given = sealed.substr(dot + 1);
  std::string right = tag(body, bound);
  if (given.size() != right.size() || CRYPTO_memcmp(given.data(), right.data(), right.size()) != 0)
    return foreign();
  auto text = bytes_of(body);
  Json whole = text ? Json::parse(*text, nullptr, false) : Json();
  if (!whole.is_object()) return foreign();
  if (whole.value("until", std::int64_t{0}) < now_ms)
    return base::fail(base::ErrorCode::usage, "requestState is too old", "call again without it");
  return whole["content"];
}

}  // namespace mira::mcp
