#include "knowledge/builds/fingerprint.h"

#include <gmock/gmock.h>

#include "knowledge/builds/read_for_tests.h"

namespace mira::builds {
namespace {

Fingerprint of(std::string_view log) {
  const auto got = read(log);
  EXPECT_EQ(got.records.size(), 1U) << log;
  return got.records.empty() ? Fingerprint{} : fingerprint(got.records[0], got.records[0].file);
}

constexpr std::string_view plain =
    "src/a.c:3:20: error: 'missing_one' undeclared (first use in this function)\n";

TEST(FingerprintSplits, NotByLineColumnColourQuotesOrPrefix) {
  const Fingerprint wanted = of(plain);
  for (const std::string_view other :
       {"src/a.c:30:2: error: 'missing_one' undeclared (first use in this function)\n",
        "src/a.c:3:20: error: \u2018missing_one\u2019 undeclared (first use in this function)\n",
        "\x1b[1msrc/a.c:3:20:\x1b[0m \x1b[31merror: \x1b[0m'missing_one' undeclared (first use in this "
        "function)\n",
        "12:00:01 src/a.c:3:20: error: 'missing_one' undeclared (first use in this function)\n"}) {
    EXPECT_EQ(of(other).instance, wanted.instance) << other;
    EXPECT_EQ(of(other).identity, wanted.identity) << other;
    EXPECT_EQ(of(other).kind, wanted.kind) << other;
  }
}

TEST(FingerprintSplits, AnotherFileIsAnotherInstanceOfTheSameProblem) {
  const Fingerprint other =
      of("src/b.c:3:20: error: 'missing_one' undeclared (first use in this function)\n");
  EXPECT_NE(other.instance, of(plain).instance);
  EXPECT_EQ(other.identity, of(plain).identity);
}

TEST(FingerprintSplits, AnotherNameIsAnotherProblemOfTheSameKind) {
  const Fingerprint other =
      of("src/a.c:3:20: error: 'missing_two' undeclared (first use in this function)\n");
  EXPECT_NE(other.identity, of(plain).identity);
  EXPECT_EQ(other.kind, of(plain).kind);
}

TEST(FingerprintSplits, TheCodeAloneIsTheKind) {
  const Fingerprint one = of("a.ts(1,2): error TS2322: Type 'A' is not assignable to type 'B'.\n");
  const Fingerprint two = of("a.ts(1,2): error TS2322: Something in other words.\n");
  EXPECT_EQ(one.kind, two.kind);
  EXPECT_NE(one.identity, two.identity);
}

TEST(FingerprintSplits, AMissingHeaderOfAnotherNameIsAnotherProblem) {
  const Fingerprint one = of("src/a.c:1:10: fatal error: lib/one.h: No such file or directory\n");
  EXPECT_EQ(of("src/a.c:1:10: fatal error: ../lib/one.h: No such file or directory\n").identity,
            one.identity);
  EXPECT_NE(of("src/a.c:1:10: fatal error: lib/two.h: No such file or directory\n").identity, one.identity);
}

TEST(Fingerprints, ATestIsItsNameAndHowItFailed) {
  Record one{.tool = "pytest", .message = "AssertionError: assert 1 == 2", .test = "test_x"};
  Record two{.tool = "pytest", .message = "AssertionError: assert 7 == 2", .test = "test_x"};
  EXPECT_EQ(fingerprint(one, "a.py").identity, fingerprint(two, "a.py").identity);
  two.message = "KeyError: 'x'";
  EXPECT_NE(fingerprint(one, "a.py").identity, fingerprint(two, "a.py").identity);
}

}  // namespace
}  // namespace mira::builds
