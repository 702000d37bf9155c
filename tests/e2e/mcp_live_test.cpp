// A conversation with `mira mcp` that goes on while files change and signals come.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// The program with both ends of its pipes in our hands.
class Server {
 public:
  Server(const std::filesystem::path& folder, const std::filesystem::path& home) {
    int in[2], out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::setenv("MIRA_HOME", home.c_str(), 1);
      if (::chdir(folder.c_str()) != 0) ::_exit(9);
      ::execl(support::Mira::binary().c_str(), "mira", "mcp", nullptr);
      ::_exit(9);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }
  ~Server() {
    if (child_ > 0) ::kill(child_, SIGKILL);
    wait();
    ::close(to_);
    ::close(from_);
  }
  void say(const json& message) {
    std::string line = message.dump() + "\n";
    ASSERT_EQ(::write(to_, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  json hear() {
    while (heard_.find('\n') == std::string::npos) {
      char chunk[4096];
      ssize_t got = ::read(from_, chunk, sizeof chunk);
      if (got <= 0) return nullptr;
      heard_.append(chunk, static_cast<std::size_t>(got));
    }
    std::size_t end = heard_.find('\n');
    json message = json::parse(heard_.substr(0, end), nullptr, false);
    heard_.erase(0, end + 1);
    return message;
  }
  json call(const std::string& tool, json arguments) {
    say({{"jsonrpc", "2.0"},
         {"id", ++last_},
         {"method", "tools/call"},
         {"params",
          {{"name", tool},
           {"arguments", std::move(arguments)},
           {"_meta",
            {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
             {"io.modelcontextprotocol/clientCapabilities", json::object()}}}}}});
    for (json answer = hear(); !answer.is_null(); answer = hear())
      if (answer.value("id", json()) == last_) return answer["result"];
    return nullptr;
  }
  void tell(int signal) { ::kill(child_, signal); }
  int wait() {
    if (child_ <= 0) return -1;
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t child_ = 0;
  int to_ = -1, from_ = -1, last_ = 0;
  std::string heard_;
};

class McpLive : public testing::Test {
 protected:
  McpLive() : mira(repo.root().parent_path()) {
    repo.write("money.py", "def add_tax(cents):\n    return cents\n");
    repo.write("cart.py", "from money import add_tax\n\n\ndef total():\n    return add_tax(1)\n");
    repo.commit("Start");
    mira.in(repo.root());
    EXPECT_EQ(mira.run({"index"}).exit_code, 0);
  }
  static std::string text(const json& result) { return result["content"][0]["text"]; }

  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(McpLive, ACallSeesEveryEditMadeBeforeIt) {
  Server server(repo.root(), mira.home());
  for (int i = 0; i < 12; ++i) {
    std::string name = "fresh_" + std::to_string(i);
    std::string file = i % 3 == 0 ? "cart.py" : i % 3 == 1 ? "made/new_" + name + ".py" : "money.py";
    repo.write(file,
               "def add_tax(cents):\n    return cents\n\n\ndef " + name + "():\n    return add_tax(2)\n");
    json symbols = server.call("code", {{"action", "callers"}, {"query", name}});
    EXPECT_EQ(symbols["isError"], false) << name << ": " << symbols;
    json found = server.call("code", {{"action", "search"}, {"query", name}});
    EXPECT_THAT(text(found), HasSubstr(file)) << name;
    EXPECT_THAT(found["structuredContent"]["about"]["freshness"]["state"], "current");
    json again = server.call("code", {{"action", "search"}, {"query", name}});  // nothing changed meanwhile
    EXPECT_EQ(text(again), text(found));
  }
}

TEST_F(McpLive, WhatIsTakenAwayIsGoneFromTheNextAnswer) {
  Server server(repo.root(), mira.home());
  EXPECT_EQ(server.call("code", {{"action", "callers"}, {"query", "add_tax"}})["isError"], false);
  EXPECT_THAT(text(server.call("code", {{"action", "callers"}, {"query", "add_tax"}})), HasSubstr("cart.py"));
  std::filesystem::remove(repo.root() / "cart.py");
  EXPECT_THAT(text(server.call("code", {{"action", "callers"}, {"query", "add_tax"}})),
              testing::Not(HasSubstr("cart.py")));
  std::filesystem::rename(repo.root() / "money.py", repo.root() / "coins.py");
  EXPECT_THAT(text(server.call("code", {{"action", "search"}, {"query", "add_tax"}})), HasSubstr("coins.py"));
  repo.write(".gitignore", "coins.py\n");
  EXPECT_EQ(server.call("code", {{"action", "callers"}, {"query", "add_tax"}})["isError"], true);
}

TEST_F(McpLive, ACommitIsSeenByTheNextCall) {
  Server server(repo.root(), mira.home());
  EXPECT_THAT(text(server.call("history", {{"action", "log"}, {"target", "money.py"}})), HasSubstr("Start"));
  repo.commit(
      {.message = "Round up", .files = {{"money.py", "def add_tax(cents):\n    return cents + 1\n"}}});
  EXPECT_THAT(text(server.call("history", {{"action", "log"}, {"target", "money.py"}})),
              HasSubstr("Round up"));
}

class McpSignal : public McpLive, public testing::WithParamInterface<int> {};

TEST_P(McpSignal, EndsTheServerThoughItsInputIsOpen) {
  Server server(repo.root(), mira.home());
  EXPECT_EQ(server.call("code", {{"action", "callers"}, {"query", "add_tax"}})["isError"], false);
  server.tell(GetParam());
  EXPECT_EQ(server.wait(), 0);
  EXPECT_TRUE(server.hear().is_null()) << "its output is closed and holds nothing more";
}

INSTANTIATE_TEST_SUITE_P(Each, McpSignal, testing::Values(SIGTERM, SIGINT));

}  // namespace
}  // namespace mira
