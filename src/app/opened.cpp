#include "app/opened.h"

namespace mira::app {

std::optional<store::Connection> IdleReaders::take() {
  std::lock_guard guard(mutex_);
  if (readers_.empty()) return std::nullopt;
  store::Connection reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void IdleReaders::give_back(store::Connection reader) {
  reader.set_deadline(base::Deadline::never());
  std::lock_guard guard(mutex_);
  readers_.push_back(std::move(reader));
}

Opened::Opened(store::Connection main, IdleReaders& idle, store::Writer& writer, store::Connection index,
               base::Home home, workspace::Project project, workspace::Tree tree, const base::Clock& clock)
    : main_(std::move(main)),
      idle_(&idle),
      index_(std::move(index)),
      session_{.home = std::move(home),
               .project = std::move(project),
               .tree = std::move(tree),
               .index = index_,
               .main = main_,
               .main_writer = writer,
               .clock = clock} {}

Opened::Opened(store::Connection main, store::Writer& writer, store::Connection index,
               const contracts::Session& beside)
    : main_(std::move(main)),
      index_(std::move(index)),
      session_{.home = beside.home,
               .project = beside.project,
               .tree = beside.tree,
               .index = index_,
               .main = main_,
               .main_writer = writer,
               .clock = beside.clock,
               .head_commit = beside.head_commit} {}

Opened::~Opened() {
  if (idle_ != nullptr) idle_->give_back(std::move(main_));
}

}  // namespace mira::app
