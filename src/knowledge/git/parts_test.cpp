// The small parts that have no story of their own.
#include <gtest/gtest.h>

#include "knowledge/git/blobs.h"
#include "knowledge/git/checks.h"
#include "knowledge/git/file_identity.h"
#include "knowledge/git/head_tree.h"
#include "knowledge/git/messages.h"
#include "knowledge/git/name_words.h"
#include "knowledge/git/repository_config.h"
#include "knowledge/git/stamps.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using Words = std::vector<std::string>;

TEST(NameWords, SplitsTheStemAtCaseDigitsAndSigns) {
  EXPECT_EQ(name_words("src/HTTPParser_test.cc"), (Words{"http", "parser"}));
  EXPECT_EQ(name_words("a/b/utf8-decode.min.js"), (Words{"8", "decode", "utf"}));
  EXPECT_EQ(name_words("x/index.ts"), Words{});
  EXPECT_EQ(name_words(".gitignore"), Words{"gitignore"});
  EXPECT_EQ(name_words("fooFoo.c"), Words{"foo"});
}

TEST(NameWords, FolderOfAPath) {
  EXPECT_EQ(folder_of("src/a/b.c"), "src/a");
  EXPECT_EQ(folder_of("b.c"), "");
}

TEST(RepositoryConfig, ReadsSectionsSubsectionsAndQuotes) {
  auto entries = parse_config(
      "# note\n[core]\n\tbare = false ; note\n[extensions] objectFormat = sha256\n[remote \"o ri\"]\n "
      "promisor\n"
      "[user]\n\temail = \"a;b\\\"@x\"\n[include]\npath = /etc/passwd\n");
  EXPECT_EQ(config_value(entries, "core.bare"), "false");
  EXPECT_EQ(config_value(entries, "extensions.objectformat"), "sha256");
  EXPECT_TRUE(config_true(entries, "remote.promisor"));
  EXPECT_EQ(config_value(entries, "user.email"), "a;b\"@x");
  EXPECT_FALSE(config_value(entries, "user.name"));
}

TEST(RepositoryConfig, TakesAnyBytes) {
  for (const char* text : {"[", "[]", "=", "[a", "[a]=", "[a \"", "]]]]", "[a]\nb = \"\\"})
    parse_config(text);
}

TEST(Message, FirstParagraphIsTheSubject) {
  Message message = clean_message("Fix it\nfor good\n\nBecause.\n\nMore.\n");
  EXPECT_EQ(message.subject, "Fix it for good");
  EXPECT_EQ(message.body, "Because.\n\nMore.");
  EXPECT_EQ(clean_message("").subject, "");
}

TEST(Message, BytesBecomeText) {
  EXPECT_EQ(clean_message("caf\xe9").subject, "caf\xef\xbf\xbd");
  EXPECT_LE(clean_message(std::string(1 << 20, 'x')).subject.size(), 64u << 10);
}

TEST(Message, ASecretWhereItIsCutLeavesNoPieceBehind) {
  std::string secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
  std::string before = "s\n\n" + std::string((64u << 10) - 25, ' ');
  before.back() = '\n';
  Message message = clean_message(before + secret);
  EXPECT_EQ(message.body.find("ghp_"), std::string::npos) << message.body;
}

TEST(Message, PartsOfIdentifiersAreSearchable) {
  EXPECT_EQ(searchable("use parseHTTP now"), "use parseHTTP now parse http");
  EXPECT_EQ(searchable("plain words"), "plain words");
}

Commit add_commit(History& history, std::vector<Change> changes, bool merge = false) {
  Commit commit;
  commit.commit_id = static_cast<std::int64_t>(history.commits.size() + 1);
  commit.order_time_s = 1'700'000'000 + commit.commit_id * 3600;
  commit.author_time_s = commit.order_time_s - 50;
  commit.generation = static_cast<std::uint32_t>(commit.commit_id);
  commit.author_id = 3;
  commit.merge = merge;
  commit.hash.bytes[0] = static_cast<std::uint8_t>(commit.commit_id);
  commit.first_change = static_cast<std::uint32_t>(history.changes.size());
  commit.change_count = static_cast<std::uint32_t>(changes.size());
  history.changes.insert(history.changes.end(), changes.begin(), changes.end());
  history.commits.push_back(commit);
  return commit;
}

TEST(HistorySegment, WhatIsEncodedIsDecoded) {
  History history;
  add_commit(history, {{.path = 900, .status = 'A'}, {.path = 3, .status = 'M'}});
  add_commit(history, {}, true);
  add_commit(history, {{.path = 7, .old_path = 900, .status = 'R'}});
  std::string bytes = encode_segment(history, 0, 3);
  History decoded;
  must(decode_segment(bytes, decoded));
  ASSERT_EQ(decoded.commits.size(), 3u);
  EXPECT_EQ(encode_segment(decoded, 0, 3), bytes);
  EXPECT_TRUE(decoded.commits[1].merge);
  EXPECT_EQ(decoded.changes[2].old_path, 900u);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    History partial;
    EXPECT_FALSE(decode_segment(std::string_view(bytes).substr(0, cut), partial)) << cut;
  }
}

TEST(FileIdentities, FilesThatSwapNamesKeepTheirIdentities) {
  History history;
  FileIdentities files;
  files.apply(history, add_commit(history, {{.path = 1, .status = 'A'}, {.path = 2, .status = 'A'}}));
  files.apply(history, add_commit(history, {{.path = 1, .old_path = 2, .status = 'R'},
                                            {.path = 2, .old_path = 1, .status = 'R'}}));
  EXPECT_EQ(files.at_path(1), 1u);
  EXPECT_EQ(files.at_path(2), 0u);
}

TEST(FileIdentities, APathBornAgainGoesOn) {
  History history;
  FileIdentities files;
  files.apply(history, add_commit(history, {{.path = 1, .status = 'A'}}));
  files.apply(history, add_commit(history, {{.path = 1, .status = 'D'}}));
  EXPECT_FALSE(files.alive(0));
  files.apply(history, add_commit(history, {{.path = 1, .status = 'A'}}));
  EXPECT_TRUE(files.alive(0));
  EXPECT_EQ(files.size(), 1u);
}

TEST(FileIdentities, AnOldBranchsEditOfAMovedFileBelongsToIt) {
  History history;
  FileIdentities files;
  files.apply(history, add_commit(history, {{.path = 1, .status = 'A'}}));
  files.apply(history, add_commit(history, {{.path = 2, .old_path = 1, .status = 'R'}}));
  auto ids = files.apply(history, add_commit(history, {{.path = 1, .status = 'M'}}));
  EXPECT_EQ(ids[0], 0u);
  EXPECT_EQ(files.path_of(0), 2u);
}

TEST(StampTable, WhatIsEncodedIsDecoded) {
  StampTable table;
  table.add("a b\n", {1, 2, 3, 4}, std::string(20, '\0'));
  table.add("c", {5, 6, 7, 8}, std::string(32, 'x'));
  StampTable decoded = must(StampTable::decode(table.encode()));
  EXPECT_EQ(decoded.id_of("c", {5, 6, 7, 8}), std::string(32, 'x'));
  EXPECT_EQ(decoded.id_of("c", {5, 6, 7, 9}), "");
  EXPECT_EQ(decoded.encode(), table.encode());
  EXPECT_FALSE(StampTable::decode(table.encode().substr(0, 40)));
}

TEST(Blobs, AreReadByIdAndMissingOnesLeftOut) {
  World world;
  world.repo.commit({.files = {{"a", "one\n"}, {"b", ""}, {"c", std::string(100, 'x')}}});
  Shadow shadow = must(Shadow::open(world.project, must(read_repository(world.project))));
  std::string a = world.repo.id("HEAD:a"), b = world.repo.id("HEAD:b"), c = world.repo.id("HEAD:c");
  auto blobs =
      must(read_blobs(shadow, {a, std::string(40, '0'), b, c, "no id"}, 50, base::Deadline::never()));
  ASSERT_EQ(blobs.size(), 2u);
  EXPECT_EQ(blobs[a], "one\n");
  EXPECT_EQ(blobs[b], "");
}

TEST(HeadTree, KnowsKindsAndIds) {
  World world;
  world.repo.commit({.files = {{"dir/a", "one\n"}, {"dir.c", "2\n"}}});
  Shadow shadow = must(Shadow::open(world.project, must(read_repository(world.project))));
  HeadTree tree = must(HeadTree::read(shadow, base::Deadline::never()));
  ASSERT_EQ(tree.entries().size(), 2u);
  EXPECT_EQ(tree.id_of("dir/a"), world.repo.id("HEAD:dir/a"));
  EXPECT_EQ(tree.id_of("dir"), "");
}

TEST(Checks, TellHowFarTheHistoryWasRead) {
  World world;
  world.repo.commit({.files = {{"a", "1\n"}}});
  world.refresh();
  auto findings = check_history(world.fresh_session());
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message, "read up to commit " + world.repo.head().substr(0, 12));
  auto facts = must(history_facts(world.fresh_session()));
  EXPECT_EQ(facts["commits"], 1);
  EXPECT_EQ(facts["head"], world.repo.head());
}

}  // namespace
}  // namespace mira::git
