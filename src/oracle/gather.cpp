#include "oracle/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "oracle/question.h"
#include "oracle/rank.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using base::Deadline;
using contracts::Evidence;
using contracts::Focus;
using contracts::Question;
using contracts::Source;
using contracts::Stage;

using Clock = std::chrono::steady_clock;
using Pieces = base::Result<std::vector<Evidence>>;

struct Job {
  Source* source = nullptr;
  std::size_t answer = 0;  // index into the answers
  std::atomic<bool> cancelled = false;
  bool done = false;  // under StageRun::mutex, as is result
  Pieces result;
};

struct Lane {
  std::unique_ptr<OwnedSession> session;
  bool over = false;  // under StageRun::mutex: it takes no more jobs
};

// What the lanes of one stage share. Owned by them too, so that a late one finds
// everything in place when it comes back.
struct StageRun {
  std::mutex mutex;
  std::condition_variable one_done;
  Question question;
  std::vector<std::unique_ptr<Job>> jobs;
  std::vector<std::unique_ptr<Lane>> lanes;  // touched by the caller's thread alone
  std::size_t next = 0;                      // job that no lane has taken; under mutex
  std::size_t done = 0;                      // under mutex

  bool waits() const { return next < jobs.size(); }
  bool is_over() const { return done == jobs.size(); }
};

Pieces guarded_gather(Source& source, contracts::Session& session, const Question& question,
                      Deadline deadline) {
  try {
    return source.gather(session, question, deadline);
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::failed, fmt::format("an exception came out of it: {}", error.what()));
  } catch (...) {
    return base::fail(base::ErrorCode::failed, "an exception came out of it");
  }
}

base::Status guarded_prepare(Source& source, contracts::Session& session, Question& question,
                             Deadline deadline) {
  try {
    return source.prepare(session, question, deadline);
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::failed, fmt::format("an exception came out of it: {}", error.what()));
  } catch (...) {
    return base::fail(base::ErrorCode::failed, "an exception came out of it");
  }
}

void run_lane(StageRun& run, Lane& lane, Deadline deadline) {
  std::unique_lock lock(run.mutex);
  while (run.waits()) {
    Job& job = *run.jobs[run.next++];
    lock.unlock();
    const Deadline limit = deadline.with_cancel(&job.cancelled);
    contracts::Session& session = lane.session->session();
    session.index.set_deadline(limit);
    session.main.set_deadline(limit);
    Pieces result = guarded_gather(*job.source, session, run.question, limit);
    lock.lock();
    job.result = std::move(result);
    job.done = true;
    ++run.done;
    run.one_done.notify_all();
  }
  lane.over = true;
}

std::size_t first_lanes() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, most_first_lanes);
}

// Makes citations whole and bounds what one source may hand over.
void complete(SourceAnswer& answer, const contracts::Session& session, const Question& question) {
  if (answer.pieces.size() > max_source_pieces) answer.pieces.resize(max_source_pieces);
  for (Evidence& piece : answer.pieces) {
    if (piece.source.empty()) piece.source = answer.source;
    if (piece.text.size() > max_piece_bytes) {
      std::string_view cut = base::truncate_utf8(piece.text, max_piece_bytes);
      piece.text.resize(std::min(cut.size(), cut.rfind('\n') + 1 > 0 ? cut.rfind('\n') + 1 : cut.size()));
    }
    if (piece.place.path.empty()) continue;
    if (piece.place.commit.empty()) piece.place.commit = session.head_commit;
    if (std::ranges::find(question.changed_files, piece.place.path) != question.changed_files.end())
      piece.place.uncommitted = true;
  }
}

class Gathering {
 public:
  Gathering(contracts::Session& session, Question& question, const std::vector<Source*>& sources,
            SessionFactory& sessions, Deadline deadline, Stragglers& stragglers)
      : session_(session),
        question_(question),
        sources_(sources),
        sessions_(sessions),
        deadline_(deadline),
        stragglers_(stragglers) {
    for (Source* source : sources_) answers_.push_back({.source = std::string(source->name())});
  }

  std::vector<SourceAnswer> run() {
    prepare();
    question_.focus = named_places(question_, session_.tree);
    run_stage(Stage::first);
    add_found_places();
    run_stage(Stage::second);
    return std::move(answers_);
  }

 private:
  void prepare() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      Deadline limit = deadline_.within_ms(prepare_wall_ms);
      base::Status done = guarded_prepare(*sources_[i], session_, question_, limit);
      if (!done) answers_[i].reason = done.error().message;
    }
  }

  base::Result<std::unique_ptr<OwnedSession>> take_session() {
    if (idle_sessions_.empty()) return sessions_.make(session_);
    auto session = std::move(idle_sessions_.back());
    idle_sessions_.pop_back();
    return session;
  }

  void run_stage(Stage stage) {
    auto run = std::make_shared<StageRun>();
    run->question = question_;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i]->stage() != stage) continue;
      auto job = std::make_unique<Job>();
      job->source = sources_[i];
      job->answer = i;
      run->jobs.push_back(std::move(job));
    }
    const Deadline deadline = deadline_.within_ms(limits::source_wall_ms);
    std::vector<std::jthread> threads;
    base::Status opened;
    while (opened && threads.size() < std::min(first_lanes(), run->jobs.size()))
      opened = open_lane(run, deadline, threads);
    if (threads.empty()) return fail_all(*run, opened);
    wait_for_all(run, deadline, threads);
    collect(*run, threads);
  }

  base::Status open_lane(const std::shared_ptr<StageRun>& run, Deadline deadline,
                         std::vector<std::jthread>& threads) {
    auto lane = std::make_unique<Lane>();
    lane->session = MIRA_TRY(take_session());
    run->lanes.push_back(std::move(lane));
    threads.emplace_back([run, &lane = *run->lanes.back(), deadline] { run_lane(*run, lane, deadline); });
    return {};
  }

  void fail_all(const StageRun& run, const base::Status& why) {
    for (const auto& job : run.jobs) {
      answers_[job->answer].state = AnswerState::failed;
      answers_[job->answer].reason = why.error().message;
    }
  }

  // Until all have answered or the deadline is over.
  void wait_for_all(const std::shared_ptr<StageRun>& run, Deadline deadline,
                    std::vector<std::jthread>& threads) {
    const auto end = Clock::now() +
                     std::chrono::milliseconds(
                         std::min<std::int64_t>(deadline.remaining_ms(), limits::source_wall_ms) + grace_ms);
    bool may_open = true;  // what is open goes on when no more can be
    std::unique_lock lock(run->mutex);
    while (!run->is_over() && Clock::now() < end) {
      const std::size_t before = run->done;
      const auto look = std::min(end, Clock::now() + std::chrono::milliseconds(stalled_ms));
      const bool moved = run->one_done.wait_until(lock, look, [&] { return run->done != before; });
      if (moved || !may_open || !run->waits() || threads.size() == run->jobs.size()) continue;
      lock.unlock();
      may_open = open_lane(run, deadline, threads).has_value();
      lock.lock();
    }
  }

  void collect(StageRun& run, std::vector<std::jthread>& threads) {
    std::unique_lock lock(run.mutex);
    run.next = run.jobs.size();
    std::vector<Job*> answered;
    for (const auto& job : run.jobs) {
      if (job->done) {
        answered.push_back(job.get());
        continue;
      }
      job->cancelled = true;
      answers_[job->answer].state = AnswerState::late;
      answers_[job->answer].reason = "gave no answer in time";
    }
    lock.unlock();
    for (Job* job : answered) take_result(answers_[job->answer], *job);
    for (std::size_t i = 0; i < threads.size(); ++i) close_lane(run, *run.lanes[i], std::move(threads[i]));
  }

  void close_lane(StageRun& run, Lane& lane, std::jthread thread) {
    {
      std::lock_guard lock(run.mutex);
      if (!lane.over && !run.is_over()) return stragglers_.keep(std::move(thread));
    }
    thread.join();
    lane.session->session().index.set_deadline(Deadline::never());
    lane.session->session().main.set_deadline(Deadline::never());
    idle_sessions_.push_back(std::move(lane.session));
  }

  void take_result(SourceAnswer& answer, Job& job) {
    if (job.result) {
      answer.pieces = std::move(*job.result);
      complete(answer, session_, question_);
      return;
    }
    bool late = job.result.error().code == base::ErrorCode::timeout;
    answer.state = late ? AnswerState::late : AnswerState::failed;
    answer.reason = job.result.error().message;
  }

  // Where the second stage looks: what is named, then what the first stage found, then what is being changed.
  void add_found_places() {
    auto known = [&](const std::string& path, int line) {
      return std::ranges::any_of(question_.focus,
                                 [&](const Focus& f) { return f.path == path && f.start_line == line; });
    };
    const double strongest = question_.focus.empty() ? found_weight : found_weight_beside_named;
    Ranking ranking = rank(answers_, question_);
    std::size_t added = 0;
    for (const Piece& piece : ranking.pieces) {
      const contracts::Place& place = piece.evidence.place;
      if (!quotes_lines(piece.evidence) || known(place.path, place.start_line)) continue;
      double weight = strongest * piece.score / ranking.pieces.front().score;
      question_.focus.push_back({place.path, place.start_line, place.end_line, piece.evidence.symbol, weight,
                                 "found by " + piece.evidence.source});
      if (++added == max_found_places) break;
    }
    for (std::size_t i = 0; i < std::min(question_.changed_files.size(), max_changed_places); ++i) {
      const std::string& path = question_.changed_files[i];
      if (!known(path, 0)) question_.focus.push_back({path, 0, 0, {}, changed_weight, "changed now"});
    }
  }

  static constexpr double found_weight = 0.9;               // of the best piece, nothing being named
  static constexpr double found_weight_beside_named = 0.5;  // the same when the question names places
  static constexpr double changed_weight = 0.3;

  contracts::Session& session_;
  Question& question_;
  const std::vector<Source*>& sources_;
  SessionFactory& sessions_;
  Deadline deadline_;
  Stragglers& stragglers_;
  std::vector<SourceAnswer> answers_;
  std::vector<std::unique_ptr<OwnedSession>> idle_sessions_;
};

}  // namespace

std::vector<SourceAnswer> gather(contracts::Session& session, Question& question,
                                 const std::vector<Source*>& sources, SessionFactory& sessions,
                                 Deadline deadline, Stragglers& stragglers) {
  return Gathering(session, question, sources, sessions, deadline, stragglers).run();
}

}  // namespace mira::oracle
