#include "knowledge/code/indexer_parse.h"

#include "knowledge/code/parse_worker.h"
#include "platform/base/limits.h"

namespace mira::code {
namespace {

base::Result<std::int64_t> strikes_of(store::Connection& index, std::string_view content_hash) {
  auto strikes =
      MIRA_TRY(index.integer("SELECT strikes FROM quarantine WHERE content_hash = ?", content_hash));
  return strikes.value_or(0);
}

base::Status strike(store::Connection& index, const FileRecord& record, std::string_view reason,
                    std::int64_t now_ms) {
  return index.run(
      "INSERT INTO quarantine(content_hash, path, strikes, reason, seen_ms) VALUES (?,?,1,?,?)"
      " ON CONFLICT(content_hash) DO UPDATE SET strikes = strikes + 1, path = excluded.path,"
      " reason = excluded.reason, seen_ms = excluded.seen_ms",
      record.content_hash, record.path, reason, now_ms);
}

bool take_reply(FileRecord& record, const process::JobResult& result) {
  if (result.fate != process::JobFate::done) return false;
  auto facts = decode(result.reply);
  if (!facts) return false;
  record.facts = std::move(*facts);
  return true;
}

}  // namespace

base::Status Parser::run(std::vector<FileRead*>& files, std::vector<process::JobResult>& results,
                         base::Deadline deadline) {
  results.assign(files.size(), {});
  auto frame = [&](std::size_t i) { return parse_request(files[i]->record.language, files[i]->record.text); };
  if (!in_workers_) {
    for (std::size_t i = 0; i < files.size(); ++i)
      results[i] = {process::JobFate::done, handle_parse(frame(i)), {}};
    return {};
  }
  if (!pool_) {
    process::PoolOptions options{.worker_name = "parse"};
    options.job_wall_ms = limits::parse_wall_ms;
    options.memory_bytes = limits::worker_memory_bytes;
    if (files.size() < 2) options.workers = 1;
    pool_ = MIRA_TRY(process::WorkerPool::start(std::move(options)));
  }
  return pool_->run(
      files.size(), frame, [&](std::size_t i, process::JobResult result) { results[i] = std::move(result); },
      deadline);
}

base::Status Parser::parse(store::Connection& index, std::vector<FileRead>& files, std::int64_t now_ms,
                           base::Deadline deadline) {
  std::vector<FileRead*> left;
  for (FileRead& file : files)
    if (file.parse) left.push_back(&file);
  std::vector<process::JobResult> results;
  while (!left.empty()) {
    std::vector<FileRead*> ready;
    for (FileRead* file : left) {
      if (MIRA_TRY(strikes_of(index, file->record.content_hash)) < limits::worker_strikes)
        ready.push_back(file);
      else
        file->record.facts.state = ParseState::quarantined;
    }
    MIRA_TRY(run(ready, results, deadline));
    left.clear();
    for (std::size_t i = 0; i < ready.size(); ++i) {
      if (take_reply(ready[i]->record, results[i])) continue;
      std::string reason = results[i].reason.empty() ? "unreadable answer" : results[i].reason;
      MIRA_TRY(strike(index, ready[i]->record, reason, now_ms));
      left.push_back(ready[i]);
    }
  }
  return {};
}

}  // namespace mira::code
