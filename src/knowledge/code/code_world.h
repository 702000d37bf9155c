// For tests of this folder: a project written to a temporary folder, brought into a
// real index by the real indexer (parsing in this process), and asked by the real
// actions. Calls read as "caller -> callee [tier]", places only where a test asks.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "knowledge/code/feature.h"
#include "knowledge/code/indexer.h"
#include "platform/store/migrate.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace mira::code {

class CodeWorld {
 public:
  struct File {
    std::string path, text;
  };

  using Files = std::vector<File>;

  CodeWorld() : CodeWorld(Files()) {}
  CodeWorld(std::initializer_list<File> files) : CodeWorld(Files(files)) {}
  explicit CodeWorld(const Files& files) : feature_(feature()), indexer_(make_indexer(Parsing::in_process)) {
    std::filesystem::create_directories(root());
    for (const auto& [path, text] : files) write(path, text);
    open("index");
    refresh();
  }

  std::filesystem::path root() const { return folder_ / "project"; }
  contracts::Session& session() { return *session_; }
  store::Connection& index() { return *index_; }

  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root() / path).parent_path());
    std::ofstream(root() / path, std::ios::binary) << text;
  }
  void remove(const std::string& path) { std::filesystem::remove(root() / path); }

  // Walks the folder and brings the index up to date.
  contracts::UpdateReport refresh() {
    walk();
    base::QuietProgress progress;
    auto report = indexer_->update(*session_, progress, base::Deadline::never());
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    return report.value_or(contracts::UpdateReport{});
  }
  // A minute has passed for Mira since all that was written till now.
  void let_a_minute_pass() { clock_.set_ms(base::SystemClock().now_ms() + 60'000); }
  bool is_stale() {
    walk();
    auto stale = indexer_->is_stale(*session_, base::Deadline::never());
    EXPECT_TRUE(stale);
    return stale.value_or(true);
  }

  // "caller -> callee [tier]" of every edge, sorted; with_files adds the callee's file.
  std::vector<std::string> calls(bool with_files = false) {
    std::vector<std::string> out;
    base::Status read = index_->each(
        "SELECT ifnull(a.qualified_name, '<module>'), b.qualified_name, g.tier, f.path FROM call_graph g"
        " JOIN code_elements b ON b.element_id = g.callee_id JOIN repository_files f ON f.file_id = b.file_id"
        " LEFT JOIN code_elements a ON a.element_id = g.caller_id",
        [&](const store::Row& row) {
          std::string file = with_files ? " " + std::string(row.text(3)) : "";
          out.push_back(fmt::format("{} -> {}{} [{}]", row.text(0), row.text(1), file, row.text(2)));
        });
    EXPECT_TRUE(read);
    std::sort(out.begin(), out.end());
    return out;
  }
  // "callee as written: reason or external target" of every site without a project target, sorted.
  std::vector<std::string> open_calls() {
    std::vector<std::string> out;
    base::Status read = index_->each(
        "SELECT callee_name, CASE tier WHEN 'external' THEN external ELSE rule END FROM call_graph WHERE "
        "callee_id IS NULL",
        [&](const store::Row& row) { out.push_back(fmt::format("{}: {}", row.text(0), row.text(1))); });
    EXPECT_TRUE(read);
    std::sort(out.begin(), out.end());
    return out;
  }
  // Everything the index says of symbols, calls and imports, without row ids.
  std::vector<std::string> everything();

  base::Result<contracts::Reply> ask(const std::string& name, const contracts::Json& given) {
    contracts::Registry registry;
    for (const contracts::Action& action : feature_.actions) {
      if (action.name != name) continue;
      auto arguments = contracts::check_arguments(action, given);
      if (!arguments) return std::unexpected(arguments.error());
      base::QuietProgress progress;
      contracts::Call call{
          .arguments = *arguments, .session = session_.get(), .progress = progress, .registry = registry};
      return action.handle(call);
    }
    return base::fail(base::ErrorCode::usage, "no such action");
  }

 private:
  void walk() {
    auto tree = workspace::walk(session_->project, base::Deadline::never());
    EXPECT_TRUE(tree);
    if (tree) session_->tree = std::move(*tree);
  }

  void open(const std::string& name) {
    base::Home home{folder_.path(), folder_.path(), folder_.path()};
    index_.emplace(*store::Connection::open(folder_ / (name + ".db"), {}));
    main_.emplace(*store::Connection::open(folder_ / (name + "-main.db"), {}));
    writer_ = store::Writer::start(*store::Connection::open(folder_ / (name + "-main.db"), {}));
    std::vector<store::Schema> schemas{feature_.schema};
    auto migrated = store::migrate(*index_, folder_ / (name + ".db"), schemas, store::Which::index,
                                   folder_ / "backups", clock_.now_ms());
    EXPECT_TRUE(migrated) << (migrated ? "" : migrated.error().message);
    session_.reset(new contracts::Session{.home = home,
                                          .project = *workspace::find_project(root(), home),
                                          .tree = {},
                                          .index = *index_,
                                          .main = *main_,
                                          .main_writer = *writer_,
                                          .clock = clock_});
  }

  support::TemporaryFolder folder_;
  support::FakeClock clock_;
  contracts::Feature feature_;
  std::unique_ptr<contracts::Indexer> indexer_;
  std::optional<store::Connection> index_, main_;
  std::unique_ptr<store::Writer> writer_;
  std::unique_ptr<contracts::Session> session_;
};

inline std::vector<std::string> CodeWorld::everything() {
  std::vector<std::string> out = calls(true);
  std::vector<std::string> open = open_calls();
  out.insert(out.end(), open.begin(), open.end());
  base::Status read = index_->each(
      "SELECT f.path, e.qualified_name, e.kind, e.ordinal, e.name_line, f.parse_state FROM code_elements e"
      " JOIN repository_files f USING(file_id)",
      [&](const store::Row& row) {
        out.push_back(fmt::format("{} {} {} {} {} {}", row.text(0), row.text(1), row.text(2), row.integer(3),
                                  row.integer(4), row.text(5)));
      });
  EXPECT_TRUE(read);
  read = index_->each(
      "SELECT f.path, d.name, d.kind, d.items, d.target_path FROM external_dependencies d JOIN "
      "repository_files f USING(file_id)",
      [&](const store::Row& row) {
        out.push_back(fmt::format("{} imports {} {} {} {}", row.text(0), row.text(1), row.text(2),
                                  row.text(3), row.text(4)));
      });
  EXPECT_TRUE(read);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace mira::code
