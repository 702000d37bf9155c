#include "app/opened.h"

namespace mira::app {

Opened::Opened(MainStore& main, store::Connection index, base::Home home, workspace::Project project,
               workspace::Tree tree, const base::Clock& clock)
    : index_(std::move(index)),
      session_{.home = std::move(home),
               .project = std::move(project),
               .tree = std::move(tree),
               .index = index_,
               .main = main.reader,
               .main_writer = *main.writer,
               .clock = clock} {}

Opened::Opened(store::Connection main, store::Writer& writer, store::Connection index,
               const contracts::Session& beside)
    : own_main_(std::move(main)),
      index_(std::move(index)),
      session_{.home = beside.home,
               .project = beside.project,
               .tree = beside.tree,
               .index = index_,
               .main = *own_main_,
               .main_writer = writer,
               .clock = beside.clock,
               .head_commit = beside.head_commit} {}

}  // namespace mira::app
