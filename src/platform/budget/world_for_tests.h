// For the tests of money: a mira.db in a temporary folder, a clock that a test sets, and
// a metered client that asks a scripted host.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "platform/budget/metered_client.h"
#include "platform/budget/schema.h"
#include "tests/support/fake_clock.h"
#include "tests/support/model_server.h"
#include "tests/support/temporary_folder.h"

namespace mira::budget {

inline std::unique_ptr<store::Connection> open_money(const std::filesystem::path& folder) {
  auto connection = store::Connection::open(folder / "mira.db", {.durability = store::Durability::full});
  if (!connection) throw std::runtime_error(connection.error().message);
  store::Schema schemas[] = {schema()};
  auto migrated =
      store::migrate(*connection, folder / "mira.db", schemas, store::Which::main, folder / "backups", 1);
  if (!migrated) throw std::runtime_error(migrated.error().message);
  return std::make_unique<store::Connection>(std::move(*connection));
}

class MoneyWorld {
 public:
  MoneyWorld()
      : main(open_money(folder.path())),
        writer(store::Writer::start(std::move(*open_money(folder.path())))) {}

  std::int64_t number(store::Sql sql) { return main->integer(sql)->value_or(-1); }
  void cap(Scope scope, std::optional<std::int64_t> nano, const std::string& subject = "") {
    ASSERT_TRUE(set_cap(*main, scope, subject, nano, clock.now_ms()));
  }

  support::TemporaryFolder folder;
  support::FakeClock clock{1'795'600'000'000};
  std::unique_ptr<store::Connection> main;
  std::unique_ptr<store::Writer> writer;
};

// A client of a scripted host, over the catalogue that the server gives.
class AskingWorld : public MoneyWorld {
 public:
  explicit AskingWorld(support::ModelServer::Answers answers)
      : server(std::move(answers)), client(client_for(server.configuration())) {}

  std::unique_ptr<MeteredClient> client_for(const nlohmann::json& configuration) {
    std::ofstream(folder / "models.json") << configuration.dump();
    auto catalog = models::Catalog::load(folder / "models.json");
    if (!catalog) throw std::runtime_error(catalog.error().message);
    auto endpoint = models::find_endpoint(*catalog, [](const std::string&) { return std::string("k-1"); });
    if (!endpoint) throw std::runtime_error(endpoint.error().message);
    return std::make_unique<MeteredClient>(
        Connected{*catalog, *endpoint},
        Ground{.writer = *writer, .main = *main, .clock = clock, .breaker = breaker, .project_id = "p1"},
        models::RetryPolicy{.first_ms = 1, .most_ms = 2});
  }
  base::Result<models::Answer> ask(const models::Request& request) {
    return client->ask(request, {}, base::Deadline::after_ms(60'000));
  }

  support::ModelServer server;
  models::Breaker breaker;
  std::unique_ptr<MeteredClient> client;
};

inline models::Request question(std::string text = "hi") {
  models::Request out;
  out.instructions = "rules";
  out.messages = {{models::Message::Role::user, std::move(text)}};
  out.max_output_tokens = 100;
  out.prompt_version = "test/1";
  return out;
}

}  // namespace mira::budget
