#include "knowledge/git/models.h"

#include "knowledge/git/state.h"
#include "platform/base/text.h"

namespace mira::git {

base::Result<std::shared_ptr<const Archive>> Models::archive(contracts::Session& session) {
  State state = MIRA_TRY(load_state(session.index));
  auto window = MIRA_TRY(session.index.integer("SELECT max(window) FROM git_stated")).value_or(-1);
  std::string key = session.project.id + " " + state.tip + " " + std::to_string(state.revision) + " " +
                    std::to_string(window);
  std::lock_guard lock(mutex_);
  if (archive_ == nullptr || key != key_) {
    archive_ = MIRA_TRY(load_archive(session.index));
    key_ = key;
  }
  return archive_;
}

template <class Model>
base::Result<Held<Model>> Models::hold(Slot<Model>& slot, contracts::Session& session) {
  auto current = MIRA_TRY(archive(session));
  std::unique_lock lock(slot.mutex);
  if (slot.archive != current) {
    slot.model = std::make_unique<Model>(current);
    slot.archive = current;
  }
  return Held<Model>{std::move(lock), slot.model.get(), current};
}

base::Result<Held<Cochange>> Models::cochange(contracts::Session& session) {
  return hold(cochange_, session);
}

base::Result<Held<Experts>> Models::experts(contracts::Session& session) {
  return hold(experts_, session);
}

base::Result<std::size_t> moment_of(const Archive& archive, std::string_view at, std::string_view before) {
  std::string_view wanted = at.empty() ? before : at;
  if (wanted.empty()) return archive.history.commits.size();
  auto position = archive.history.find(wanted);
  if (!position) {
    return base::fail(base::ErrorCode::not_found,
                      "No commit \"" + base::display_line(wanted) + "\" in the history of HEAD.",
                      "Give the id of a commit that HEAD leads to; `mira history` lists them.");
  }
  return at.empty() ? *position : *position + 1;
}

}  // namespace mira::git
