#include "platform/vectors/local.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "platform/vectors/half.h"
#include "platform/vectors/index_conformance.h"
#include "tests/support/temporary_folder.h"

namespace mira::vectors {
namespace {

class Local : public IndexConformance {
 protected:
  std::unique_ptr<Index> reopen() override { return open(); }
  std::unique_ptr<LocalIndex> open() {
    auto opened = LocalIndex::open(folder_ / "vectors", 1);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    return opened ? std::move(*opened) : nullptr;
  }
  std::filesystem::path codes() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "vectors"))
      if (entry.path().extension() == ".codes") return entry.path();
    return {};
  }
  std::vector<float> random_vector(std::size_t dimensions) {
    std::normal_distribution<float> normal;
    std::vector<float> out(dimensions);
    for (float& x : out) x = normal(random_);
    return out;
  }

  support::TemporaryFolder folder_;
  std::mt19937 random_{7};
};

TEST_F(Local, DoesWhatEveryStoreDoes) {
  check_all();
}

TEST_F(Local, FindsWhatAComparisonWithAllWouldFind) {
  const Space space{"code", "m", 100};  // no multiple of a register
  auto index = open();
  std::vector<Point> points;
  for (std::int64_t owner = 0; owner < 2000; ++owner) points.push_back(point(owner, random_vector(100)));
  ASSERT_TRUE(index->upsert(space, points));
  for (int question = 0; question < 20; ++question) {
    std::vector<float> asked = random_vector(100);
    std::vector<std::pair<double, std::int64_t>> all;
    for (const Point& one : points) {
      double dot = 0, squares = 0;
      for (float x : one.numbers) squares += static_cast<double>(x) * x;
      auto factor = static_cast<float>(1 / std::sqrt(squares));
      for (std::size_t i = 0; i < 100; ++i)  // what is kept: unit length, half precision
        dot += static_cast<double>(asked[i]) * float_of(half_of(one.numbers[i] * factor));
      all.emplace_back(-dot, one.owner);
    }
    std::sort(all.begin(), all.end());
    auto found = near(*index, space, asked, 10);
    std::vector<std::int64_t> wanted;
    for (std::size_t i = 0; i < 10; ++i) wanted.push_back(all[i].second);
    EXPECT_EQ(owners_of(found.best), wanted);
  }
}

TEST_F(Local, TellsMeanAndDeviationOfAllScores) {
  auto index = open();
  ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {1, 0}), point(2, {-1, 0}), point(3, {0, 1})}));
  auto found = near(*index, plane, {1, 0}, 1);
  EXPECT_NEAR(found.mean, 0, 1e-3);
  EXPECT_NEAR(found.deviation, std::sqrt(2.0 / 3), 1e-3);
}

// Both files are only copies: whatever becomes of them, the answer is that of the rows.
TEST_F(Local, MakesItsFilesAnewWhateverHappenedToThem) {
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(1, {1, 0}), point(2, {0, 1})}));
  ASSERT_FALSE(codes().empty());
  const std::filesystem::path files[] = {codes(), originals_beside(codes())};
  std::vector<std::function<void(const std::filesystem::path&, std::uintmax_t)>> harms = {
      [](const auto& file, auto) { std::filesystem::remove(file); },
      [](const auto& file, auto) { std::filesystem::resize_file(file, 0); },
      [](const auto& file, auto bytes) { std::filesystem::resize_file(file, bytes - 1); },
      [](const auto& file, auto bytes) { std::ofstream(file, std::ios::binary) << std::string(bytes, 'x'); }};
  for (const auto& file : files) {
    auto bytes = std::filesystem::file_size(file);
    for (std::size_t i = 0; i < harms.size(); ++i) {
      harms[i](file, bytes);
      EXPECT_EQ(owners_of(near(*open(), plane, {1, 0.1F}).best), (std::vector<std::int64_t>{1, 2})) << i;
      EXPECT_EQ(std::filesystem::file_size(file), bytes) << i;
    }
  }
}

// What a crash between two writes leaves: a head of an older epoch; codes of one making, originals of
// another.
TEST_F(Local, NeverReadsFilesOfDifferentMoments) {
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(1, {1, 0}), point(2, {0, 1})}));
  std::filesystem::path kept = folder_ / "kept";
  std::filesystem::create_directory(kept);
  auto aside = [&](const std::filesystem::path& file) { return kept / file.filename(); };
  const std::filesystem::path files[] = {codes(), originals_beside(codes())};
  for (const auto& file : files) std::filesystem::copy_file(file, aside(file));
  std::filesystem::remove(codes());
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(1, {0, -1}), point(3, {-1, 0})}));  // another making
  ASSERT_EQ(owners_of(near(*open(), plane, {0.1F, 1}).best), (std::vector<std::int64_t>{2, 3, 1}));
  for (const auto& file : files) {
    std::filesystem::copy_file(aside(file), file, std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(owners_of(near(*open(), plane, {0.1F, 1}).best), (std::vector<std::int64_t>{2, 3, 1})) << file;
  }
}

TEST_F(Local, NothingIsLeftOfAVectorThatWent) {
  auto index = open();
  ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {3, 4}), point(2, {0, 1})}));
  ASSERT_TRUE(index->remove(plane, std::vector<std::int64_t>{1}));
  for (const auto& [file, bytes] :
       {std::pair(codes(), code_bytes(2)), std::pair(originals_beside(codes()), original_bytes(2))}) {
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(codes_start));
    std::string first(bytes, 'x');
    in.read(first.data(), static_cast<std::streamsize>(bytes));
    EXPECT_EQ(first, std::string(bytes, '\0')) << file;
  }
}

TEST_F(Local, WritesOverCodesThatWereHarmed) {
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(1, {1, 0})}));
  std::filesystem::resize_file(codes(), 10);
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(2, {0, 1})}));
  EXPECT_EQ(owners_of(near(*open(), plane, {1, 0.1F}).best), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(Local, SeesWhatAnotherProcessWrote) {
  auto index = open();
  ASSERT_TRUE(index->upsert(plane, std::vector{point(1, {1, 0})}));
  EXPECT_EQ(near(*index, plane, {1, 0}).best.size(), 1U);
  pid_t child = ::fork();
  if (child == 0) {
    auto other = LocalIndex::open(folder_ / "vectors", 1);
    bool done = other && (*other)->upsert(plane, std::vector{point(2, {1, 0.5F})}) &&
                (*other)->remove(plane, std::vector<std::int64_t>{1});
    ::_exit(done ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(owners_of(near(*index, plane, {1, 0}).best), (std::vector<std::int64_t>{2}));
}

TEST_F(Local, LosesNothingAcknowledgedToAKill) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  pid_t child = ::fork();
  if (child == 0) {
    auto index = LocalIndex::open(folder_ / "vectors", 1);
    for (std::int64_t owner = 1; index; ++owner) {
      if (!(*index)->upsert(plane, std::vector{point(owner, {1, static_cast<float>(owner)})})) ::_exit(1);
      if (::write(told[1], &owner, sizeof(owner)) != sizeof(owner)) ::_exit(1);
    }
    ::_exit(1);
  }
  ::close(told[1]);
  std::int64_t last = 0;
  for (int i = 0; i < 20; ++i) ASSERT_EQ(::read(told[0], &last, sizeof(last)), sizeof(last));
  ::kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  for (std::int64_t next = 0; ::read(told[0], &next, sizeof(next)) == sizeof(next);) last = next;
  ::close(told[0]);
  auto found = near(*open(), plane, {1, 0}, 1'000'000);
  EXPECT_GE(found.best.size(), static_cast<std::size_t>(last));
  EXPECT_LE(found.best.size(), static_cast<std::size_t>(last) + 1);
}

TEST_F(Local, GivesSlotsBackWhenMostPointsAreGone) {
  auto index = open();
  std::vector<Point> points;
  std::vector<std::int64_t> most;
  for (std::int64_t owner = 0; owner < 6000; ++owner) {
    points.push_back(point(owner, random_vector(2), {owner % 2 == 0 ? "even" : "odd"}));
    if (owner % 10 != 3) most.push_back(owner);
  }
  ASSERT_TRUE(index->upsert(plane, points));
  auto before = std::filesystem::file_size(codes());
  ASSERT_TRUE(index->remove(plane, most));
  EXPECT_LT(std::filesystem::file_size(codes()), before / 5);
  auto found = near(*open(), plane, {1, 0}, 10'000, {{{"odd"}}});
  EXPECT_EQ(found.best.size(), 600U);
  for (const Near& one : found.best) {
    ASSERT_EQ(one.owner % 10, 3);
    const auto& numbers = points[static_cast<std::size_t>(one.owner)].numbers;
    EXPECT_NEAR(one.score, numbers[0] / std::hypot(numbers[0], numbers[1]), 0.02);
  }
  EXPECT_TRUE(near(*index, plane, {1, 0}, 10, {{{"even"}}}).best.empty());
}

TEST_F(Local, StartsAnewWhenItsDatabaseIsDamaged) {
  ASSERT_TRUE(open()->upsert(plane, std::vector{point(1, {1, 0})}));
  std::ofstream(folder_ / "vectors" / "vectors.db", std::ios::binary) << std::string(50'000, 'x');
  auto index = open();
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(near(*index, plane, {1, 0}).best.empty());
  ASSERT_TRUE(index->upsert(plane, std::vector{point(2, {1, 0})}));
  EXPECT_EQ(owners_of(near(*index, plane, {1, 0}).best), (std::vector<std::int64_t>{2}));
}

// Products are integers: the same on every machine. Of halves: but for the last bits of a float.
TEST(Scan, ComesToTheSameWithEveryInstructionSet) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  for (std::size_t dimensions : {1, 2, 31, 32, 33, 100, 384, 3072}) {
    auto some = [&] {
      std::vector<float> out(dimensions);
      for (float& x : out) x = normal(random);
      return out;
    };
    std::vector<char> codes;
    Bitmap odd;
    constexpr std::size_t slots = 57;
    for (std::size_t slot = 0; slot < slots; ++slot) {
      append_code(slot % 5 == 4 ? std::vector<float>(dimensions) : some(), static_cast<std::int64_t>(slot),
                  codes);
      if (slot % 2 == 1) odd.set(slot);
    }
    std::vector<float> question = some(), other = some();
    for (const Bitmap* only : {static_cast<const Bitmap*>(nullptr), static_cast<const Bitmap*>(&odd)}) {
      Scanned plain = scan(codes.data(), slots, question, 9, only, plain_scan_kernels());
      Scanned fast = scan(codes.data(), slots, question, 9, only);
      EXPECT_EQ(plain.looked_at, only == nullptr ? 46U : 23U);
      ASSERT_EQ(fast.best.size(), plain.best.size());
      for (std::size_t i = 0; i < fast.best.size(); ++i) {
        EXPECT_EQ(fast.best[i].owner, plain.best[i].owner);
        EXPECT_EQ(fast.best[i].score, plain.best[i].score);
      }
      EXPECT_EQ(fast.looked_at, plain.looked_at);
      EXPECT_EQ(fast.sum, plain.sum);
      EXPECT_EQ(fast.squares, plain.squares);
    }
    std::string halves(2 * dimensions, '\0');
    for (std::size_t i = 0; i < dimensions; ++i) {
      std::uint16_t half = half_of(other[i]);
      std::memcpy(halves.data() + 2 * i, &half, sizeof(half));
    }
    EXPECT_NEAR(scan_kernels().dot_halves(question.data(), halves.data(), dimensions),
                plain_scan_kernels().dot_halves(question.data(), halves.data(), dimensions), 1e-3);
  }
}

// What decides whether an original is read at all must never be too small.
TEST(Scan, KnowsHowFarAScoreCanBeOff) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (std::size_t dimensions : {2, 33, 100, 384, 3072}) {
    for (int power : {1, 3, 9}) {  // from numbers that are alike to one that towers above the rest
      auto some = [&] {
        std::vector<float> out(dimensions);
        for (float& x : out) x = std::pow(normal(random), static_cast<float>(power));
        float length = std::sqrt(std::inner_product(out.begin(), out.end(), out.begin(), 0.0F));
        for (float& x : out) x /= length;
        return out;
      };
      std::vector<std::vector<float>> all;
      std::vector<char> codes;
      for (std::int64_t owner = 0; owner < 60; ++owner) append_code(all.emplace_back(some()), owner, codes);
      std::vector<float> question = some();
      Scanned found = scan(codes.data(), all.size(), question, all.size(), nullptr);
      ASSERT_EQ(found.best.size(), all.size());
      for (const Candidate& one : found.best) {
        double exact = 0;
        for (std::size_t i = 0; i < dimensions; ++i)
          exact += static_cast<double>(question[i]) * float_of(half_of(all[one.slot][i]));
        EXPECT_LE(std::abs(exact - one.score), one.error) << dimensions << " " << power;
        if (power == 1 && dimensions > 2) {
          EXPECT_LT(one.error, 0.02F);
        }
      }
    }
  }
}

TEST(Half, KeepsWhatItCanAndRoundsTheRestToEven) {
  struct Row {
    float number;
    std::uint16_t half;
  };
  const Row rows[] = {{0.0F, 0},       {-0.0F, 0x8000},           {1.0F, 0x3C00},
                      {-2.0F, 0xC000}, {65504.0F, 0x7BFF},        {1e6F, 0x7C00},
                      {0.1F, 0x2E66},  {6.103515625e-5F, 0x0400}, {5.96e-8F, 0x0001},
                      {1e-9F, 0},      {1.00048828125F, 0x3C00},  {1.00146484375F, 0x3C02}};
  for (const Row& row : rows) EXPECT_EQ(half_of(row.number), row.half) << row.number;
  for (std::uint32_t half = 0; half < 0x7C00; ++half) {
    auto bits = static_cast<std::uint16_t>(half);
    EXPECT_EQ(half_of(float_of(bits)), bits);
  }
}

}  // namespace
}  // namespace mira::vectors
