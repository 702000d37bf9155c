// What the local vector store takes: one thread, random directions. The answer is held
// against a comparison with every vector, so a figure is never that of a wrong answer.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <numeric>
#include <random>
#include <set>

#include "platform/vectors/local.h"

namespace {

using namespace mira::vectors;
using Clock = std::chrono::steady_clock;

double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

// By the clock, and of this thread's processor time: on a busy machine only the second says anything.
struct Took {
  std::vector<double> wall, cpu;
  template <class F>
  void of(F&& work) {
    auto start = Clock::now();
    double before = cpu_ms();
    work();
    cpu.push_back(cpu_ms() - before);
    wall.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  static double sum(const std::vector<double>& ms) { return std::accumulate(ms.begin(), ms.end(), 0.0); }
  static double median(std::vector<double> ms) {
    std::sort(ms.begin(), ms.end());
    return ms[ms.size() / 2];
  }
};

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
  Took upserts, all, filtered;
  double found_share = 0;
  for (std::size_t at = 0; at < count; at += 1000) {
    auto some = std::span(data.points).subspan(at, std::min<std::size_t>(1000, count - at));
    bool done = false;
    upserts.of([&] { done = (*index)->upsert(space, some).has_value(); });
    if (!done) return;
  }
  for (std::size_t question = 0; question < data.questions.size(); ++question) {
    Neighbours found;
    all.of(
        [&] { found = (*index)->nearest(space, data.questions[question], 10, {}).value_or(Neighbours{}); });
    if (question < 3) found_share += recall(data, question, found.best) / 3;
    filtered.of([&] { (void)(*index)->nearest(space, data.questions[question], 10, {{{"rare"}}}); });
  }
  auto points = static_cast<double>(count);
  fmt::print(
      "{} x {}: query {:.2f} ms median, {:.2f} of CPU; of 1 % {:.3f} ms median, {:.3f} of CPU; recall@10 "
      "{:.3f}; "
      "{:.0f} durable upserts a second, {:.0f} a second of CPU\n",
      count, dimensions, Took::median(all.wall), Took::median(all.cpu), Took::median(filtered.wall),
      Took::median(filtered.cpu), found_share, points / Took::sum(upserts.wall) * 1000,
      points / Took::sum(upserts.cpu) * 1000);
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
