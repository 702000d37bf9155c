#include "platform/workspace/watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_set>

namespace mira::workspace {
namespace {

constexpr std::uint32_t events = IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                 IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR |
                                 IN_DONT_FOLLOW | IN_EXCL_UNLINK;
constexpr std::int64_t slice_ms = 200;  // a deadline's cancel flag is looked at this often

// True when there is something to read before the deadline.
bool is_readable(int descriptor, base::Deadline deadline) {
  while (!deadline.expired()) {
    pollfd waiting{descriptor, POLLIN, 0};
    auto left = static_cast<int>(std::min(deadline.remaining_ms(), slice_ms));
    if (::poll(&waiting, 1, left) > 0) return true;
  }
  return false;
}

std::unordered_set<std::string> folders_of(const Project& project, const Tree& tree) {
  std::unordered_set<std::string> out{project.root.string()};
  for (const File& file : tree.files) {
    std::string_view path = file.path;
    for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
      path = path.substr(0, slash);
      if (!out.insert((project.root / path).string()).second) break;
    }
  }
  if (!project.is_git) return out;
  for (const auto& folder : {project.git_dir, project.common_dir, project.common_dir / "refs" / "heads"})
    out.insert(folder.string());
  return out;
}

}  // namespace

base::Result<std::unique_ptr<Watch>> Watch::start(WatchOptions options) {
  int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0 && errno != EMFILE && errno != ENFILE && errno != ENOMEM)
    return base::fail(base::ErrorCode::unavailable, "this system cannot watch folders",
                      "run `mira index` when files changed");
  std::unique_ptr<Watch> out(new Watch(descriptor, options));
  out->polling_ = descriptor < 0;
  return out;
}

Watch::~Watch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int Watch::add(const std::string& folder) {
  int watch = ::inotify_add_watch(descriptor_, folder.c_str(), events);
  // A folder that is gone again is no reason to poll; one that may not be watched is.
  if (watch < 0 && errno != ENOENT && errno != ENOTDIR) polling_ = true;
  return watch;
}

bool Watch::follow(const Project& project, const Tree& tree) {
  std::unordered_set<std::string> wanted = folders_of(project, tree);
  return follow(std::vector<std::string>(wanted.begin(), wanted.end()));
}

// Every folder is added again, for a watch follows the folder and not its name: of one that was moved and
// made anew the kernel gives another watch, of all others the same.
bool Watch::follow(const std::vector<std::string>& folders) {
  if (descriptor_ < 0) return false;
  std::unordered_set<int> before, now;
  for (const auto& [folder, watch] : watches_) before.insert(watch);
  watches_.clear();
  polling_ = std::ssize(folders) > options_.most_folders;
  for (const std::string& folder : folders) {
    if (std::ssize(watches_) >= options_.most_folders) break;
    int watch = add(folder);
    if (watch < 0) continue;
    watches_.emplace(folder, watch);
    now.insert(watch);
  }
  for (int watch : before)
    if (!now.contains(watch)) ::inotify_rm_watch(descriptor_, watch);
  return std::ranges::any_of(now, [&](int watch) { return !before.contains(watch); });
}

bool Watch::told() {
  if (polling_ || descriptor_ < 0) return true;
  bool overflow = false;
  return read_events(overflow) || overflow;
}

// Takes what is there; false when nothing was. A folder that is gone loses its watch by itself.
bool Watch::read_events(bool& overflow) {
  alignas(inotify_event) std::array<char, 64 << 10> buffer;
  bool any = false;
  while (true) {
    ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return any;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event)) + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) overflow = true;
      if ((event->mask & IN_IGNORED) != 0) {
        std::erase_if(watches_, [&](const auto& one) { return one.second == event->wd; });
        continue;
      }
      any = true;
    }
  }
}

Wake Watch::wait(base::Deadline deadline) {
  bool overflow = false;
  base::Deadline look = polling_ ? deadline.within_ms(options_.poll_ms) : deadline;
  while (true) {
    bool ready = descriptor_ >= 0 && is_readable(descriptor_, look);
    if (descriptor_ < 0)
      while (!look.expired()) ::poll(nullptr, 0, static_cast<int>(std::min(look.remaining_ms(), slice_ms)));
    if (!ready) return deadline.expired() ? Wake::ended : Wake::poll;
    if (read_events(overflow) || overflow) break;
  }
  base::Deadline burst = deadline.within_ms(options_.burst_ms);
  while (is_readable(descriptor_, burst.within_ms(options_.settle_ms))) {
    read_events(overflow);
    if (burst.expired()) break;
  }
  return overflow ? Wake::overflow : Wake::changed;
}

}  // namespace mira::workspace
