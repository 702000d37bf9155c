#include "knowledge/code/search_chunks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "knowledge/code/extract.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using testing::ElementsAre;

// "3-9 Router.add": lines and the definition of each chunk.
std::vector<std::string> chunks_of(std::string_view text, std::string_view language) {
  Facts facts = language.empty() ? Facts{} : extract(text, language);
  std::vector<std::string> out;
  for (const Chunk& chunk : cut_chunks(facts, base::split(text, '\n'))) {
    std::string name = chunk.symbol == no_symbol
                           ? ""
                           : " " + facts.symbols[static_cast<std::size_t>(chunk.symbol)].qualified;
    out.push_back(fmt::format("{}-{}{}", chunk.start_line, chunk.end_line, name));
  }
  return out;
}

std::string lines(int count, std::string_view line) {
  std::string out;
  for (int i = 0; i < count; ++i) out += fmt::format("{}\n", line);
  return out;
}

TEST(Chunks, EachFunctionIsOneWithTheCommentAboveIt) {
  std::string text = "#include <a.h>\n\n// Opens it.\nint open_it(void) {\n" + lines(12, "  work();") +
                     "}\n\nint close_it(void) {\n" + lines(12, "  work();") + "}\n";
  EXPECT_THAT(chunks_of(text, "c"), ElementsAre("1-1", "3-17 open_it", "19-32 close_it"));
}

TEST(Chunks, ASmallClassStaysWhole) {
  EXPECT_THAT(
      chunks_of("class A:\n    def f(self):\n        pass\n\n    def g(self):\n        pass\n", "python"),
      ElementsAre("1-6 A"));
}

TEST(Chunks, ABigClassIsCutAtItsMembers) {
  std::string text = "class Big:\n    \"\"\"Doc.\"\"\"\n\n    def first(self):\n" +
                     lines(40, "        work()") + "\n    def second(self):\n" + lines(40, "        work()");
  EXPECT_THAT(chunks_of(text, "python"), ElementsAre("1-2 Big", "4-44 Big.first", "46-86 Big.second"));
}

TEST(Chunks, TinyNeighboursShareAChunk) {
  std::string text = lines(4, "int a;") + "\nint f(void) { return 1; }\n\nint g(void) { return 2; }\n";
  EXPECT_THAT(chunks_of(text, "c"), ElementsAre("1-8"));
}

TEST(Chunks, ALongFunctionIsCutIntoWindowsOfItsName) {
  std::string text = "int run(void) {\n" + lines(150, "  step();") + "}\n";
  EXPECT_THAT(chunks_of(text, "c"), ElementsAre("1-40 run", "41-80 run", "81-152 run"));
}

TEST(Chunks, TextWithoutFactsIsCutIntoWindowsAtBlankLines) {
  std::string text = lines(35, "words") + "\n" + lines(30, "more words");
  EXPECT_THAT(chunks_of(text, ""), ElementsAre("1-35", "37-66"));
}

TEST(Chunks, EveryLineWithTextIsInExactlyOneChunk) {
  std::string text = "int a;\n\nstruct S {\n  int x;\n};\n\n\nint f(void) {\n\n  return 1;\n}\n/* end */\n";
  Facts facts = extract(text, "c");
  std::vector<std::string_view> all = base::split(text, '\n');
  std::vector<int> seen(all.size() + 1, 0);
  for (const Chunk& chunk : cut_chunks(facts, all)) {
    for (int line = chunk.start_line; line <= chunk.end_line; ++line) ++seen[static_cast<std::size_t>(line)];
  }
  for (std::size_t line = 1; line <= all.size(); ++line) {
    bool blank = base::trim(all[line - 1]).empty();
    EXPECT_LE(seen[line], 1) << line;
    EXPECT_TRUE(blank || seen[line] == 1) << line;
  }
}

TEST(Chunks, AnEmptyFileHasNone) {
  EXPECT_THAT(chunks_of("", ""), testing::IsEmpty());
  EXPECT_THAT(chunks_of("\n\n  \n", "c"), testing::IsEmpty());
}

}  // namespace
}  // namespace mira::code
