// What the local vector store takes: one thread, random directions. The answer is held
// against a comparison with every vector, so a figure is never that of a wrong answer.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <set>

#include "platform/vectors/local.h"

namespace {

using namespace mira::vectors;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Data {
  std::vector<Point> points;
  std::vector<std::vector<float>> questions;
};

Data make(std::size_t count, std::size_t dimensions) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  auto vector = [&] {
    std::vector<float> out(dimensions);
    for (float& x : out) x = normal(random);
    return out;
  };
  Data out;
  for (std::size_t i = 0; i < count; ++i)
    out.points.push_back({static_cast<std::int64_t>(i), "", vector(), {i % 100 == 0 ? "rare" : "common"}});
  for (int i = 0; i < 20; ++i) out.questions.push_back(vector());
  return out;
}

double recall(const Data& data, std::size_t question, const std::vector<Near>& found) {
  std::vector<std::pair<double, std::int64_t>> all;
  for (const Point& point : data.points) {
    double dot = 0, squares = 0;
    for (std::size_t i = 0; i < point.numbers.size(); ++i) {
      dot += static_cast<double>(data.questions[question][i]) * point.numbers[i];
      squares += static_cast<double>(point.numbers[i]) * point.numbers[i];
    }
    all.emplace_back(-dot / std::sqrt(squares), point.owner);
  }
  std::partial_sort(all.begin(), all.begin() + 10, all.end());
  std::set<std::int64_t> wanted;
  for (std::size_t i = 0; i < 10; ++i) wanted.insert(all[i].second);
  double hits = 0;
  for (const Near& one : found) hits += wanted.contains(one.owner) ? 1 : 0;
  return hits / 10;
}

void measure(const std::filesystem::path& folder, std::size_t count, std::size_t dimensions) {
  auto index = LocalIndex::open(folder / std::to_string(count * dimensions), 1);
  if (!index) return;
  Data data = make(count, dimensions);
  Space space{"bench", "random", dimensions};
  auto start = Clock::now();
  for (std::size_t at = 0; at < count; at += 1000) {
    if (!(*index)->upsert(space, std::span(data.points).subspan(at, std::min<std::size_t>(1000, count - at))))
      return;
  }
  double upsert_ms = ms_since(start), found_share = 0;
  std::vector<double> all_ms, filtered_ms;
  for (std::size_t question = 0; question < data.questions.size(); ++question) {
    start = Clock::now();
    auto found = (*index)->nearest(space, data.questions[question], 10, {});
    all_ms.push_back(ms_since(start));
    if (found && question < 3) found_share += recall(data, question, found->best) / 3;
    start = Clock::now();
    auto filtered = (*index)->nearest(space, data.questions[question], 10, {{{"rare"}}});
    filtered_ms.push_back(ms_since(start));
  }
  std::sort(all_ms.begin(), all_ms.end());
  std::sort(filtered_ms.begin(), filtered_ms.end());
  fmt::print(
      "{} x {}: query {:.2f} ms median, {:.2f} best; of 1 % {:.3f} ms median; recall@10 {:.3f}; {:.0f} "
      "durable upserts a second\n",
      count, dimensions, all_ms[all_ms.size() / 2], all_ms[0], filtered_ms[filtered_ms.size() / 2],
      found_share, static_cast<double>(count) / upsert_ms * 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print("usage: mira_vectors_bench EMPTY-FOLDER [COUNT DIMENSIONS]\n");
    return 2;
  }
  if (argc == 4) {
    measure(argv[1], std::stoul(argv[2]), std::stoul(argv[3]));
    return 0;
  }
  measure(argv[1], 100'000, 384);
  measure(argv[1], 500'000, 384);
  measure(argv[1], 100'000, 3072);
  return 0;
}
