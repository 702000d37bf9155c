#include "knowledge/code/shown_texts.h"

#include <sys/stat.h>
#include <time.h>

#include <algorithm>

#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/descriptor.h"

namespace mira::code {
namespace {

constexpr std::size_t most_kept_bytes = 16 << 20;
// A secret that reaches into the lines that are shown begins and ends within this many bytes of them: no
// pattern looks further. Masking all of a large file to show ten lines of it would cost more than the search.
constexpr std::ptrdiff_t secret_reach = 32 << 10;
constexpr std::int64_t clock_step_ns = 100'000'000;  // file systems stamp in steps shorter than this

std::int64_t file_time_now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

FileText::FileText(const workspace::FileBytes& file)
    : stamp_(file.stamp),
      hash_(base::content_hash(file.bytes)),
      text_(base::repair_utf8(file.bytes)),
      lines_(base::split(text_, '\n')) {}

std::vector<std::string> FileText::masked_lines(int first, int last) const {
  if (text_.size() > most_masked_bytes) return masked_around(first, last);
  std::call_once(masked_, [this] {
    masked_text_ = guard::mask_secrets(text_);
    shown_lines_ = base::split(masked_text_, '\n');
  });
  const auto count = static_cast<int>(shown_lines_.size());  // masking keeps lines; nothing hangs on it
  return {shown_lines_.begin() + std::min(first - 1, count), shown_lines_.begin() + std::min(last, count)};
}

std::vector<std::string> FileText::masked_around(int first, int last) const {
  const auto begin = lines_.begin() + (first - 1), end = lines_.begin() + last;
  auto from = begin, to = end;
  while (from != lines_.begin() && begin->data() - from->data() < secret_reach) --from;
  while (to != lines_.end() && to->data() - std::prev(end)->data() < secret_reach) ++to;
  const auto start = static_cast<std::size_t>(from->data() - text_.data());
  std::size_t bytes = static_cast<std::size_t>(std::prev(to)->data() - from->data()) + std::prev(to)->size();
  const std::string masked = guard::mask_secrets(std::string_view(text_).substr(start, bytes));
  std::vector<std::string> shown;
  const std::vector<std::string_view> lines = base::split(masked, '\n');
  for (auto at = begin - from; at < end - from; ++at) shown.emplace_back(lines[static_cast<std::size_t>(at)]);
  return shown;
}

// The kept text, where the file still has its stamp. A link on the way leads to another file, and so to
// another stamp, unless it is the same file.
std::shared_ptr<const FileText> ShownTexts::known(const std::string& file) const {
  struct stat status{};
  if (::lstat(file.c_str(), &status) != 0) return nullptr;
  std::lock_guard guard(mutex_);
  auto found = texts_.find(file);
  bool same = found != texts_.end() && found->second->stamp() == workspace::stamp_of(status);
  return same ? found->second : nullptr;
}

base::Result<std::shared_ptr<const FileText>> ShownTexts::of(const std::filesystem::path& root,
                                                             std::string_view path) {
  const std::string file = (root / path).string();
  if (auto text = known(file)) return text;
  const std::int64_t before_ns = file_time_now_ns();
  workspace::FileBytes read = MIRA_TRY(workspace::read_file(root, path, limits::file_bytes));
  const std::int64_t written_ns = std::max(read.stamp.mtime_ns, read.stamp.ctime_ns);
  const bool settled = !read.changed_while_read && before_ns - written_ns > clock_step_ns;
  auto made = std::make_shared<const FileText>(std::move(read));
  if (!settled) return made;
  std::lock_guard guard(mutex_);
  if (bytes_ > most_kept_bytes) {
    texts_.clear();
    bytes_ = 0;
  }
  std::shared_ptr<const FileText>& place = texts_[file];
  if (place) bytes_ -= 2 * place->bytes();
  place = made;
  bytes_ += 2 * made->bytes();  // it will be masked
  return made;
}

}  // namespace mira::code
