#include "tests/hostile/raw_objects.h"

#include "tests/hostile/hostile_trees.h"

namespace mira::hostile {

std::string raw_object(support::FakeRepo& repo, std::string_view kind, std::string_view bytes) {
  return repo.git({"hash-object", "-t", std::string(kind), "-w", "--literally", "--stdin"}, bytes);
}

std::string raw_entry(std::string_view mode, std::string_view name, std::string_view id) {
  std::string out = std::string(mode) + " " + std::string(name) + '\0';
  for (std::size_t i = 0; i + 1 < id.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(id.substr(i, 2)), nullptr, 16));
  }
  return out;
}

std::string commit_bytes(const RawCommit& commit) {
  std::string out = "tree " + commit.tree + "\n";
  for (const std::string& parent : commit.parents) out += "parent " + parent + "\n";
  return out + "author " + commit.author + "\ncommitter " + commit.committer + "\n" + commit.more + "\n" +
         commit.message;
}

std::string put_on_top(support::FakeRepo& repo, const RawCommit& commit) {
  std::string id = raw_object(repo, "commit", commit_bytes(commit));
  point_head(repo, id);
  return id;
}

void point_head(support::FakeRepo& repo, std::string_view id) {
  write_file(repo.path(".git/refs/heads/main"), std::string(id) + "\n");
}

std::string put_entries_on_top(support::FakeRepo& repo, const std::string& entries) {
  std::string tree =
      raw_object(repo, "tree", entries + raw_entry("100644", "good.c", repo.id("HEAD:good.c")));
  return put_on_top(repo, {.tree = tree, .parents = {repo.head()}});
}

}  // namespace mira::hostile
