#include "knowledge/git/log_stream.h"

#include <charconv>

#include "knowledge/git/repository.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

// Times outside the years 1970..9999 are what broken tools wrote: held to that range.
std::int64_t seconds(std::string_view digits) {
  constexpr std::int64_t last = 253402300799;
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) return digits.starts_with('-') ? 0 : last;
  return value < 0 ? 0 : value > last ? last : value;
}

base::Status malformed(std::string_view token) {
  return base::fail(
      base::ErrorCode::failed,
      "git wrote a history that cannot be read, near \"" + base::display_line(token.substr(0, 60)) + "\".",
      "Update git; Mira reads the log of git 2.30 and newer.");
}

}  // namespace

base::Status LogParser::feed(std::string_view bytes) {
  while (true) {
    std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) {
      rest_.append(bytes);
      return {};
    }
    if (rest_.empty()) {
      MIRA_TRY(token(bytes.substr(0, end)));
    } else {
      rest_.append(bytes.substr(0, end));
      std::string whole = std::move(rest_);
      rest_.clear();
      MIRA_TRY(token(whole));
    }
    bytes.remove_prefix(end + 1);
  }
}

base::Status LogParser::finish() {
  if (expect_ != Expect::commit_or_change || !rest_.empty()) {
    return base::fail(base::ErrorCode::failed, "git's history ended in the middle of a commit.",
                      "Run `mira index` again; if it stays, `git fsck` tells what is damaged.");
  }
  return hand_over();
}

base::Status LogParser::token(std::string_view token) {
  switch (expect_) {
    case Expect::commit_or_change:
      return begin(token);
    case Expect::field:
      field(token);
      return {};
    case Expect::separator:
      if (!token.empty()) return malformed(token);
      expect_ = Expect::commit_or_change;
      return {};
    case Expect::old_path:
      change_.old_path = token;
      expect_ = Expect::path;
      return {};
    case Expect::path:
      change_.path = token;
      if (commit_.changes.size() < limits::commit_files) {
        commit_.changes.push_back(std::move(change_));
      } else if (++commit_.changes_left_out > limits::tree_files) {
        return base::fail(base::ErrorCode::failed,
                          "Commit " + commit_.hash + " changes over " + std::to_string(limits::tree_files) +
                              " files, so history is left out.",
                          "Look at `git show --stat " + commit_.hash.substr(0, 12) + "`.");
      }
      expect_ = Expect::commit_or_change;
      return {};
  }
  return malformed(token);
}

base::Status LogParser::begin(std::string_view token) {
  if (token.starts_with('\n')) token.remove_prefix(1);
  if (token.starts_with(':') && open_) {
    std::size_t space = token.rfind(' ');
    if (space == std::string_view::npos || space + 1 >= token.size()) return malformed(token);
    change_ = {};
    change_.status = token[space + 1];
    bool two_paths = change_.status == 'R' || change_.status == 'C';
    expect_ = two_paths ? Expect::old_path : Expect::path;
    return {};
  }
  if (!is_full_id(token)) return malformed(token);
  MIRA_TRY(hand_over());
  open_ = true;
  commit_.hash = token;
  expect_ = Expect::field;
  field_ = 0;
  return {};
}

void LogParser::field(std::string_view token) {
  switch (field_++) {
    case 0:
      for (std::string_view parent : base::split(token, ' ')) {
        if (is_full_id(parent)) commit_.parents.emplace_back(parent);
      }
      break;
    case 1:
      commit_.author_time_s = seconds(token);
      break;
    case 2:
      commit_.commit_time_s = seconds(token);
      break;
    case 3:
      commit_.author_name = token;
      break;
    case 4:
      commit_.author_email = token;
      break;
    default:
      commit_.message = token;
      expect_ = Expect::separator;
  }
}

base::Status LogParser::hand_over() {
  if (!open_) return {};
  open_ = false;
  LoggedCommit done = std::move(commit_);
  commit_ = {};
  return on_commit_(done);
}

}  // namespace mira::git
