// Runs actions in this process over the files on this machine: the Host of every
// face that needs no server.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "app/opened.h"
#include "app/pump.h"
#include "app/quiet.h"
#include "contracts/embeds.h"
#include "contracts/host.h"
#include "contracts/watching.h"
#include "platform/workspace/current_tree.h"

namespace mira::app {

class LocalHost : public contracts::Host, public oracle::SessionFactory, public contracts::Watching {
 public:
  explicit LocalHost(const base::Clock& clock);
  ~LocalHost() override;

  const contracts::Registry& registry() const override { return registry_; }
  base::Result<contracts::Reply> call(const contracts::Action& action, const contracts::Request& request,
                                      base::Progress& progress, base::Deadline deadline) override;
  base::Result<std::unique_ptr<Batch>> open_batch(const contracts::Action& action, const std::string& project,
                                                  base::Progress& progress, base::Deadline deadline) override;

  base::Result<std::unique_ptr<contracts::Followed>> follow(
      const std::string& path, std::function<void(const contracts::Json&)> told) override;

  std::vector<contracts::Feature>& features() { return features_; }
  const std::vector<std::shared_ptr<contracts::Embeds>>& embeds() const { return embeds_; }
  const base::Clock& clock() const { return clock_; }
  // The day's copy of mira.db, where it is due. nothing: it is not, the file is larger, or another process
  // makes it.
  base::Result<std::optional<std::filesystem::path>> back_up_if_due(std::uintmax_t most_bytes);
  // After the answer to a command: backs up, when something was written.
  void finish_command();
  Quiet& quiet() { return quiet_; }       // of questions that need the project up to date
  std::string_view first_worker() const;  // name of one worker, "" when no feature has any

  // A session on the project that holds `path` ("" is the working folder); the index
  // is opened or made, not updated.
  base::Result<std::unique_ptr<Opened>> open(const std::string& path, base::Deadline deadline);
  // A session for reading the index as it is; the files are not looked at. not_found: there is none yet.
  base::Result<std::unique_ptr<Opened>> open_indexed(const std::string& path, base::Deadline deadline) {
    return open_as_indexed(path, false, deadline);
  }
  // A second session on the same project with its own connections, for another thread.
  base::Result<std::unique_ptr<oracle::OwnedSession>> make(const contracts::Session& like) override;
  // Lets every feature add what it knows to a session that is up to date.
  base::Status finish_opening(contracts::Session& session);

 private:
  struct Lease {  // what a session needs of mira.db
    Kept reader;
    store::Writer& writer;
  };
  // Opens the writer of mira.db, its connection and its thread, when something is first written: most
  // processes that only ask never do.
  class LateWriter : public store::Writer {
   public:
    explicit LateWriter(LocalHost& host) : host_(host) {}
    base::Status submit(Change change, base::Deadline deadline) override;

   private:
    LocalHost& host_;
  };
  // What lives long keeps the tree it walked for as long as nothing changes in it.
  contracts::Action keeping_the_tree(contracts::Action action);
  contracts::Action while_following(contracts::Action action);
  contracts::Action with_background_work(contracts::Action action);
  base::Result<store::Writer*> open_writer(const base::Home& home);
  base::Result<Lease> lease_main(const base::Home& home);
  // The same of a file that needs no migration: its writer is opened when it is needed.
  base::Result<Lease> lease_main_to_read(const base::Home& home);
  // To read and write, made or migrated where it has to be.
  base::Result<Kept> lease_index(const workspace::Project& project, std::vector<std::string>& notes);
  base::Result<std::unique_ptr<Opened>> open_as_indexed(const std::string& path, bool writes,
                                                        base::Deadline deadline);

  const base::Clock& clock_;
  std::vector<contracts::Feature> features_;
  std::vector<std::shared_ptr<contracts::Embeds>> embeds_;
  std::vector<store::Schema> schemas_;
  std::once_flag log_opened_;
  std::mutex main_mutex_;                  // guards the opening of writer_
  std::unique_ptr<store::Writer> writer_;  // of mira.db, opened by the first session that needs it
  LateWriter late_writer_{*this};
  std::unique_ptr<workspace::CurrentTree> tree_;  // in a process that is asked again and again
  IdleConnections idle_;
  Quiet quiet_;
  contracts::Registry registry_;  // last: its actions may still join threads that use the rest
};

}  // namespace mira::app
