// A real git repository in a temporary folder, made from a few lines of a test.
// git runs with a closed environment (no user or system configuration, fixed
// identity, fixed dates), so the same lines give the same commit ids everywhere.
// Each commit is an hour after the one before unless it says otherwise. What git
// refuses throws std::runtime_error with git's own words: the test fails there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mira::support {

// A commit as data: what changes, who, when.
struct FakeCommit {
  std::string message = "change";
  std::vector<std::pair<std::string, std::string>> files = {};    // path, new content
  std::vector<std::pair<std::string, std::string>> renames = {};  // old path, new path
  std::vector<std::string> removed = {};
  std::string author = "Ada <ada@example.org>";
  std::int64_t time_s = 0;  // author and committer time, Unix seconds; 0: an hour after the last one
};

class FakeRepo {
 public:
  enum class Objects { sha1, sha256 };

  explicit FakeRepo(Objects objects = Objects::sha1);
  ~FakeRepo();  // removes the folder
  FakeRepo(const FakeRepo&) = delete;
  FakeRepo& operator=(const FakeRepo&) = delete;

  const std::filesystem::path& root() const { return root_; }  // the work tree, absolute, no links
  std::filesystem::path path(std::string_view relative) const { return root_ / relative; }

  // The work tree, without a commit.
  void write(std::string_view path, std::string_view content);
  void remove(std::string_view path);
  void rename(std::string_view from, std::string_view to);

  // Everything in the work tree as a commit (empty ones too). Returns its id.
  std::string commit(std::string_view message);
  // Applies the change to the work tree, then commits it.
  std::string commit(const FakeCommit& change);

  void branch(std::string_view name);        // makes it here and moves onto it
  void checkout(std::string_view name);      // a branch, or a commit (detached)
  std::string merge(std::string_view name);  // always a merge commit; ours wins a conflict
  void reset(std::string_view revision);     // --hard: history is rewritten from here
  std::string head() { return git({"rev-parse", "HEAD"}); }
  std::string id(std::string_view revision) { return git({"rev-parse", std::string(revision)}); }

  // Many commits at once: a `git fast-import` stream onto refs/heads/main, then the work tree follows.
  void import(std::string_view fast_import_stream);

  // Any git command in the work tree; standard output without its last newline.
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {});

 private:
  std::filesystem::path folder_;  // holds the work tree and an empty home
  std::filesystem::path root_;
  std::string author_ = "Ada <ada@example.org>";
  std::int64_t now_s_ = 1704110400;  // 2024-01-01 12:00 UTC
};

}  // namespace mira::support
