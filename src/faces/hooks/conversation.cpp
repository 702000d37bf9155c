#include "faces/hooks/conversation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::hooks {
namespace {

constexpr std::int64_t most_bytes = 1 << 20;
constexpr std::size_t most_prompt_bytes = 16 << 10;
constexpr int most_tidied = 2000;

// One line, whatever the text holds: a JSON string.
std::string as_line(std::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Conversation::Conversation(const std::filesystem::path& folder, const Event& event) {
  if (event.session.empty()) return;
  file_ = folder / fmt::format("{}-{}", client_name(event.client), base::content_hash(event.session));
  std::error_code absent;
  auto size = std::filesystem::file_size(file_, absent);
  if (absent || size > static_cast<std::uintmax_t>(most_bytes)) return;
  std::ifstream in(file_, std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (std::string_view line : base::split(all, '\n')) apply(line);
}

std::uint64_t Conversation::key(std::string_view item) {
  return base::hash64(item);
}

void Conversation::apply(std::string_view line) {
  if (line.size() < 3) return;
  std::string_view text = line.substr(2);
  if (line[0] == 's') {
    std::uint64_t hash = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
    if (error == std::errc()) told_.insert(hash);
    return;
  }
  Json value = Json::parse(text, nullptr, false);
  if (line[0] == 't' && value.is_string()) touched_.insert(value.get<std::string>());
  if (line[0] == 'p' && value.is_string()) prompts_.push_back(value.get<std::string>());
  if (line[0] == 'r') prompts_.clear();
  if (line[0] == 'c') told_.clear();
}

void Conversation::add(char kind, std::string_view text) {
  added_ += fmt::format("{} {}\n", kind, text);
}

void Conversation::tell(std::string_view item) {
  if (told_.insert(key(item)).second) add('s', fmt::format("{:x}", key(item)));
}

void Conversation::touch(const std::string& path) {
  if (touched_.insert(path).second) add('t', as_line(path));
}

void Conversation::ask(const std::string& prompt) {
  prompts_.push_back(guard::mask_secrets(base::truncate_utf8(prompt, most_prompt_bytes)));
  add('p', as_line(prompts_.back()));
}

void Conversation::prompts_recorded() {
  if (!prompts_.empty()) add('r', "recorded");
  prompts_.clear();
}

void Conversation::forget_told() {
  if (!told_.empty()) add('c', "compacted");
  told_.clear();
}

void Conversation::save() const {
  if (file_.empty() || added_.empty()) return;
  int descriptor = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return;
  // A full disk costs a repetition later.
  [[maybe_unused]] ssize_t written = ::write(descriptor, added_.data(), added_.size());
  ::close(descriptor);
}

void Conversation::tidy(const std::filesystem::path& folder, int days) {
  std::error_code error;
  auto oldest = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * days);
  int seen = 0;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end && seen < most_tidied;
       at.increment(error), ++seen) {
    std::error_code gone;
    if (at->is_regular_file(gone) && at->last_write_time(gone) < oldest && !gone)
      std::filesystem::remove(at->path(), gone);
  }
}

}  // namespace mira::hooks
