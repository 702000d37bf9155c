#include "app/opened.h"

#include <sys/stat.h>

#include <algorithm>

namespace mira::app {
namespace {

constexpr std::size_t most_idle = 16;  // of a server that many projects are asked of

struct Identity {
  std::uint64_t device = 0, inode = 0;
};

Identity identity_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

}  // namespace

Kept kept(store::Connection connection, const std::filesystem::path& file, store::Access access) {
  const Identity identity = identity_of(file);
  return {std::move(connection), file, access, identity.device, identity.inode};
}

base::Result<Kept> open_kept_reader(const std::filesystem::path& file, store::Durability durability) {
  const Identity before = identity_of(file);
  Kept out = kept(MIRA_TRY(open_reader(file, durability)), file, store::Access::read_only);
  if (before.device != out.device || before.inode != out.inode) out.file.clear();
  return out;
}

std::optional<Kept> IdleConnections::take(const std::filesystem::path& file, store::Access access) {
  const Identity now = identity_of(file);
  std::lock_guard guard(mutex_);
  std::erase_if(idle_, [&](const Kept& one) {
    return one.file == file && (one.device != now.device || one.inode != now.inode);
  });
  auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                            [&](const Kept& one) { return one.file == file && one.access == access; });
  if (found == idle_.rend()) return std::nullopt;
  Kept out = std::move(*found);
  idle_.erase(std::next(found).base());
  return out;
}

void IdleConnections::give_back(Kept connection) {
  if (connection.file.empty() || connection.connection.in_transaction()) return;
  connection.connection.set_deadline(base::Deadline::never());
  std::lock_guard guard(mutex_);
  if (idle_.size() == most_idle) idle_.erase(idle_.begin());
  idle_.push_back(std::move(connection));
}

Opened::Opened(Kept main, IdleConnections& idle, store::Writer& writer, Kept index, base::Home home,
               workspace::Project project, workspace::Tree tree, const base::Clock& clock)
    : main_(std::move(main)),
      idle_(&idle),
      index_(std::move(index)),
      session_{.home = std::move(home),
               .project = std::move(project),
               .tree = std::move(tree),
               .index = index_.connection,
               .main = main_.connection,
               .main_writer = writer,
               .clock = clock} {}

Opened::Opened(store::Connection main, store::Writer& writer, store::Connection index,
               const contracts::Session& beside)
    : main_{std::move(main), {}},
      index_{std::move(index), {}},
      session_{.home = beside.home,
               .project = beside.project,
               .tree = beside.tree,
               .index = index_.connection,
               .main = main_.connection,
               .main_writer = writer,
               .clock = beside.clock,
               .head_commit = beside.head_commit} {}

Opened::~Opened() {
  if (idle_ == nullptr) return;
  idle_->give_back(std::move(main_));
  idle_->give_back(std::move(index_));
}

}  // namespace mira::app
