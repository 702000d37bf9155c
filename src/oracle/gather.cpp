#include "oracle/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
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

using Pieces = base::Result<std::vector<Evidence>>;

struct Job {
  Source* source = nullptr;
  std::size_t answer = 0;  // index into the answers
  std::unique_ptr<OwnedSession> session;
  std::atomic<bool> cancelled = false;
  bool done = false;  // under StageRun::mutex, as is result
  Pieces result;
};

// What the threads of one stage share. Owned by them too, so that a late one finds
// everything in place when it comes back.
struct StageRun {
  std::mutex mutex;
  std::condition_variable one_done;
  Question question;
  std::vector<std::unique_ptr<Job>> jobs;
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

void run_job(const std::shared_ptr<StageRun>& run, Job& job, Deadline deadline) {
  contracts::Session& session = job.session->session();
  session.index.set_deadline(deadline);
  session.main.set_deadline(deadline);
  Pieces result = guarded_gather(*job.source, session, run->question, deadline);
  std::lock_guard lock(run->mutex);
  job.result = std::move(result);
  job.done = true;
  run->one_done.notify_all();
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

  std::unique_ptr<OwnedSession> take_session(SourceAnswer& answer) {
    if (!idle_sessions_.empty()) {
      auto session = std::move(idle_sessions_.back());
      idle_sessions_.pop_back();
      return session;
    }
    auto made = sessions_.make(session_);
    if (made) return std::move(*made);
    answer.state = AnswerState::failed;
    answer.reason = made.error().message;
    return nullptr;
  }

  void run_stage(Stage stage) {
    auto run = std::make_shared<StageRun>();
    run->question = question_;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i]->stage() != stage) continue;
      auto session = take_session(answers_[i]);
      if (session == nullptr) continue;
      auto job = std::make_unique<Job>();
      job->source = sources_[i];
      job->answer = i;
      job->session = std::move(session);
      run->jobs.push_back(std::move(job));
    }
    Deadline deadline = deadline_.within_ms(limits::source_wall_ms);
    std::vector<std::jthread> threads;
    for (const auto& job : run->jobs)
      threads.emplace_back(
          [run, &job = *job, limit = deadline.with_cancel(&job->cancelled)] { run_job(run, job, limit); });
    wait_for_all(*run, deadline);
    for (std::size_t i = 0; i < threads.size(); ++i) collect(*run, *run->jobs[i], std::move(threads[i]));
  }

  static void wait_for_all(StageRun& run, Deadline deadline) {
    std::unique_lock lock(run.mutex);
    std::int64_t wait_ms = std::min<std::int64_t>(deadline.remaining_ms(), limits::source_wall_ms) + grace_ms;
    run.one_done.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] {
      return std::ranges::all_of(run.jobs, [](const auto& job) { return job->done; });
    });
  }

  void collect(StageRun& run, Job& job, std::jthread thread) {
    SourceAnswer& answer = answers_[job.answer];
    std::unique_lock lock(run.mutex);
    if (!job.done) {
      job.cancelled = true;
      lock.unlock();
      stragglers_.keep(std::move(thread));
      answer.state = AnswerState::late;
      answer.reason = "gave no answer in time";
      return;
    }
    lock.unlock();
    thread.join();
    take_result(answer, job);
    job.session->session().index.set_deadline(Deadline::never());
    idle_sessions_.push_back(std::move(job.session));
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
