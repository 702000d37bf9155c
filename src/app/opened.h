// A session with everything it borrows: one request's view of one project.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "app/stores.h"
#include "contracts/session.h"
#include "oracle/gather.h"

namespace mira::app {

// A connection and which file it has open.
struct Kept {
  store::Connection connection;
  std::filesystem::path file;  // "": nobody keeps it
  store::Access access = store::Access::read_only;
  std::uint64_t device = 0, inode = 0;
  std::optional<std::int64_t> checked = {};  // commits of others when its version was last looked at
};
// With the file that has this name now.
Kept kept(store::Connection connection, const std::filesystem::path& file, store::Access access);
base::Result<Kept> open_kept_reader(const std::filesystem::path& file, store::Durability durability);

// Connections that no session uses now: reading a schema anew costs more than most questions. One serves
// one session at a time, and one whose file was replaced serves none.
class IdleConnections {
 public:
  std::optional<Kept> take(const std::filesystem::path& file, store::Access access);
  void give_back(Kept connection);

 private:
  std::mutex mutex_;
  std::vector<Kept> idle_;  // the latest last
};

class Opened : public oracle::OwnedSession {
 public:
  // Both connections go to `idle` when the session ends.
  Opened(Kept main, IdleConnections& idle, store::Writer& writer, Kept index, base::Home home,
         workspace::Project project, workspace::Tree tree, const base::Clock& clock);
  // Beside another session, with its own connections.
  Opened(store::Connection main, store::Writer& writer, store::Connection index,
         const contracts::Session& beside);
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() override;

  contracts::Session& session() override { return session_; }

 private:
  Kept main_;
  IdleConnections* idle_ = nullptr;
  Kept index_;
  contracts::Session session_;
};

}  // namespace mira::app
