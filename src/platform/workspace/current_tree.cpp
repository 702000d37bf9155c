#include "platform/workspace/current_tree.h"

#include <algorithm>
#include <atomic>
#include <chrono>

#include "platform/workspace/walked.h"

namespace mira::workspace {
namespace {

using SteadyClock = base::Deadline::SteadyClock;

constexpr std::size_t most_projects = 8;                    // each has its watches
constexpr auto unwatchable_for = std::chrono::seconds(60);  // before it is tried again
constexpr std::int64_t slice_ms = 50;  // a deadline's cancel flag is looked at this often

std::vector<std::string> absolute(const Project& project, const std::vector<std::string>& folders) {
  std::vector<std::string> out;
  out.reserve(folders.size() + 2);
  for (const std::string& folder : folders) out.push_back((project.root / folder).string());
  if (project.is_git) {  // its exclude file says what belongs to the tree
    out.push_back(project.common_dir.string());
    out.push_back((project.common_dir / "info").string());
  }
  return out;
}

}  // namespace

struct CurrentTree::Standing {
  explicit Standing(Project whose) : project(std::move(whose)) {}

  bool is_of(const Project& other) const {
    return project.root == other.root && project.is_git == other.is_git &&
           project.common_dir == other.common_dir;
  }

  // Under the mutex. What changes while it walks is told to the next question.
  base::Result<std::shared_ptr<const Tree>> look(const CurrentTreeOptions& options, base::Deadline deadline) {
    auto started = SteadyClock::now();
    bool told = watch == nullptr || watch->told();
    bool young = started - walked_at < std::chrono::milliseconds(options.most_age_ms);
    if (kept && !told && young) return kept;
    kept = nullptr;
    ++walks;
    Walked walked = MIRA_TRY(walk_and_list(project, deadline));
    auto tree = std::make_shared<const Tree>(std::move(walked.tree));
    // A folder may have been written to between the walk and its watch: then the next question walks too.
    bool settled = follow(walked, options.watch, started);
    if (settled && !deadline.expired()) {
      kept = tree;
      walked_at = started;
    }
    return tree;
  }

  // True when every folder was watched before it was looked into.
  bool follow(const Walked& walked, const WatchOptions& options, SteadyClock::time_point now) {
    if (now < unwatchable_until) return false;
    if (!watch && walked.tells_changes) {
      auto made = Watch::start(options);
      if (made) watch = std::move(*made);
    }
    bool grown = watch == nullptr || watch->follow(absolute(project, walked.folders));
    if (watch != nullptr && walked.tells_changes && !watch->polling()) return !grown;
    watch = nullptr;
    unwatchable_until = now + unwatchable_for;
    return false;
  }

  const Project project;
  std::timed_mutex mutex;  // guards what follows
  std::unique_ptr<Watch> watch;
  std::shared_ptr<const Tree> kept;
  SteadyClock::time_point walked_at, unwatchable_until;
  std::atomic<std::int64_t> walks = 0;
};

CurrentTree::CurrentTree(CurrentTreeOptions options) : options_(options) {}
CurrentTree::~CurrentTree() = default;

std::shared_ptr<CurrentTree::Standing> CurrentTree::standing(const Project& project) {
  std::lock_guard guard(mutex_);
  auto found = std::ranges::find_if(known_, [&](const auto& one) { return one->is_of(project); });
  if (found == known_.end()) {
    if (known_.size() == most_projects) {
      walks_of_gone_ += known_.front()->walks;
      known_.erase(known_.begin());
    }
    known_.push_back(std::make_shared<Standing>(project));
    return known_.back();
  }
  std::rotate(found, found + 1, known_.end());
  return known_.back();
}

base::Result<Tree> CurrentTree::of(const Project& project, base::Deadline deadline) {
  std::shared_ptr<Standing> here = standing(project);
  std::unique_lock lock(here->mutex, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(slice_ms))) {
    if (!deadline.expired()) continue;
    auto code = deadline.cancelled() ? base::ErrorCode::interrupted : base::ErrorCode::timeout;
    return base::fail(code, "another request was still looking at the files of this project");
  }
  std::shared_ptr<const Tree> tree = MIRA_TRY(here->look(options_, deadline));
  lock.unlock();
  return *tree;
}

std::int64_t CurrentTree::walks() const {
  std::lock_guard guard(mutex_);
  std::int64_t sum = walks_of_gone_;
  for (const auto& one : known_) sum += one->walks;
  return sum;
}

}  // namespace mira::workspace
