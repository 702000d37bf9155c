// Durable writes a second by group commit, and how long one waits, for 1 to 64
// threads that submit one row at a time. usage: mira_store_bench [FOLDER] (a folder
// on the disk to measure; the current one by default).
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "platform/store/writer.h"

namespace {

using namespace mira;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t run_ms = 2000;

struct Figures {
  double writes_a_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// Submits until the time is over; returns how long each write took, in milliseconds.
std::vector<double> submit_until(store::Writer& writer, base::Deadline end) {
  std::vector<double> waits_ms;
  while (!end.expired()) {
    auto begun = Clock::now();
    auto insert = [](store::Connection& connection) {
      return connection.run("INSERT INTO rows (text) VALUES (?1)",
                            "a row of ordinary length, as a memory has");
    };
    if (!writer.submit(insert, base::Deadline::never())) break;
    waits_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
  }
  return waits_ms;
}

Figures measure(store::Writer& writer, int threads) {
  std::vector<std::vector<double>> waits(static_cast<std::size_t>(threads));
  std::vector<std::thread> workers;
  workers.reserve(waits.size());
  base::Deadline end = base::Deadline::after_ms(run_ms);
  for (auto& mine : waits) workers.emplace_back([&] { mine = submit_until(writer, end); });
  for (std::thread& worker : workers) worker.join();
  std::vector<double> all;
  for (const auto& some : waits) all.insert(all.end(), some.begin(), some.end());
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) * 1000 / run_ms, all[all.size() / 2], all[all.size() * 99 / 100]};
}

base::Status run(const std::filesystem::path& file) {
  store::OpenOptions options = {.durability = store::Durability::full, .secure_delete = true};
  store::Connection connection = MIRA_TRY(store::Connection::open(file, options));
  MIRA_TRY(connection.script("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"));
  auto writer = store::Writer::start(std::move(connection));
  fmt::print("threads  durable writes/s   p50 ms   p99 ms\n");
  for (int threads : {1, 4, 16, 64}) {
    Figures figures = measure(*writer, threads);
    fmt::print("{:7}  {:16.0f}  {:7.2f}  {:7.2f}\n", threads, figures.writes_a_second, figures.p50_ms,
               figures.p99_ms);
  }
  return {};
}

}  // namespace

int main(int count, char** words) {
  std::filesystem::path folder = count > 1 ? words[1] : ".";
  std::filesystem::path file = folder / "store_bench.db";
  std::filesystem::remove(file);
  base::Status done = run(file);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.native() + suffix);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().message);
  return 1;
}
