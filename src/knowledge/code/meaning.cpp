#include "knowledge/code/meaning.h"

#include <algorithm>

#include "knowledge/code/query_type.h"
#include "knowledge/code/search_path.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using base::Result;
using store::Row;

constexpr double z_unit = 4;                 // so many deviations above the mean count as 1
constexpr std::size_t question_bytes = 500;  // of a long text its beginning tells what it is about

// How much is gained by embedding a file early.
double use_of(std::string_view path, bool generated, std::int64_t calls_into) {
  PathTraits traits = path_traits(path);
  double use = static_cast<double>(calls_into) + 1;
  if (traits.test || traits.example || traits.other_system || traits.prose) use *= 0.01;
  if (traits.vendored || generated || traits.data) use *= 0.001;
  return use;
}

Result<std::unordered_map<std::int64_t, double>> use_of_files(store::Connection& index) {
  std::unordered_map<std::int64_t, std::int64_t> calls;
  MIRA_TRY(
      index.each("SELECT e.file_id, count(*) FROM call_graph c JOIN code_elements e"
                 " ON e.element_id = c.callee_id WHERE c.file_id <> e.file_id GROUP BY e.file_id",
                 [&](const Row& row) { calls[row.integer(0)] = row.integer(1); }));
  std::unordered_map<std::int64_t, double> out;
  MIRA_TRY(index.each("SELECT file_id, path, generated FROM repository_files", [&](const Row& row) {
    out[row.integer(0)] = use_of(row.text(1), row.integer(2) != 0, calls[row.integer(0)]);
  }));
  return out;
}

}  // namespace

vectors::Place MeaningSearch::place(const contracts::Session& session) const {
  return {session.project.data / "vectors", session.project.id};
}

Result<std::int64_t> MeaningSearch::count(const contracts::Session& session) {
  return MIRA_TRY(session.index.integer("SELECT count(DISTINCT owner) FROM code_passages")).value_or(0);
}

// Every passage once, of the most useful files first.
Result<std::vector<vectors::Waiting>> MeaningSearch::texts(const contracts::Session& session) {
  store::Connection& index = session.index;
  auto use = MIRA_TRY(use_of_files(index));
  std::vector<std::pair<double, vectors::Waiting>> order;
  MIRA_TRY(index.each(
      "SELECT p.owner, p.text, max(c.file_id) FROM code_passages p JOIN code_chunks c"
      " ON c.chunk_id = p.chunk_id GROUP BY p.owner",
      [&](const Row& row) {
        order.emplace_back(
            -use[row.integer(2)],
            vectors::Waiting{row.integer(0), std::string(row.text(1)), std::to_string(row.integer(0)), {}});
      }));
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<vectors::Waiting> out;
  out.reserve(order.size());
  for (auto& [ignored, one] : order) out.push_back(std::move(one));
  return out;
}

Result<Closeness> MeaningSearch::near(const contracts::Session& session, std::string_view question,
                                      base::Deadline deadline) {
  Closeness out;
  auto passages = MIRA_TRY(session.index.integer("SELECT count(*) FROM code_passages")).value_or(0);
  auto near = MIRA_TRY(nearest(session,
                               {.text = base::truncate_utf8(question, question_bytes),
                                .needed = std::max<std::int64_t>((passages + 1) / 2, 1)},
                               deadline));
  if (!near || near->deviation <= 0) return out;
  for (const vectors::Near& one : near->best) {
    double z = (one.score - near->mean) / near->deviation / z_unit;
    if (z <= 0) break;
    MIRA_TRY(session.index.each(
        "SELECT chunk_id FROM code_passages WHERE owner = ?",
        [&](const Row& row) { out.emplace(row.integer(0), z); }, one.owner));
  }
  return out;
}

Closeness close_to(MeaningSearch& meaning, const contracts::Session& session, const TypedQuery& query,
                   std::string_view text, base::Deadline deadline, std::vector<std::string>& notes) {
  if (query.kind != QueryKind::text) return {};
  auto close = meaning.near(session, text, deadline);
  if (close) return std::move(*close);
  notes.push_back("answered by words alone: " + close.error().message);
  return {};
}

Result<std::int64_t> MeaningSearch::version(contracts::Session& session) {
  // Owners are hashes of the texts.
  return MIRA_TRY(session.index.integer("SELECT sum(owner >> 24) FROM code_passages")).value_or(0);
}

}  // namespace mira::code
