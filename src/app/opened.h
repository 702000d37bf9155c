// A session with everything it borrows: one request's view of one project.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/stores.h"
#include "contracts/session.h"
#include "oracle/gather.h"

namespace mira::app {

// Readers of mira.db that no session uses now; a reader serves one session at a time.
class IdleReaders {
 public:
  std::optional<store::Connection> take();
  void give_back(store::Connection reader);

 private:
  std::mutex mutex_;
  std::vector<store::Connection> readers_;
};

class Opened : public oracle::OwnedSession {
 public:
  // The reader goes to `idle` when the session ends.
  Opened(store::Connection main, IdleReaders& idle, store::Writer& writer, store::Connection index,
         base::Home home, workspace::Project project, workspace::Tree tree, const base::Clock& clock);
  // Beside another session, with its own connections.
  Opened(store::Connection main, store::Writer& writer, store::Connection index,
         const contracts::Session& beside);
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() override;

  contracts::Session& session() override { return session_; }

 private:
  store::Connection main_;
  IdleReaders* idle_ = nullptr;
  store::Connection index_;
  contracts::Session session_;
};

}  // namespace mira::app
