#include "knowledge/git/patch_stream.h"

#include <algorithm>
#include <charconv>

#include "platform/base/ascii.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::size_t most_parents = 32;  // of a merge whose lines are told apart

base::Status malformed() {
  return base::fail(base::ErrorCode::failed, "git wrote a patch that cannot be read.",
                    "Update git; Mira reads the log of git 2.30 and newer.");
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

// A line whose first mark opens or continues a comment; "#" of a C directive does not.
bool is_comment(std::string_view line) {
  for (std::string_view mark : {"//", "/*", "*", "\"\"\"", "--"}) {
    if (line.starts_with(mark)) return true;
  }
  if (!line.starts_with('#')) return false;
  line.remove_prefix(1);
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  for (std::string_view directive : {"if", "include", "define", "el", "endif", "undef"}) {
    if (line.starts_with(directive)) return false;
  }
  return true;
}

// "-12,3" or "-12": the numbers behind the sign; shortens `text`.
bool take_range(std::string_view& text, char sign, std::uint32_t& start, std::uint32_t& count) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(1);
  auto number = [&](std::uint32_t& value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc();
  };
  if (!number(start)) return false;
  count = 1;
  if (text.starts_with(',')) {
    text.remove_prefix(1);
    if (!number(count)) return false;
  }
  if (!text.starts_with(' ')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::vector<std::string> patch_log_arguments() {
  return {"-c",
          "core.bigFileThreshold=16m",
          "log",
          "--topo-order",
          "--reverse",
          "-z",
          "-p",
          "-c",
          "--raw",
          "-U0",
          "-M",
          "--no-color",
          "--no-ext-diff",
          "--no-textconv",
          "--full-index",
          "--no-abbrev",
          "--format=%x00%H%x00%P%x00"};
}

LineSum sum_of_line(std::string_view line) {
  LineSum out;
  std::uint64_t hash = 0xcbf29ce484222325;
  std::size_t first = line.size(), words = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (is_space(line[i])) continue;
    first = std::min(first, i);
    words += base::is_name_byte(line[i]) ? 1 : 0;
    hash = (hash ^ static_cast<unsigned char>(line[i])) * 0x100000001b3;
  }
  out.hash = hash;
  out.weight = static_cast<std::uint16_t>(std::min<std::size_t>(words, UINT16_MAX));
  out.code = first < line.size() && !is_comment(line.substr(first));
  return out;
}

base::Status PatchParser::feed(std::string_view bytes) {
  pending_.append(bytes);
  while (true) {
    bool more = MIRA_TRY(step());
    if (!more) break;
  }
  pending_.erase(0, at_);
  at_ = 0;
  return {};
}

base::Status PatchParser::finish() {
  bool whole = pending_.find_first_not_of(std::string_view("\0\n", 2), at_) == std::string::npos;
  if (!whole || old_left_ != 0 || new_left_ != 0) return malformed();
  return end_commit();
}

base::Result<bool> PatchParser::step() {
  if (at_ == pending_.size()) return false;
  switch (expect_) {
    case Expect::commit:
      return read_commit();
    case Expect::raw:
      return read_raw();
    case Expect::patch:
    case Expect::file_head:
      return read_patch_line();
    case Expect::hunk_lines:
      return read_hunk_line();
    case Expect::merge_lines:
      return read_merge_line();
  }
  return false;
}

bool PatchParser::take_until(char end, std::string_view& out) {
  std::size_t found = pending_.find(end, at_);
  if (found == std::string::npos) return false;
  out = std::string_view(pending_).substr(at_, found - at_);
  at_ = found + 1;
  return true;
}

base::Result<bool> PatchParser::read_commit() {
  if (pending_[at_] == '\0' || pending_[at_] == '\n') {
    ++at_;
    return true;
  }
  std::size_t start = at_;
  std::string_view hash, parents;
  if (!take_until('\0', hash) || !take_until('\0', parents)) {
    at_ = start;
    return false;
  }
  if (hash.size() != 40 && hash.size() != 64) return std::unexpected(malformed().error());
  MIRA_TRY(end_commit());
  open_ = true;
  commit_.hash = hash;
  for (std::string_view parent : base::split(parents, ' ')) {
    if (!parent.empty()) commit_.parents.emplace_back(parent);
  }
  expect_ = Expect::raw;
  return true;
}

base::Result<bool> PatchParser::read_raw() {
  char next = pending_[at_];
  if (next == '\n') {
    ++at_;
    return true;
  }
  if (next == '\0') {
    ++at_;
    if (!commit_.files.empty()) expect_ = Expect::patch;
    return true;
  }
  if (next != ':') {  // nothing changed: this is the next commit
    expect_ = Expect::commit;
    return true;
  }
  std::size_t start = at_;
  std::string_view meta, first, second;
  bool whole = take_until('\0', meta) && take_until('\0', first);
  bool renamed = whole && !meta.starts_with("::") && meta.find_last_of("RC") != std::string_view::npos;
  if (whole && renamed) whole = take_until('\0', second);
  if (!whole) {
    at_ = start;
    return false;
  }
  if (!add_raw(meta, first, second)) return std::unexpected(malformed().error());
  return true;
}

// ":100644 100644 OLD NEW M", or with one colon, mode and old id a parent.
bool PatchParser::add_raw(std::string_view meta, std::string_view first, std::string_view second) {
  std::size_t parents = std::min(meta.find_first_not_of(':'), meta.size());
  auto fields = base::split(meta.substr(parents), ' ');
  if (parents == 0 || fields.size() != 2 * (parents + 1) + 1 || fields.back().empty()) return false;
  FilePatch file;
  file.status = parents == 1 ? fields.back()[0] : 'M';
  for (std::size_t i = 0; i < parents; ++i) file.old_blobs.emplace_back(fields[parents + 1 + i]);
  file.blob = fields[2 * parents + 1];
  file.path = second.empty() ? first : second;
  if (!second.empty()) file.old_path = first;
  file.text = parents <= most_parents && fields[parents] != "160000" && fields[0] != "160000";
  commit_.files.push_back(std::move(file));
  return true;
}

base::Result<bool> PatchParser::read_patch_line() {
  if (pending_[at_] == '\0') {
    expect_ = Expect::commit;
    return true;
  }
  std::string_view line;
  if (!take_until('\n', line)) return false;
  if (line.starts_with("diff ")) {
    begin_file();
  } else if (line.starts_with("@@@")) {
    if (file_ == nullptr || !begin_merge_hunk(line)) return std::unexpected(malformed().error());
  } else if (line.starts_with("@@")) {
    if (file_ == nullptr || !begin_hunk(line)) return std::unexpected(malformed().error());
  } else if (expect_ == Expect::file_head) {
    head_line(line);
  }
  return true;
}

// The patches come in the order of the raw entries; a change of type is two patches of one entry.
void PatchParser::begin_file() {
  bool second_half = file_ != nullptr && file_->status == 'T' && !file_->hunks.empty();
  if (!second_half) file_ = next_file_ < commit_.files.size() ? &commit_.files[next_file_++] : nullptr;
  if (second_half) {
    file_->hunks.clear();
    file_->lines.clear();
    file_->status = 't';  // what is there now begins anew
  }
  expect_ = Expect::file_head;
}

void PatchParser::head_line(std::string_view line) {
  if (file_ == nullptr || !line.starts_with("Binary files ")) return;
  file_->text = false;
  file_->binary = true;
}

bool PatchParser::begin_hunk(std::string_view line) {
  PatchHunk hunk;
  line.remove_prefix(2);
  if (!line.starts_with(' ')) return false;
  line.remove_prefix(1);
  if (!take_range(line, '-', hunk.old_start, hunk.old_count)) return false;
  if (!take_range(line, '+', hunk.new_start, hunk.new_count)) return false;
  hunk.first = file_->lines.size();
  old_left_ = hunk.old_count;
  new_left_ = hunk.new_count;
  file_->hunks.push_back(hunk);
  expect_ = Expect::hunk_lines;
  return true;
}

// Only where the result's lines begin is taken from the header: git counts wrongly at the end of a file.
bool PatchParser::begin_merge_hunk(std::string_view line) {
  std::size_t parents = file_->old_blobs.size();
  if (line.substr(0, parents + 1).find_first_not_of('@') != std::string_view::npos) return false;
  std::size_t plus = line.find(" +");
  if (plus == std::string_view::npos) return false;
  MergeHunk hunk;
  std::string_view start = line.substr(plus + 2);
  if (std::from_chars(start.data(), start.data() + start.size(), hunk.new_start).ec != std::errc())
    return false;
  hunk.first = file_->lines.size();
  file_->merge_hunks.push_back(hunk);
  expect_ = Expect::merge_lines;
  return true;
}

base::Result<bool> PatchParser::read_hunk_line() {
  if (old_left_ == 0 && new_left_ == 0) {
    expect_ = Expect::patch;
    return true;
  }
  std::string_view line;
  if (!take_until('\n', line)) return false;
  if (line.starts_with('-') && old_left_ > 0) {
    --old_left_;
    file_->lines.push_back(sum_of_line(line.substr(1)));
  } else if (line.starts_with('+') && new_left_ > 0) {
    --new_left_;
    file_->lines.push_back(sum_of_line(line.substr(1)));
  } else if (!line.starts_with('\\')) {
    return std::unexpected(malformed().error());
  }
  return true;
}

base::Result<bool> PatchParser::read_merge_line() {
  if (std::string_view(" +-\\").find(pending_[at_]) == std::string_view::npos) {
    expect_ = Expect::patch;
    return true;
  }
  std::string_view line;
  if (!take_until('\n', line)) return false;
  if (line.starts_with('\\')) return true;
  std::size_t parents = file_->old_blobs.size();
  if (line.size() < parents) return std::unexpected(malformed().error());
  LineSum sum = sum_of_line(line.substr(parents));
  sum.lost = line.substr(0, parents).find('-') != std::string_view::npos;
  for (std::size_t i = 0; i < std::min(parents, most_parents); ++i) {
    if (line[i] == (sum.lost ? '-' : ' ')) sum.from |= std::uint32_t{1} << i;
  }
  file_->lines.push_back(sum);
  ++file_->merge_hunks.back().count;
  return true;
}

base::Status PatchParser::end_commit() {
  if (!open_) return {};
  open_ = false;
  CommitPatch done = std::move(commit_);
  commit_ = {};
  file_ = nullptr;
  next_file_ = 0;
  return on_commit_(done);
}

}  // namespace mira::git
