#include "tests/support/model_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace mira::support {
namespace {

using nlohmann::json;

constexpr int look_ms = 10;

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// The head of a request, without its body.
ModelServer::Seen parse_head(std::string_view head) {
  ModelServer::Seen seen;
  std::size_t first = head.find("\r\n");
  std::string_view line = head.substr(0, first);
  seen.method = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), seen.method.size() + 1));
  seen.path = line.substr(0, line.find(' '));
  head.remove_prefix(first + 2);
  while (!head.empty()) {
    std::size_t end = head.find("\r\n");
    std::string_view header = head.substr(0, end);
    std::size_t colon = header.find(": ");
    if (colon != std::string_view::npos)
      seen.headers[lower(std::string(header.substr(0, colon)))] = header.substr(colon + 2);
    if (end == std::string_view::npos) break;
    head.remove_prefix(end + 2);
  }
  return seen;
}

bool receive_some(int connection, std::string& buffer) {
  char bytes[16384];
  ssize_t got = ::recv(connection, bytes, sizeof bytes, 0);
  if (got <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(got));
  return true;
}

bool receive(int connection, ModelServer::Seen& seen) {
  std::string buffer;
  std::size_t end = std::string::npos;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!receive_some(connection, buffer)) return false;
  }
  seen = parse_head(std::string_view(buffer).substr(0, end));
  seen.body = buffer.substr(end + 4);
  std::size_t length = 0;
  if (auto found = seen.headers.find("content-length"); found != seen.headers.end())
    length = std::stoul(found->second);
  while (seen.body.size() < length) {
    if (!receive_some(connection, seen.body)) return false;
  }
  return true;
}

}  // namespace

ModelServer::ModelServer(Answers answers) : answers_(std::move(answers)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, any, &length) != 0)
    throw std::runtime_error("no port for the model server");
  port_ = ntohs(address.sin_port);
  accepting_ = std::jthread([this] { accept_all(); });
}

ModelServer::~ModelServer() {
  stopping_ = true;
  accepting_.join();
  serving_.clear();
  ::close(listener_);
}

std::string ModelServer::host() const {
  return "127.0.0.1:" + std::to_string(port_);
}

std::vector<ModelServer::Seen> ModelServer::seen() const {
  std::lock_guard guard(mutex_);
  return seen_;
}

json ModelServer::configuration() const {
  json aliases = json::array();
  for (const char* name : {"fast", "default", "deep"})
    aliases.push_back({{"name", name}, {"model", "test-model"}, {"effort", "low"}});
  return {{"endpoint", {{"base", base()}, {"key_env", "TEST_MODEL_KEY"}}},
          {"aliases", aliases},
          {"models",
           {{{"id", "test-model"},
             {"host", host()},
             {"efforts", {"none", "low", "medium", "high"}},
             {"checked", "2026-11-24"}}}},
          {"prices",
           {{{"model", "test-model"},
             {"host", host()},
             {"input", "1"},
             {"cached", "0.1"},
             {"output", "10"},
             {"checked", "2026-11-24"}}}}};
}

void ModelServer::accept_all() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, look_ms) <= 0) continue;
    int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) serving_.emplace_back([this, connection] { serve(connection); });
  }
}

void ModelServer::serve(int connection) {
  Seen seen;
  if (receive(connection, seen)) {
    {
      std::lock_guard guard(mutex_);
      seen_.push_back(seen);
    }
    Script script = answers_(seen, count_++);
    std::string_view left = std::string_view(script.bytes).substr(0, script.only);
    while (!left.empty() && !stopping_) {
      std::string_view part = left.substr(0, script.part);
      if (!send_all(connection, part)) break;
      left.remove_prefix(part.size());
    }
    while (script.hangs && !stopping_) {
      pollfd gone{connection, POLLRDHUP, 0};
      if (::poll(&gone, 1, look_ms) > 0) break;
    }
  }
  ::close(connection);
}

ModelServer::Script status(int code, std::string_view body, std::string_view more_headers) {
  std::string head = "HTTP/1.1 " + std::to_string(code) + " Said\r\nContent-Type: application/json\r\n" +
                     std::string(more_headers) + "Content-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n\r\n";
  return {.bytes = head + std::string(body)};
}

ModelServer::Script stream(std::string_view events) {
  return {
      .bytes =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req-7\r\nContent-Length: " +
          std::to_string(events.size()) + "\r\nConnection: close\r\n\r\n" + std::string(events)};
}

std::string event(const json& data) {
  return "data: " + data.dump() + "\n\n";
}

std::string responses_events(const std::vector<std::string>& parts, Counted counted) {
  std::string out = event({{"type", "response.created"}, {"response", {{"model", "test-model"}}}});
  out += event({{"type", "response.output_item.added"}, {"item", {{"type", "message"}}}});
  std::string whole;
  for (const std::string& part : parts) {
    out += event({{"type", "response.output_text.delta"}, {"delta", part}});
    whole += part;
  }
  json usage{{"input_tokens", counted.input},
             {"input_tokens_details", {{"cached_tokens", counted.cached}}},
             {"output_tokens", counted.output},
             {"output_tokens_details", {{"reasoning_tokens", counted.reasoning}}}};
  json content = json::array({{{"type", "output_text"}, {"text", whole}}});
  return out + event({{"type", "response.completed"},
                      {"response",
                       {{"status", "completed"},
                        {"model", "test-model"},
                        {"service_tier", "default"},
                        {"output", json::array({{{"type", "message"}, {"content", content}}})},
                        {"usage", usage}}}});
}

std::string chat_events(const std::vector<std::string>& parts, Counted counted) {
  std::string out;
  for (const std::string& part : parts)
    out += event({{"model", "test-model"}, {"choices", {{{"index", 0}, {"delta", {{"content", part}}}}}}});
  out += event({{"choices", {{{"index", 0}, {"delta", json::object()}, {"finish_reason", "stop"}}}}});
  out += event({{"choices", json::array()},
                {"usage",
                 {{"prompt_tokens", counted.input},
                  {"completion_tokens", counted.output},
                  {"prompt_tokens_details", {{"cached_tokens", counted.cached}}}}}});
  return out + "data: [DONE]\n\n";
}

ModelServer::Answers always(std::string text, Counted counted) {
  return [text = std::move(text), counted](const ModelServer::Seen& seen, int) {
    if (seen.method == "GET") return status(200, R"({"data":[{"id":"test-model","shutdown_date":null}]})");
    return stream(responses_events({text}, counted));
  };
}

}  // namespace mira::support
