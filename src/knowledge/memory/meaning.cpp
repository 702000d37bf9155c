#include "knowledge/memory/meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "knowledge/memory/weights.h"
#include "platform/base/hash.h"
#include "platform/vectors/fill.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Row;

constexpr std::size_t compared = 4000;  // nearest messages that the arms know of
constexpr float z_unit = 4;             // a score so many deviations above the mean counts as 1

vectors::Place place_of(const contracts::Session& session) {
  return {session.home.data / "vectors", "person"};
}

std::string scope_tag(std::int64_t scope) {
  return fmt::format("scope={}", scope);
}

// What is embedded of a message: who said it, and what.
std::string passage_of(std::string_view speaker, std::string_view content) {
  return speaker.empty() ? std::string(content) : fmt::format("{}: {}", speaker, content);
}

// Every message, what people said first, then the newest.
Result<std::vector<vectors::Waiting>> texts_of(store::Connection& main) {
  std::vector<vectors::Waiting> out;
  MIRA_TRY(main.each(
      "SELECT entry_id, scope_id, speaker, content FROM memory_entries WHERE origin <> 'recalled'"
      " ORDER BY role <> 'user', entry_id DESC",
      [&](const Row& row) {
        std::string text = passage_of(row.text(2), row.text(3));
        std::string hash = base::content_hash(text);
        out.push_back({row.integer(0), std::move(text), std::move(hash), {scope_tag(row.integer(1))}});
      }));
  return out;
}

}  // namespace

vectors::Space Meaning::space() const {
  return {"conversation", embedder_->model(), embedder_->dimensions()};
}

Result<vectors::Index*> Meaning::index(const contracts::Session& session) {
  std::lock_guard guard(mutex_);
  if (!index_) index_ = MIRA_TRY(vectors::open_index(place_of(session), session.clock.now_ms()));
  return index_.get();
}

Result<std::optional<vectors::Neighbours>> Meaning::near(const contracts::Session& session,
                                                         const std::string& question,
                                                         const std::vector<std::int64_t>& scopes,
                                                         base::Deadline deadline) {
  if (!embedder_ || scopes.empty() || !vectors::has_index(place_of(session))) return std::nullopt;
  vectors::Index* vectors = MIRA_TRY(index(session));
  vectors::Filter filter{{{}}};
  for (std::int64_t scope : scopes) filter.groups[0].push_back(scope_tag(scope));
  auto numbers = MIRA_TRY(embedder_->of_question(session, question, deadline));
  auto near = MIRA_TRY(vectors->nearest(space(), numbers, compared, filter));
  if (near.looked_at == 0) return std::nullopt;
  return near;
}

Status Meaning::forget(const contracts::Session& session, const std::vector<std::int64_t>& entries) {
  if (!vectors::has_index(place_of(session))) return {};
  vectors::Index* vectors = MIRA_TRY(index(session));
  for (const vectors::Space& one : MIRA_TRY(vectors->spaces("conversation")))
    MIRA_TRY(vectors->remove(one, entries));
  return {};
}

Result<std::int64_t> Meaning::version(contracts::Session& session) {
  // Entries are only ever added and removed.
  std::int64_t last = MIRA_TRY(session.main.integer("SELECT max(entry_id) FROM memory_entries")).value_or(0);
  return last * 31 + MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_entries")).value_or(0);
}

Result<contracts::EmbedState> Meaning::state(contracts::Session& session) {
  contracts::EmbedState out;
  out.texts = MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_entries WHERE origin <> 'recalled'"))
                  .value_or(0);
  if (!embedder_ || !vectors::has_index(place_of(session))) return out;
  vectors::Index* vectors = MIRA_TRY(index(session));
  out.embedded = MIRA_TRY(vectors->count(space()));
  return out;
}

Result<contracts::EmbedReport> Meaning::bring_up_to_date(contracts::Session& session,
                                                         base::Progress& progress, base::Deadline deadline) {
  vectors::Index* vectors = MIRA_TRY(index(session));
  auto embed = [&](std::span<const std::string> texts, base::Deadline until) {
    return embedder_->of_passages(session, texts, until);
  };
  auto texts = MIRA_TRY(texts_of(session.main));
  auto done =
      MIRA_TRY(vectors::fill(*vectors, space(), std::move(texts), embed,
                             {.batch = embedder_->batch(), .unit = std::string(unit())}, progress, deadline));
  return contracts::EmbedReport{done.embedded, done.reused,  done.removed,
                                done.present,  done.waiting, done.refused};
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
