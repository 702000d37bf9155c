// A served project and a client of raw bytes: what the tests of `mira serve` share.
#pragma once

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {

using nlohmann::json;

class Serve : public testing::Test {
 protected:
  explicit Serve(std::vector<std::string> words = {})
      : words_(std::move(words)), mira(repo.root().parent_path()) {
    repo.write("money.py",
               "def add_tax(cents):\n    return cents\n\n\ndef total():\n    return add_tax(1)\n");
    repo.commit("Start");
    mira.in(repo.root());
    start();
  }
  ~Serve() override { stop(SIGKILL); }

  void start() {
    server = ::fork();
    if (server == 0) {
      ::setenv("MIRA_HOME", mira.home().c_str(), 1);
      if (::chdir(repo.root().c_str()) != 0) ::_exit(9);
      std::vector<char*> argv{const_cast<char*>("mira"), const_cast<char*>("serve"),
                              const_cast<char*>("--quiet")};
      for (std::string& word : words_) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execv(support::Mira::binary().c_str(), argv.data());
      ::_exit(9);
    }
    for (int i = 0; i < 3000 && notice().is_discarded(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    json told = notice();
    port = told.value("port", 0);
    token = told.value("token", "");
  }
  json notice() {
    std::ifstream in(mira.home() / "serve.json");
    return json::parse(in, nullptr, false);
  }
  int stop(int signal) {
    if (server <= 0) return -1;
    ::kill(server, signal);
    int status = 0;
    ::waitpid(server, &status, 0);
    server = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int connect() {
    int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  // Everything that comes back until the server closes.
  std::string exchange(const std::string& bytes) {
    int socket = connect();
    std::string_view rest = bytes;
    while (!rest.empty()) {
      ssize_t sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // the server refused before it had all
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::string out;
    char chunk[4096];
    for (ssize_t got; (got = ::recv(socket, chunk, sizeof chunk, 0)) > 0;)
      out.append(chunk, static_cast<std::size_t>(got));
    ::close(socket);
    return out;
  }
  std::string head(const std::string& method, const std::string& target, const std::string& more = "") {
    return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
           "\r\nConnection: close\r\n" + more;
  }
  std::string bearer() { return "Authorization: Bearer " + token + "\r\n"; }
  std::string get(const std::string& target) { return exchange(head("GET", target, bearer()) + "\r\n"); }
  std::string post(const std::string& target, const std::string& body) {
    return exchange(head("POST", target,
                         bearer() + "Content-Type: application/json\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body));
  }
  static json body_of(const std::string& response) {
    return json::parse(response.substr(std::min(response.size(), response.find("\r\n\r\n"))), nullptr, false);
  }

  std::vector<std::string> words_;
  support::FakeRepo repo;
  support::Mira mira;
  pid_t server = 0;
  int port = 0;
  std::string token;
};

// Reads and writes one connection piece by piece, for what does not end by itself.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket) {
    timeval hang{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &hang, sizeof hang);
  }
  ~Wire() { shut(); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void say(const std::string& bytes) {
    ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // Everything up to and with `mark`; "" when the other side closed before.
  std::string until(const std::string& mark) {
    while (heard_.find(mark) == std::string::npos)
      if (!more()) return "";
    std::size_t end = heard_.find(mark) + mark.size();
    std::string out = heard_.substr(0, end);
    heard_.erase(0, end);
    return out;
  }
  std::string bytes(std::size_t count) {
    while (heard_.size() < count)
      if (!more()) return "";
    std::string out = heard_.substr(0, count);
    heard_.erase(0, count);
    return out;
  }
  // The next server-sent event that has data, as {"id", "event", "data"}.
  json event() {
    while (true) {
      std::string text = until("\n\n");
      if (text.empty()) return nullptr;
      json out;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        std::size_t colon = line.find(": ");
        if (colon != std::string::npos && colon > 0) out[line.substr(0, colon)] = line.substr(colon + 2);
      }
      if (!out.contains("data") || out["data"] == "") continue;
      out["data"] = json::parse(out["data"].get<std::string>(), nullptr, false);
      return out;
    }
  }
  // One masked frame; opcode 1 is a text.
  void frame(const std::string& text, int opcode = 1) {
    std::string out(1, static_cast<char>(0x80 | opcode));
    if (text.size() < 126) {
      out += static_cast<char>(0x80 | text.size());
    } else {
      out += static_cast<char>(0x80 | 126);
      out += static_cast<char>(text.size() >> 8U);
      out += static_cast<char>(text.size() & 0xFFU);
    }
    out += std::string(4, '\0');  // a mask of zeroes leaves the text as it is
    say(out + text);
  }
  // {opcode, payload} of the next frame; opcode -1 at the end.
  std::pair<int, std::string> heard_frame() {
    std::string head = bytes(2);
    if (head.empty()) return {-1, ""};
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7FU;
    int wide = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (wide != 0) {
      size = 0;
      for (unsigned char byte : bytes(static_cast<std::size_t>(wide))) size = size << 8U | byte;
    }
    return {static_cast<unsigned char>(head[0]) & 0x0FU, size == 0 ? "" : bytes(size)};
  }
  json heard_json() {
    auto [opcode, text] = heard_frame();
    return opcode == 1 ? json::parse(text, nullptr, false) : json();
  }
  bool closed() { return !more(); }
  void shut() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  bool more() {
    char chunk[4096];
    ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
    if (got > 0) heard_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  std::string heard_;
};

}  // namespace mira
