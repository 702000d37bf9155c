// The loop behind `mira index --watch` and behind a server: wait until files may have
// changed, walk, bring the index up to date, tell what was done, wait again. Errors of one
// round are told and the next round tries again.
#pragma once

#include <functional>
#include <string>

#include "contracts/watching.h"
#include "platform/workspace/watch.h"

namespace mira::app {

class LocalHost;

// Runs until the deadline ends or `told` returns false. Told first: {"event":"following", "project",
// "folders", "how": "inotify" or "polling"}, after the index was brought up to date once; then one
// {"event":"updated", "parts":[..], "took_ms"} for every round that changed something, and
// {"event":"failed","message"} for one that could not be finished.
base::Status follow(LocalHost& host, const std::string& path, const workspace::WatchOptions& options,
                    const std::function<bool(const contracts::Json&)>& told, base::Deadline deadline);

}  // namespace mira::app
