// How a face runs an action: app implements it, faces see only this. It opens the
// session an action needs, brings the index up to date where asked, runs the
// handler and returns its reply with the session's notes added.
#pragma once

#include <memory>
#include <string>

#include "contracts/action.h"

namespace mira::contracts {

enum class Freshness {
  declared,    // as the action asks (Needs)
  as_indexed,  // at once: the folder is not walked, nothing is updated
};

struct Request {
  std::string project = {};  // a path inside it; empty: the working folder
  Json arguments;
  Freshness freshness = Freshness::declared;
  int input = -1;  // descriptor of data piped in that an action may read; -1: there is none
  Streams* streams = nullptr;
};

class Host {
 public:
  virtual ~Host() = default;
  virtual const Registry& registry() const = 0;
  // Safe from several threads at once. as_indexed: not_found when an action that reads meets a project
  // that was never indexed.
  virtual base::Result<Reply> call(const Action& action, const Request& request, base::Progress& progress,
                                   base::Deadline deadline) = 0;

  // A batch keeps one session open (and fresh at its start) for many requests.
  class Batch {
   public:
    virtual ~Batch() = default;
    virtual base::Result<Reply> call(const Json& arguments, base::Deadline deadline) = 0;
  };
  virtual base::Result<std::unique_ptr<Batch>> open_batch(const Action& action, const std::string& project,
                                                          base::Progress& progress,
                                                          base::Deadline deadline) = 0;
};

}  // namespace mira::contracts
