// A model host that a test scripts: HTTP on a port of this machine, every request kept,
// every answer given byte by byte as the script says, faults included. Several clients
// at once are served, each on a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mira::support {

class ModelServer {
 public:
  struct Seen {
    std::string method, path;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
  };
  struct Script {
    std::string bytes;                     // the whole answer, head included
    std::size_t only = std::string::npos;  // so many bytes of it, then the connection ends
    std::size_t part = std::string::npos;  // sent in parts of so many bytes
    bool hangs = false;                    // after the last byte the connection stays open
  };
  // Called for each request with its number, from 0.
  using Answers = std::function<Script(const Seen&, int number)>;

  explicit ModelServer(Answers answers);
  ~ModelServer();
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  std::string host() const;  // "127.0.0.1:40123"
  std::string base() const { return "http://" + host() + "/v1"; }
  std::vector<Seen> seen() const;
  // models.json that names this host, with a price for "test-model" (dollars for a million tokens:
  // 1 in, 0.1 cached, 10 out) and for its aliases.
  nlohmann::json configuration() const;

 private:
  void accept_all();
  void serve(int connection);

  Answers answers_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> count_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::vector<std::jthread> serving_;  // of the accepting thread alone
  std::jthread accepting_;
};

// Answers as hosts give them.
ModelServer::Script status(int code, std::string_view body, std::string_view more_headers = "");
ModelServer::Script stream(std::string_view events);
std::string event(const nlohmann::json& data);

struct Counted {
  std::int64_t input = 100, cached = 0, output = 20, reasoning = 0;
};
// A Responses stream of these parts of text.
std::string responses_events(const std::vector<std::string>& parts, Counted counted = {});
std::string chat_events(const std::vector<std::string>& parts, Counted counted = {});
// Answers /models with one model, and every other request with that text.
ModelServer::Answers always(std::string text, Counted counted = {});

}  // namespace mira::support
