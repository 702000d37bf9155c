// The computed models of one project, kept while its history stays the same, so
// that a batch or a long-lived server pays for loading once. Safe from any thread:
// whoever uses a model holds its lock.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "contracts/session.h"
#include "knowledge/git/cochange.h"
#include "knowledge/git/experts.h"

namespace mira::git {

// A model with its lock, and the history it stands for.
template <class Model>
struct Held {
  std::unique_lock<std::mutex> lock;
  Model* model;
  std::shared_ptr<const Archive> archive;
};

class Models {
 public:
  base::Result<Held<Cochange>> cochange(contracts::Session& session);
  base::Result<Held<Experts>> experts(contracts::Session& session);
  base::Result<std::shared_ptr<const Archive>> archive(contracts::Session& session);

 private:
  template <class Model>
  struct Slot {
    std::mutex mutex;
    std::shared_ptr<const Archive> archive;
    std::unique_ptr<Model> model;
  };
  template <class Model>
  base::Result<Held<Model>> hold(Slot<Model>& slot, contracts::Session& session);

  std::mutex mutex_;  // of key_ and archive_
  std::string key_;   // project and state the archive is of
  std::shared_ptr<const Archive> archive_;
  Slot<Cochange> cochange_;
  Slot<Experts> experts_;
};

// Where a question stands in time: position of the first commit that does not count. `at`: that commit
// is the last to count; `before`: the first not to; both empty: all count. not_found: no such commit.
base::Result<std::size_t> moment_of(const Archive& archive, std::string_view at, std::string_view before);

}  // namespace mira::git
