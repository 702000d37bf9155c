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

// A reader and which file it has open.
struct Reader {
  store::Connection connection;
  std::filesystem::path file;
  std::uint64_t device = 0, inode = 0;
};
base::Result<Reader> open_kept_reader(const std::filesystem::path& file, store::Durability durability);

// Readers that no session uses now: reading a schema anew costs more than most questions. A reader serves
// one session at a time, and one whose file was replaced serves none.
class IdleReaders {
 public:
  std::optional<Reader> take(const std::filesystem::path& file);
  void give_back(Reader reader);

 private:
  std::mutex mutex_;
  std::vector<Reader> readers_;  // the latest last
};

class Opened : public oracle::OwnedSession {
 public:
  // The readers go to `idle` when the session ends.
  Opened(Reader main, IdleReaders& idle, store::Writer& writer, Reader index, base::Home home,
         workspace::Project project, workspace::Tree tree, const base::Clock& clock);
  // The index is the session's own: it may be written.
  Opened(Reader main, IdleReaders& idle, store::Writer& writer, store::Connection index, base::Home home,
         workspace::Project project, workspace::Tree tree, const base::Clock& clock);
  // Beside another session, with its own connections.
  Opened(store::Connection main, store::Writer& writer, store::Connection index,
         const contracts::Session& beside);
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() override;

  contracts::Session& session() override { return session_; }

 private:
  Reader main_;
  IdleReaders* idle_ = nullptr;
  Reader index_;  // without a file: not given back
  contracts::Session session_;
};

}  // namespace mira::app
