#include "knowledge/git/blobs.h"

#include <algorithm>
#include <charconv>

#include "platform/base/text.h"

namespace mira::git {
namespace {

// Takes `cat-file --batch` apart as it comes: "<id> blob <size>\n<bytes>\n", or "<id> missing\n".
class BlobReader {
 public:
  explicit BlobReader(std::int64_t limit) : limit_(limit) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) bytes.remove_prefix(left_ > 0 ? take_content(bytes) : take_head(bytes));
  }

  std::unordered_map<std::string, std::string> blobs_;

 private:
  std::size_t take_content(std::string_view bytes) {
    auto count = std::min(bytes.size(), static_cast<std::size_t>(left_));
    if (keep_) content_.append(bytes.substr(0, count));
    left_ -= static_cast<std::int64_t>(count);
    if (left_ == 0 && keep_) {
      content_.pop_back();  // the newline behind the content
      blobs_[id_] = std::move(content_);
    }
    return count;
  }

  std::size_t take_head(std::string_view bytes) {
    std::size_t end = bytes.find('\n');
    head_.append(bytes.substr(0, end));
    if (end == std::string_view::npos) return bytes.size();
    auto fields = base::split(head_, ' ');
    std::int64_t size = 0;
    if (fields.size() == 3 && is_full_id(fields[0])) {
      std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), size);
      id_ = fields[0];
      keep_ = fields[1] == "blob" && size <= limit_;
      left_ = size + 1;
      content_.clear();
    }
    head_.clear();
    return end + 1;
  }

  std::int64_t limit_, left_ = 0;
  bool keep_ = false;
  std::string head_, id_, content_;
};

}  // namespace

base::Result<std::unordered_map<std::string, std::string>> read_blobs(const Shadow& shadow,
                                                                      const std::vector<std::string>& ids,
                                                                      std::int64_t limit_bytes,
                                                                      base::Deadline deadline) {
  std::string wanted;
  for (const std::string& id : ids) {
    if (is_full_id(id)) wanted += id + "\n";
  }
  BlobReader reader(limit_bytes);
  if (wanted.empty()) return std::move(reader.blobs_);
  MIRA_TRY(shadow.stream({"cat-file", "--batch"}, deadline, wanted, [&](std::string_view chunk) {
    reader.feed(chunk);
    return true;
  }));
  return std::move(reader.blobs_);
}

}  // namespace mira::git
