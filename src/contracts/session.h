// One opened project for the length of one request or batch: what a feature may
// touch. Features get it passed; they open nothing themselves.
#pragma once

#include <string>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/home.h"
#include "platform/base/progress.h"
#include "platform/store/connection.h"
#include "platform/store/writer.h"
#include "platform/workspace/project.h"
#include "platform/workspace/tree.h"

namespace mira::contracts {

struct Session {
  base::Home home;
  workspace::Project project;
  workspace::Tree tree;        // what is on disk now (walked when the session was opened)
  store::Connection& index;    // index.db; read-only except inside Indexer::update
  store::Connection& main;     // mira.db, for reading
  store::Writer& main_writer;  // mira.db, for writing
  const base::Clock& clock;
  std::vector<std::string> notes;  // what the user should know of this session: stale, partial, locked
  std::string head_commit =
      {};  // full id of HEAD that citations name; "" outside git or before the first commit
};

}  // namespace mira::contracts
