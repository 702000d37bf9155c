// For the oracle's tests: a session over databases in a temporary folder, sources
// made of a lambda, and a factory that counts what it made.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "oracle/gather.h"

namespace mira::oracle {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mira-oracle-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A session and the connections it borrows.
class WorldSession : public OwnedSession {
 public:
  explicit WorldSession(const std::filesystem::path& folder)
      : index_(open(folder / "index.db")),
        main_(open(folder / "mira.db")),
        writer_(store::Writer::start(open(folder / "mira.db"))),
        session_{.home = {},
                 .project = {},
                 .tree = {},
                 .index = index_,
                 .main = main_,
                 .main_writer = *writer_,
                 .clock = clock_,
                 .notes = {},
                 .head_commit = "1a2b3c4d5e6f7a8b9c0d"} {}
  contracts::Session& session() override { return session_; }

 private:
  static store::Connection open(const std::filesystem::path& file) {
    auto opened = store::Connection::open(file, {});
    EXPECT_TRUE(opened.has_value());
    return std::move(*opened);
  }
  store::Connection index_, main_;
  std::unique_ptr<store::Writer> writer_;
  base::SystemClock clock_;
  contracts::Session session_;
};

class WorldFactory : public SessionFactory {
 public:
  explicit WorldFactory(std::filesystem::path folder) : folder_(std::move(folder)) {}
  base::Result<std::unique_ptr<OwnedSession>> make(const contracts::Session& like) override {
    if (refuse || made == most) {
      ++refused;
      refused.notify_all();
      return base::fail(base::ErrorCode::unavailable, "the store is away");
    }
    ++made;
    auto session = std::make_unique<WorldSession>(folder_);
    session->session().tree = like.tree;
    return session;
  }
  int made = 0, most = std::numeric_limits<int>::max();
  bool refuse = false;
  std::atomic<int> refused = 0;

 private:
  std::filesystem::path folder_;
};

class LambdaSource : public contracts::Source {
 public:
  using Pieces = base::Result<std::vector<contracts::Evidence>>;
  using Gather = std::function<Pieces(contracts::Session&, const contracts::Question&, base::Deadline)>;
  using Prepare = std::function<base::Status(contracts::Question&)>;

  LambdaSource(std::string name, contracts::Stage stage, Gather gather, Prepare prepare = {})
      : name_(std::move(name)), stage_(stage), gather_(std::move(gather)), prepare_(std::move(prepare)) {}
  std::string_view name() const override { return name_; }
  contracts::Stage stage() const override { return stage_; }
  base::Status prepare(contracts::Session&, contracts::Question& question, base::Deadline) override {
    return prepare_ ? prepare_(question) : base::Status{};
  }
  Pieces gather(contracts::Session& session, const contracts::Question& question,
                base::Deadline deadline) override {
    return gather_(session, question, deadline);
  }

 private:
  std::string name_;
  contracts::Stage stage_;
  Gather gather_;
  Prepare prepare_;
};

}  // namespace mira::oracle
