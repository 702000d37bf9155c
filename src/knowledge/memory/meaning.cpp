#include "knowledge/memory/meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "knowledge/memory/weights.h"
#include "platform/base/hash.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Row;

constexpr std::size_t compared = 4000;  // nearest messages that the arms know of
constexpr float z_unit = 4;             // a score so many deviations above the mean counts as 1

std::string scope_tag(std::int64_t scope) {
  return fmt::format("scope={}", scope);
}

// What is embedded of a message: who said it, and what.
std::string passage_of(std::string_view speaker, std::string_view content) {
  return speaker.empty() ? std::string(content) : fmt::format("{}: {}", speaker, content);
}

}  // namespace

vectors::Place Meaning::place(const contracts::Session& session) const {
  return {session.home.data / "vectors", "person"};
}

Result<std::int64_t> Meaning::count(const contracts::Session& session) {
  auto all = MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_entries WHERE origin <> 'recalled'"));
  return all.value_or(0);
}

Result<std::vector<vectors::Waiting>> Meaning::texts(const contracts::Session& session) {
  std::vector<vectors::Waiting> out;
  MIRA_TRY(session.main.each(
      "SELECT entry_id, scope_id, speaker, content FROM memory_entries WHERE origin <> 'recalled'"
      " ORDER BY role <> 'user', entry_id DESC",
      [&](const Row& row) {
        std::string text = passage_of(row.text(2), row.text(3));
        std::string hash = base::content_hash(text);
        out.push_back({row.integer(0), std::move(text), std::move(hash), {scope_tag(row.integer(1))}});
      }));
  return out;
}

Result<std::optional<vectors::Neighbours>> Meaning::near(const contracts::Session& session,
                                                         const std::string& question,
                                                         const std::vector<std::int64_t>& scopes,
                                                         base::Deadline deadline) {
  if (scopes.empty()) return std::nullopt;
  vectors::Filter filter{{{}}};
  for (std::int64_t scope : scopes) filter.groups[0].push_back(scope_tag(scope));
  return nearest(session, {.text = question, .compared = compared, .filter = std::move(filter)}, deadline);
}

Status Meaning::forget(const contracts::Session& session, const std::vector<std::int64_t>& entries) {
  vectors::Index* vectors = MIRA_TRY(existing(session));
  if (vectors == nullptr) return {};
  for (const vectors::Space& one : MIRA_TRY(vectors->spaces("conversation")))
    MIRA_TRY(vectors->remove(one, entries));
  return {};
}

Result<std::int64_t> Meaning::version(contracts::Session& session) {
  // Entries are only ever added and removed.
  std::int64_t last = MIRA_TRY(session.main.integer("SELECT max(entry_id) FROM memory_entries")).value_or(0);
  return last * 31 + MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_entries")).value_or(0);
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
