// For this folder's tests: a project made of files in a temporary folder, with its
// two databases, walked and indexed as the program does it.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "contracts/feature.h"
#include "knowledge/projects/feature.h"
#include "tests/support/fake_clock.h"

namespace mira::projects {

class TestProject {
 public:
  TestProject() : folder_(make_folder()), root_(folder_ / "app") {
    std::filesystem::create_directories(root_);
    home_.data = folder_ / "data";
    std::filesystem::create_directories(home_.data);
    index_ = open("index.db", store::Which::index);
    main_ = open("mira.db", store::Which::main);
    writer_ = store::Writer::start(std::move(*open("mira.db", store::Which::main)));
  }
  ~TestProject() {
    writer_.reset();
    std::filesystem::remove_all(folder_);
  }
  TestProject(const TestProject&) = delete;
  TestProject& operator=(const TestProject&) = delete;

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  void remove(const std::string& path) { std::filesystem::remove(root_ / path); }
  std::filesystem::path outside(const std::string& name) const { return folder_ / name; }
  const std::filesystem::path& root() const { return root_; }

  // A session on what is on disk now.
  contracts::Session session() {
    auto project = workspace::find_project(root_, home_);
    EXPECT_TRUE(project.has_value());
    auto tree = workspace::walk(*project, base::Deadline::never());
    EXPECT_TRUE(tree.has_value());
    return {.home = home_,
            .project = *project,
            .tree = std::move(*tree),
            .index = *index_,
            .main = *main_,
            .main_writer = *writer_,
            .clock = clock,
            .notes = {},
            .head_commit = {}};
  }
  bool is_stale() {
    contracts::Session now = session();
    auto stale = feature_.indexer->is_stale(now, base::Deadline::never());
    EXPECT_TRUE(stale.has_value());
    return stale.value_or(false);
  }
  contracts::UpdateReport update() {
    contracts::Session now = session();
    auto report = feature_.indexer->update(now, progress_, base::Deadline::never());
    EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().message);
    return report.value_or(contracts::UpdateReport{});
  }
  std::vector<contracts::Evidence> gather(const contracts::Question& question) {
    contracts::Session now = session();
    auto pieces = feature_.sources.at(0)->gather(now, question, base::Deadline::never());
    EXPECT_TRUE(pieces.has_value());
    return pieces.value_or(std::vector<contracts::Evidence>{});
  }
  contracts::Feature& feature() { return feature_; }

  support::FakeClock clock;

 private:
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mira-projects-XXXXXX").string();
    return std::filesystem::canonical(::mkdtemp(pattern.data()));
  }
  std::unique_ptr<store::Connection> open(const char* name, store::Which which) {
    auto opened = store::Connection::open(folder_ / name, {});
    EXPECT_TRUE(opened.has_value());
    auto connection = std::make_unique<store::Connection>(std::move(*opened));
    std::array schemas{feature_.schema};
    auto migrated = store::migrate(*connection, folder_ / name, schemas, which, folder_ / "backups", 1);
    EXPECT_TRUE(migrated.has_value()) << (migrated ? "" : migrated.error().message);
    return connection;
  }

  std::filesystem::path folder_, root_;
  base::Home home_;
  contracts::Feature feature_ = projects::feature();
  std::unique_ptr<store::Connection> index_, main_;
  std::unique_ptr<store::Writer> writer_;
  base::QuietProgress progress_;
};

}  // namespace mira::projects
