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

namespace fs = std::filesystem;

constexpr std::int64_t most_bytes = 2 << 20;  // a larger file begins anew
constexpr std::size_t most_turn_bytes = 64 << 10;
constexpr int most_tidied = 2000;

// One line, whatever the text holds: a JSON string.
std::string as_line(std::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Conversation::Conversation(const fs::path& folder, const Event& event) {
  Speaking now{std::string(client_name(event.client)), event.session, event.folder};
  if (event.session.empty()) {
    speaking_ = std::move(now);
    return;
  }
  file_ = folder / fmt::format("{}-{}", client_name(event.client), base::content_hash(event.session));
  read();
  if (!speaking_.session.empty()) return;
  speaking_ = std::move(now);
  add('i',
      Json{{"client", speaking_.client}, {"session", speaking_.session}, {"folder", speaking_.folder}}.dump(
          -1, ' ', false, Json::error_handler_t::replace));
}

Conversation::Conversation(fs::path file) : file_(std::move(file)) {
  read();
}

void Conversation::read() {
  std::error_code absent;
  auto size = fs::file_size(file_, absent);
  too_large_ = !absent && size > static_cast<std::uintmax_t>(most_bytes);
  if (absent || too_large_) return;
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
  } else if (line[0] == 'r') {
    waiting_.clear();
  } else if (line[0] == 'c') {
    told_.clear();
    compacted_ = true;
  } else {
    apply_text(line[0], Json::parse(text, nullptr, false));
  }
}

void Conversation::apply_text(char kind, const Json& value) {
  auto member = [&](const char* name) {
    auto found = value.find(name);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (kind == 't' && value.is_string()) touched_.insert(value.get<std::string>());
  if (kind == 'w' && value.is_object()) waiting_.push_back({member("role"), member("text"), member("model")});
  if (kind == 'i' && value.is_object()) speaking_ = {member("client"), member("session"), member("folder")};
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

void Conversation::say(std::string_view role, std::string_view text, std::string_view model) {
  if (base::trim(text).empty()) return;
  waiting_.push_back({std::string(role),
                      std::string(base::truncate_utf8(guard::mask_secrets(text), most_turn_bytes)),
                      std::string(model)});
  const WaitingTurn& turn = waiting_.back();
  add('w', Json{{"role", turn.role}, {"text", turn.text}, {"model", turn.model}}.dump(
               -1, ' ', false, Json::error_handler_t::replace));
}

void Conversation::turns_recorded() {
  if (!waiting_.empty()) add('r', "recorded");
  waiting_.clear();
}

void Conversation::forget_told() {
  add('c', "compacted");
  told_.clear();
  compacted_ = true;
}

void Conversation::save() const {
  if (file_.empty() || added_.empty()) return;
  int descriptor =
      ::open(file_.c_str(),
             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (too_large_ ? O_TRUNC : 0), 0600);
  if (descriptor < 0) return;
  // A full disk costs a repetition later.
  [[maybe_unused]] ssize_t written = ::write(descriptor, added_.data(), added_.size());
  ::close(descriptor);
}

std::vector<Conversation> Conversation::with_waiting(const fs::path& folder, std::size_t most) {
  std::vector<Conversation> out;
  std::error_code error;
  int seen = 0;
  for (fs::directory_iterator at(folder, error), end; !error && at != end && seen < most_tidied;
       at.increment(error), ++seen) {
    std::error_code gone;
    if (!at->is_regular_file(gone) || gone) continue;
    Conversation one(at->path());
    if (!one.waiting_.empty() && !one.speaking_.session.empty()) out.push_back(std::move(one));
    if (out.size() == most) break;
  }
  return out;
}

void Conversation::tidy(const fs::path& folder, int days) {
  std::error_code error;
  auto oldest = fs::file_time_type::clock::now() - std::chrono::hours(24 * days);
  int seen = 0;
  for (fs::directory_iterator at(folder, error), end; !error && at != end && seen < most_tidied;
       at.increment(error), ++seen) {
    std::error_code gone;
    if (at->is_regular_file(gone) && at->last_write_time(gone) < oldest && !gone)
      fs::remove(at->path(), gone);
  }
}

}  // namespace mira::hooks
