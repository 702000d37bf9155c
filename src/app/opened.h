// A session with everything it borrows: one request's view of one project.
#pragma once

#include <memory>
#include <optional>

#include "app/stores.h"
#include "contracts/session.h"
#include "oracle/gather.h"

namespace mira::app {

class Opened : public oracle::OwnedSession {
 public:
  Opened(MainStore& main, store::Connection index, base::Home home, workspace::Project project,
         workspace::Tree tree, const base::Clock& clock);
  // Beside another session, with its own connections.
  Opened(store::Connection main, store::Writer& writer, store::Connection index,
         const contracts::Session& beside);
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  contracts::Session& session() override { return session_; }

 private:
  std::optional<store::Connection> own_main_;
  store::Connection index_;
  contracts::Session session_;
};

}  // namespace mira::app
