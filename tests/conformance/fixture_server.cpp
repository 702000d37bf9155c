// mira_conformance_server: serves the fixtures at http://localhost:PORT/mcp without a token,
// prints the port as one line, and ends when its standard input does.
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "faces/http/mcp_endpoint.h"
#include "faces/http/server.h"
#include "tests/conformance/fixture.h"

int main() {
  using namespace mira;
  mcp::Offer offer{.name = "mira-conformance",
                   .title = "Fixtures of the conformance suite",
                   .version = "1",
                   .instructions = "For tests.",
                   .lists_change = true,
                   .logs = true};
  conformance::add_plain_tools(offer);
  conformance::add_asking_tools(offer);
  conformance::add_retried_tools(offer);
  conformance::add_task_tools(offer);
  conformance::add_resources(offer);
  conformance::add_prompts(offer);
  http::McpEndpoint endpoint(offer, {.threads = 16, .grace_ms = 1000});
  auto server = http::Server::start({.no_token = true}, [&](const http::Head& head, const std::string& body,
                                                            std::shared_ptr<http::Answer> answer) {
    if (head.path() == "/mcp") return endpoint.answer(head, body, std::move(answer));
    answer->whole(http::error_response(404, "not_found", "only /mcp is here"));
  });
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("%d\n", (*server)->port());
  std::fflush(stdout);
  (*server)->when_stopping([&] { endpoint.hang_up(); });
  std::thread waiting([&] {
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) continue;
    (*server)->stop();
  });
  (*server)->run();
  waiting.join();
  if (!endpoint.end()) std::_Exit(0);
  return 0;
}
