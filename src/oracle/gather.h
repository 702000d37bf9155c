// Asks every source, a few side by side, each held to a deadline. Whatever a source
// does (late, failing, throwing) costs its own evidence and is named; it never costs the
// answer. A lane is a thread with a session of its own that takes one source after the
// other: as many as there are cores to run them, since a session costs more to open than
// most sources to answer. When none of the lanes gets on, another takes what still waits.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "contracts/question.h"
#include "contracts/source.h"

namespace mira::oracle {

// A session with connections of its own, for one thread at a time.
class OwnedSession {
 public:
  virtual ~OwnedSession() = default;
  virtual contracts::Session& session() = 0;
};

// Implemented by app. Called on the caller's thread only.
class SessionFactory {
 public:
  virtual ~SessionFactory() = default;
  // Another session of the same project as `like`, sharing nothing with it that is
  // not safe to use from two threads.
  virtual base::Result<std::unique_ptr<OwnedSession>> make(const contracts::Session& like) = 0;
};

inline constexpr int prepare_wall_ms = 500;  // of one source, before the first stage
inline constexpr int grace_ms = 50;          // for a source that stops at its deadline to say so
inline constexpr int stalled_ms = 40;        // after which a lane more is opened
inline constexpr std::size_t most_first_lanes = 4;
inline constexpr std::size_t max_source_pieces = 64;
inline constexpr std::size_t max_piece_bytes = 64 << 10;
inline constexpr std::size_t max_found_places = 8;  // that the second stage looks around
inline constexpr std::size_t max_changed_places = 5;

enum class AnswerState { answered, late, failed };

struct SourceAnswer {
  std::string source;
  AnswerState state = AnswerState::answered;
  std::string reason;                       // of late and failed: a sentence
  std::vector<contracts::Evidence> pieces;  // best first, citations completed
};

// Threads of sources that did not keep their deadline; joined at destruction.
class Stragglers {
 public:
  // Safe from several threads.
  void keep(std::jthread thread) {
    std::lock_guard guard(mutex_);
    threads_.push_back(std::move(thread));
  }

 private:
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

// Runs prepare of all sources, then the first stage, sets question.focus from the
// places named and the best pieces, then runs the second stage. One answer a source, in
// the order given. A source whose prepare failed still gathers; the reason is kept.
std::vector<SourceAnswer> gather(contracts::Session& session, contracts::Question& question,
                                 const std::vector<contracts::Source*>& sources, SessionFactory& sessions,
                                 base::Deadline deadline, Stragglers& stragglers);

}  // namespace mira::oracle
