// A project with its stores around a FakeRepo, for the tests of this folder: what
// app makes for a real command, opened anew by refresh() as each command does.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "contracts/feature.h"
#include "knowledge/git/feature.h"
#include "platform/store/migrate.h"
#include "platform/workspace/tree.h"
#include "tests/support/fake_repo.h"

namespace mira::git {

store::Schema schema();

// Wall time that a test sets; starts as the real one, so that file stamps are in its past.
class TestClock : public base::Clock {
 public:
  std::int64_t now_ms() const override { return fixed_ms != 0 ? fixed_ms : base::SystemClock().now_ms(); }
  std::int64_t fixed_ms = 0;
};

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}
inline void must(const base::Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

class World {
 public:
  explicit World(support::FakeRepo::Objects objects = support::FakeRepo::Objects::sha1) : repo(objects) {
    home.data = repo.root().parent_path() / "mira";
    home.state = home.cache = home.data;
    open(repo.root());
  }

  // Opens the project at a folder (a linked work tree, a clone) instead of the repository's own.
  void open(const std::filesystem::path& folder) {
    session.reset();
    project = must(workspace::find_project(folder, home));
    must(base::make_private_folder(project.data));
    index = open_store(project.data / "index.db", store::Which::index);
    main = open_store(home.data / "mira.db", store::Which::main);
    writer = store::Writer::start(must(store::Connection::open(home.data / "mira.db", {})));
  }

  // A session as a command opens it: the tree walked now.
  contracts::Session& fresh_session() {
    auto tree = must(workspace::walk(project, base::Deadline::never()));
    session = std::make_unique<contracts::Session>(
        contracts::Session{home, project, std::move(tree), *index, *main, *writer, clock, {}});
    return *session;
  }

  // Brings the index up to date, whether or not it says it is stale.
  contracts::UpdateReport refresh() {
    base::QuietProgress quiet;
    return must(feature.indexer->update(fresh_session(), quiet, base::Deadline::never()));
  }
  contracts::UpdateReport refresh_later() {
    base::QuietProgress quiet;
    return must(feature.indexer->update_later(fresh_session(), quiet, base::Deadline::never()));
  }
  bool is_stale() { return must(feature.indexer->is_stale(fresh_session(), base::Deadline::never())); }

  // Runs an action of the feature with arguments as a face would complete them.
  base::Result<contracts::Json> act(std::string_view name, const contracts::Json& given, bool batch = false) {
    for (const contracts::Action& action : feature.actions) {
      if (action.name != name) continue;
      contracts::Json arguments = must(contracts::check_arguments(action, given));
      base::QuietProgress quiet;
      contracts::Registry registry;
      contracts::Call call{.arguments = arguments,
                           .session = &fresh_session(),
                           .progress = quiet,
                           .registry = registry,
                           .batch = batch};
      auto reply = action.handle(call);
      if (!reply) return std::unexpected(reply.error());
      return reply->data;
    }
    throw std::runtime_error("no such action");
  }

  // Makes the index anew, as if it had been deleted.
  void forget() {
    index.reset();
    for (const char* file : {"index.db", "index.db-wal", "index.db-shm"}) {
      std::filesystem::remove(project.data / file);
    }
    open(project.root);
  }

  support::FakeRepo repo;
  base::Home home;
  workspace::Project project;
  TestClock clock;
  std::unique_ptr<store::Connection> index, main;
  std::unique_ptr<store::Writer> writer;
  std::unique_ptr<contracts::Session> session;
  contracts::Feature feature = git::feature();

 private:
  std::unique_ptr<store::Connection> open_store(const std::filesystem::path& file, store::Which which) {
    auto connection = std::make_unique<store::Connection>(must(store::Connection::open(file, {})));
    store::Schema schemas[] = {git::schema()};
    must(store::migrate(*connection, file, schemas, which, home.data / "backups", 0));
    return connection;
  }
};

}  // namespace mira::git
