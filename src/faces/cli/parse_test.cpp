#include "faces/cli/parse.h"

#include <gmock/gmock.h>

#include "faces/cli/completion.h"
#include "faces/cli/help.h"
#include "faces/cli/print.h"
#include "faces/cli/reference.h"

namespace mira::cli {
namespace {

using contracts::Json;
using contracts::ParamKind;
using contracts::Registry;
using testing::HasSubstr;

Registry small_registry() {
  Registry registry;
  registry.add(
      {.name = "search",
       .group = "code",
       .summary = "Find code",
       .description = {},
       .params =
           {{.name = "query", .help = "words", .required = true, .positional = true, .reads_stdin = true},
            {.name = "limit",
             .kind = ParamKind::integer,
             .help = "how many",
             .fallback = 10,
             .minimum = 1,
             .maximum = 1000}},
       .examples = {{"mira search login", "code about login"}}});
  registry.add({.name = "cochange",
                .group = "git",
                .summary = "Files that change together",
                .description = {},
                .params = {{.name = "files",
                            .kind = ParamKind::text_list,
                            .help = "files",
                            .required = true,
                            .positional = true},
                           {.name = "at", .help = "a commit"}},
                .batch = true});
  registry.add({.name = "graph export",
                .group = "code",
                .summary = "Write the call graph",
                .description = {},
                .params = {{.name = "format",
                            .kind = ParamKind::choice,
                            .help = "form",
                            .fallback = "tsv",
                            .choices = {"json", "tsv"}}}});
  return registry;
}

base::Result<Invocation> parse_words(const Registry& registry, std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse(registry, argv);
}

TEST(Family, HelpOnAWordThatOnlyBeginsCommandsListsThem) {
  Registry registry = small_registry();
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"graph", "--help"}, {"graph", "-h"}, {"help", "graph"}, {"graph", "--json", "-h"}}) {
    auto asked = parse_words(registry, words);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->family, "graph");
    EXPECT_EQ(asked->action, nullptr);
  }
  std::string text = family_help(registry, "graph");
  EXPECT_THAT(text, HasSubstr("graph export"));
  EXPECT_THAT(text, HasSubstr("Write the call graph"));
  EXPECT_THAT(text, testing::Not(HasSubstr("search")));
}

TEST(Family, AnythingElseIsStillAMistake) {
  Registry registry = small_registry();
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"graph"},
                                             {"grap", "--help"},
                                             {"graph", "exprt", "--help"},
                                             {"help", "exprt"},
                                             {"help", "graph", "x"}}) {
    auto asked = parse_words(registry, words);
    ASSERT_FALSE(asked) << words.front();
    EXPECT_EQ(asked.error().code, base::ErrorCode::usage);
  }
  EXPECT_NE(parse_words(registry, {"graph", "export", "--help"})->action, nullptr);
}

std::string error_of(std::vector<std::string> words) {
  Registry registry = small_registry();
  auto parsed = parse_words(registry, std::move(words));
  return parsed ? "" : parsed.error().message + " / " + parsed.error().hint;
}

Json arguments_of(std::vector<std::string> words) {
  Registry registry = small_registry();
  auto parsed = parse_words(registry, std::move(words));
  return parsed ? parsed->arguments : Json(parsed.error().message);
}

TEST(Parse, WordsOfALonePositionalAreOneText) {
  EXPECT_EQ(arguments_of({"search", "retry", "with", "backoff", "--limit", "5"}),
            (Json{{"query", "retry with backoff"}, {"limit", 5}}));
}

TEST(Parse, ListsKeepTheirWords) {
  EXPECT_EQ(arguments_of({"cochange", "a.c", "b.c", "--at", "HEAD"}),
            (Json{{"files", {"a.c", "b.c"}}, {"at", "HEAD"}}));
}

TEST(Parse, TwoWordVerbs) {
  EXPECT_EQ(arguments_of({"graph", "export", "--format", "tsv"}), (Json{{"format", "tsv"}}));
}

TEST(Parse, JsonAsksForTheJsonForm) {
  EXPECT_EQ(arguments_of({"graph", "export", "--json"}), (Json{{"format", "json"}}));
  EXPECT_EQ(arguments_of({"graph", "export", "--json", "--format", "tsv"}), (Json{{"format", "tsv"}}));
}

TEST(Parse, OptionsMayComeFirst) {
  EXPECT_EQ(arguments_of({"search", "--limit", "3", "--json", "x"}), (Json{{"query", "x"}, {"limit", 3}}));
}

TEST(Parse, ADashDashEndsOptions) {
  EXPECT_EQ(arguments_of({"search", "--", "--limit"})["query"], "--limit");
}

TEST(Parse, SaysWhereANumberIsDue) {
  EXPECT_EQ(error_of({"search", "login", "--limit", "x"}),
            "--limit must be a number, not x / see: mira search --help");
  EXPECT_THAT(error_of({"search", "login", "--limit", "1.5e"}),
              HasSubstr("--limit must be a number, not 1.5e"));
  EXPECT_THAT(error_of({"search", "login", "--limit", "a = b"}),
              HasSubstr("--limit must be a number, not a = b"));
}

TEST(Parse, SuggestsAVerb) {
  EXPECT_THAT(error_of({"serch", "x"}), HasSubstr("did you mean: mira search"));
  EXPECT_THAT(error_of({"graph"}), HasSubstr("mira graph export"));
  EXPECT_THAT(error_of({"graph", "exprot"}), HasSubstr("mira graph export"));
}

TEST(Parse, SuggestsAnOption) {
  EXPECT_THAT(error_of({"search", "x", "--limt", "3"}), HasSubstr("did you mean --limit?"));
}

TEST(Parse, SaysWhatIsMissing) {
  EXPECT_THAT(error_of({"search"}), HasSubstr("query is missing"));
}

TEST(Parse, RefusesWhatIsNoNumber) {
  EXPECT_NE(error_of({"search", "x", "--limit", "many"}), "");
}

TEST(Parse, RepairsForeignBytes) {
  EXPECT_EQ(arguments_of({"search", "a\xff"})["query"], "a\xef\xbf\xbd");
}

TEST(Parse, HelpOfAVerbInBothForms) {
  Registry registry = small_registry();
  for (auto words : {std::vector<std::string>{"help", "search"}, {"search", "--help"}}) {
    auto parsed = parse_words(registry, words);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_TRUE(parsed->help);
    EXPECT_EQ(parsed->action->name, "search");
  }
}

TEST(Help, ShowsExamplesBeforeOptions) {
  Registry registry = small_registry();
  std::string text = help(*registry.find("search"));
  EXPECT_LT(text.find("mira search login"), text.find("--limit N"));
  EXPECT_THAT(text, HasSubstr("how many (default: 10)"));
}

TEST(Reference, NamesEveryActionAndOption) {
  Registry registry = small_registry();
  std::string text = reference_markdown(registry);
  for (const char* part :
       {"## mira search", "## mira graph export", "`--limit N`", "| required |", "Takes `--batch`"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Reference, CompletionsNameEveryVerb) {
  Registry registry = small_registry();
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(completion_script(registry, shell), HasSubstr("cochange")) << shell;
    EXPECT_THAT(completion_script(registry, shell), HasSubstr("limit")) << shell;
  }
}

TEST(Print, EnvelopeOfAReplyAndOfAnError) {
  EXPECT_EQ(json_reply({.data = {{"n", 1}}, .notes = {"partial"}}),
            "{\"data\":{\"n\":1},\"notes\":[\"partial\"],\"ok\":true}\n");
  EXPECT_THAT(json_error({base::ErrorCode::not_found, "no such file", "see mira status", {"a.c"}}),
              HasSubstr("\"code\":\"not_found\""));
}

TEST(Print, BytesThatAreNoTextStayPrintable) {
  EXPECT_EQ(dump_line({{"x", "a\xff"}}), "{\"x\":\"a\xef\xbf\xbd\"}");
  EXPECT_THAT(text_error({base::ErrorCode::failed, "bad \x1b[31m name", "", {}}),
              testing::Not(HasSubstr("\x1b[31m")));
}

TEST(Parse, TwoPositionalWordsAreTwoArguments) {
  Registry registry;
  registry.add({.name = "cap",
                .group = "money",
                .summary = "Set a cap",
                .description = {},
                .params = {{.name = "scope",
                            .kind = ParamKind::choice,
                            .help = "what for",
                            .required = true,
                            .positional = true,
                            .choices = {"day", "month"}},
                           {.name = "amount", .help = "dollars", .required = true, .positional = true}}});
  auto parsed = parse_words(registry, {"cap", "day", "2.50"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->arguments["scope"], "day");
  EXPECT_EQ(parsed->arguments["amount"], "2.50");
  EXPECT_FALSE(parse_words(registry, {"cap", "day", "2.50", "3"}));
}

}  // namespace
}  // namespace mira::cli
