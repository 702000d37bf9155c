#include "knowledge/memory/meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "knowledge/memory/weights.h"
#include "platform/base/hash.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Row;

constexpr std::size_t compared = 4000;  // nearest messages that the arms know of
constexpr std::size_t batch = 64;       // messages between two writes
constexpr float z_unit = 4;             // a score so many deviations above the mean counts as 1

std::filesystem::path folder_of(const contracts::Session& session) {
  return session.home.data / "vectors";
}

std::string scope_tag(std::int64_t scope) {
  return fmt::format("scope={}", scope);
}

struct Waiting {
  std::int64_t entry = 0, scope = 0;
  std::string text, hash;
};

// What is embedded of a message: who said it, and what.
std::string passage_of(std::string_view speaker, std::string_view content) {
  return speaker.empty() ? std::string(content) : fmt::format("{}: {}", speaker, content);
}

// Messages without a vector of their own text, what people said first, then the newest.
Result<std::vector<Waiting>> waiting_entries_of(store::Connection& main,
                                                std::map<std::int64_t, std::string>& present) {
  std::vector<Waiting> out;
  MIRA_TRY(
      main.each("SELECT entry_id, scope_id, speaker, content FROM memory_entries WHERE origin <> 'recalled'"
                " ORDER BY role <> 'user', entry_id DESC",
                [&](const Row& row) {
                  std::string text = passage_of(row.text(2), row.text(3));
                  std::string hash = base::content_hash(text);
                  auto known = present.find(row.integer(0));
                  bool is_there = known != present.end() && known->second == hash;
                  if (known != present.end()) present.erase(known);
                  if (!is_there)
                    out.push_back({row.integer(0), row.integer(1), std::move(text), std::move(hash)});
                }));
  return out;
}

// Vectors for some messages: of the same text where there is one, else made now.
Result<std::vector<vectors::Point>> points_of(std::span<const Waiting> some, vectors::LocalIndex& index,
                                              const vectors::Space& space, contracts::Embedder& embedder,
                                              base::Deadline deadline, EmbedReport& report) {
  std::vector<vectors::Point> out;
  std::vector<std::string> texts;
  std::vector<std::size_t> of_text;
  for (const Waiting& one : some) {
    vectors::Point point{one.entry, one.hash, {}, {scope_tag(one.scope)}};
    if (auto known = MIRA_TRY(index.of_content(space, one.hash))) {
      point.numbers = std::move(*known);
      ++report.reused;
    } else {
      texts.push_back(one.text);
      of_text.push_back(out.size());
    }
    out.push_back(std::move(point));
  }
  auto made = MIRA_TRY(embedder.of_passages(texts, deadline));
  for (std::size_t i = 0; i < made.size(); ++i) out[of_text[i]].numbers = std::move(made[i]);
  report.embedded += static_cast<std::int64_t>(made.size());
  return out;
}

}  // namespace

vectors::Space Meaning::space() const {
  return {"conversation", embedder_->model(), embedder_->dimensions()};
}

Result<vectors::LocalIndex*> Meaning::index(const contracts::Session& session) {
  std::lock_guard guard(mutex_);
  if (!index_) index_ = MIRA_TRY(vectors::LocalIndex::open(folder_of(session), session.clock.now_ms()));
  return index_.get();
}

Result<std::optional<vectors::Neighbours>> Meaning::near(const contracts::Session& session,
                                                         const std::string& question,
                                                         const std::vector<std::int64_t>& scopes,
                                                         base::Deadline deadline) {
  if (!embedder_ || scopes.empty() || !vectors::LocalIndex::exists(folder_of(session))) return std::nullopt;
  vectors::LocalIndex* vectors = MIRA_TRY(index(session));
  vectors::Filter filter{{{}}};
  for (std::int64_t scope : scopes) filter.groups[0].push_back(scope_tag(scope));
  auto numbers = MIRA_TRY(embedder_->of_question(question, deadline));
  auto near = MIRA_TRY(vectors->nearest(space(), numbers, compared, filter));
  if (near.looked_at == 0) return std::nullopt;
  return near;
}

Status Meaning::forget(const contracts::Session& session, const std::vector<std::int64_t>& entries) {
  if (!vectors::LocalIndex::exists(folder_of(session))) return {};
  vectors::LocalIndex* vectors = MIRA_TRY(index(session));
  for (const vectors::Space& one : MIRA_TRY(vectors->spaces("conversation")))
    MIRA_TRY(vectors->remove(one, entries));
  return {};
}

Result<EmbedReport> Meaning::bring_up_to_date(contracts::Session& session, base::Progress& progress,
                                              base::Deadline deadline) {
  EmbedReport report;
  vectors::LocalIndex* vectors = MIRA_TRY(index(session));
  auto present = MIRA_TRY(vectors->owners(space()));
  report.present = static_cast<std::int64_t>(present.size());
  std::vector<Waiting> waiting = MIRA_TRY(waiting_entries_of(session.main, present));
  std::vector<std::int64_t> gone;  // whose message is not there any more
  for (const auto& [entry, hash] : present) gone.push_back(entry);
  MIRA_TRY(vectors->remove(space(), gone));
  report.removed = static_cast<std::int64_t>(gone.size());
  for (std::size_t at = 0; at < waiting.size(); at += batch) {
    auto left = static_cast<std::int64_t>(waiting.size() - at);
    progress.update("embedding", static_cast<std::int64_t>(at), static_cast<std::int64_t>(waiting.size()),
                    "messages");
    report.waiting = left;
    if (deadline.expired()) return report;
    std::span<const Waiting> some = std::span(waiting).subspan(at, std::min(batch, waiting.size() - at));
    auto points = MIRA_TRY(points_of(some, *vectors, space(), *embedder_, deadline, report));
    MIRA_TRY(vectors->upsert(space(), points));
  }
  report.waiting = 0;
  // Vectors of a model that is no longer used go once this one has all of its own.
  for (const vectors::Space& old : MIRA_TRY(vectors->spaces("conversation"))) {
    if (old != space()) MIRA_TRY(vectors->drop(old));
  }
  return report;
}

std::vector<Arm> meaning_arms(const vectors::Neighbours& near, const Snapshot& snapshot) {
  std::vector<float> own(snapshot.size()), beside(snapshot.size()), around(snapshot.size());
  if (near.deviation <= 0) return {};
  std::unordered_map<std::int64_t, float> by_entry;
  for (const vectors::Near& one : near.best) {
    auto z = static_cast<float>((one.score - near.mean) / near.deviation) / z_unit;
    if (z > 0) by_entry.emplace(one.owner, z);
  }
  // The three best of each conversation.
  std::vector<std::array<float, 3>> best(snapshot.conversation_words.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    auto found = by_entry.find(snapshot.documents[i].entry);
    if (found == by_entry.end()) continue;
    own[i] = found->second;
    auto& three = best[snapshot.conversation[i]];
    if (own[i] > three[2]) {
      three[2] = own[i];
      std::sort(three.begin(), three.end(), std::greater<>());
    }
  }
  bool several = snapshot.conversation_words.size() > 1;
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (std::uint32_t other : {snapshot.previous[i], snapshot.next[i]})
      if (other != Snapshot::none) beside[i] += own[other] / 2;
    const auto& three = best[snapshot.conversation[i]];
    if (several && own[i] > 0) around[i] = (three[0] + three[1] + three[2]) / 3;
  }
  std::vector<Arm> out;
  out.push_back({"meaning", weights::meaning, std::move(own)});
  out.push_back({"meaning near", weights::meaning_near, std::move(beside)});
  out.push_back({"meaning around", weights::meaning_around, std::move(around)});
  return out;
}

}  // namespace mira::memory
