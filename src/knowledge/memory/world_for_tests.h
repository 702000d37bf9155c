// For the tests of memory: a home of its own with a real mira.db, sessions of two
// projects on it, and the verbs called as a face would call them.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "knowledge/memory/meaning.h"
#include "platform/store/migrate.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace mira::memory {

using contracts::Json;

class World {
 public:
  explicit World(const contracts::ErrorReader& errors = {}) {
    feature = feature_with(std::make_shared<Meaning>(nullptr), errors);
    for (contracts::Action& action : feature.actions) registry.add(action);
    index_ = open("index.db", store::Which::index);
    main_ = open("mira.db", store::Which::main);
    writer_ = store::Writer::start(std::move(*open("mira.db", store::Which::main)));
  }

  contracts::Session session(const std::string& project = "one") {
    contracts::Session out{.home = {folder_.path(), folder_.path(), folder_.path()},
                           .project = {},
                           .tree = {},
                           .index = *index_,
                           .main = *main_,
                           .main_writer = *writer_,
                           .clock = clock,
                           .notes = {},
                           .head_commit = {}};
    out.project.id = project;
    out.project.root = folder_.path();
    return out;
  }

  base::Result<contracts::Reply> call(const std::string& verb, const Json& arguments,
                                      const std::string& project = "one", int input = -1) {
    const contracts::Action* action = registry.find(verb);
    EXPECT_NE(action, nullptr) << verb;
    auto checked = contracts::check_arguments(*action, arguments);
    if (!checked) return std::unexpected(checked.error());
    contracts::Session now = session(project);
    contracts::Call call{
        .arguments = *checked, .session = &now, .progress = progress_, .registry = registry, .input = input};
    return action->handle(call);
  }
  // What a verb that must succeed says.
  Json said(const std::string& verb, const Json& arguments, const std::string& project = "one") {
    auto reply = call(verb, arguments, project);
    EXPECT_TRUE(reply.has_value()) << verb << ": " << (reply ? "" : reply.error().message);
    return reply ? reply->data : Json();
  }
  // The texts that a question brings back, best first.
  std::vector<std::string> recalled(const std::string& query, const std::string& project = "one",
                                    const std::string& scope = "") {
    Json arguments = {{"query", query}};
    if (!scope.empty()) arguments["scope"] = scope;
    std::vector<std::string> out;
    const Json answer = said("recall", arguments, project);
    for (const Json& one : answer.at("results")) out.push_back(one.at("text"));
    return out;
  }
  // Messages as `mira import` reads them.
  Json import(const std::string& lines, const std::string& project = "one") {
    std::filesystem::path file = folder_.path() / "messages.jsonl";
    std::ofstream(file, std::ios::binary) << lines;
    return said("import", {{"file", file.string()}}, project);
  }
  store::Connection& main() { return *main_; }
  std::filesystem::path folder() const { return folder_.path(); }

  contracts::Feature feature;
  contracts::Registry registry;
  support::FakeClock clock;

 private:
  std::unique_ptr<store::Connection> open(const char* name, store::Which which) {
    auto opened = store::Connection::open(folder_.path() / name, {.secure_delete = true});
    EXPECT_TRUE(opened.has_value());
    auto connection = std::make_unique<store::Connection>(std::move(*opened));
    std::array schemas{feature.schema};
    auto migrated =
        store::migrate(*connection, folder_.path() / name, schemas, which, folder_.path() / "backups", 1);
    EXPECT_TRUE(migrated.has_value()) << (migrated ? "" : migrated.error().message);
    return connection;
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<store::Connection> index_, main_;
  std::unique_ptr<store::Writer> writer_;
  base::QuietProgress progress_;
};

}  // namespace mira::memory
