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

base::Result<Reader> open_kept_reader(const std::filesystem::path& file, store::Durability durability) {
  // Looked at before it is opened: when it is replaced in between, the reader is not kept.
  const Identity identity = identity_of(file);
  return Reader{MIRA_TRY(open_reader(file, durability)), file, identity.device, identity.inode};
}

std::optional<Reader> IdleReaders::take(const std::filesystem::path& file) {
  const Identity now = identity_of(file);
  std::lock_guard guard(mutex_);
  std::erase_if(readers_, [&](const Reader& one) {
    return one.file == file && (one.device != now.device || one.inode != now.inode);
  });
  auto found = std::ranges::find(readers_.rbegin(), readers_.rend(), file, &Reader::file);
  if (found == readers_.rend()) return std::nullopt;
  Reader reader = std::move(*found);
  readers_.erase(std::next(found).base());
  return reader;
}

void IdleReaders::give_back(Reader reader) {
  if (reader.file.empty()) return;
  reader.connection.set_deadline(base::Deadline::never());
  std::lock_guard guard(mutex_);
  if (readers_.size() == most_idle) readers_.erase(readers_.begin());
  readers_.push_back(std::move(reader));
}

Opened::Opened(Reader main, IdleReaders& idle, store::Writer& writer, Reader index, base::Home home,
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

Opened::Opened(Reader main, IdleReaders& idle, store::Writer& writer, store::Connection index,
               base::Home home, workspace::Project project, workspace::Tree tree, const base::Clock& clock)
    : Opened(std::move(main), idle, writer, Reader{std::move(index), {}}, std::move(home), std::move(project),
             std::move(tree), clock) {}

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
