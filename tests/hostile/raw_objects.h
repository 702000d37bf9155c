// Git objects as bytes, so that they can be wrong in any way: git writes them down
// without looking ("--literally").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/fake_repo.h"

namespace mira::hostile {

std::string raw_object(support::FakeRepo& repo, std::string_view kind, std::string_view bytes);
// One entry of a tree: "100644", a name of any bytes, an id.
std::string raw_entry(std::string_view mode, std::string_view name, std::string_view id);
// The bytes of a commit; `more` stands in its header, with its newlines.
struct RawCommit {
  std::string tree;
  std::vector<std::string> parents;
  std::string author = "Eve <eve@example.org> 1704200000 +0000";
  std::string committer = "Eve <eve@example.org> 1704200000 +0000";
  std::string more = {};
  std::string message = "hostile\n";
};
std::string commit_bytes(const RawCommit& commit);
// Writes it and makes it HEAD of the branch, whatever it is.
std::string put_on_top(support::FakeRepo& repo, const RawCommit& commit);
void point_head(support::FakeRepo& repo, std::string_view id);
// A commit above HEAD whose tree is good.c and these entries.
std::string put_entries_on_top(support::FakeRepo& repo, const std::string& entries);

}  // namespace mira::hostile
