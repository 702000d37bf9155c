// Settings as people write them: which value holds, where it is from, and edits that keep
// every other byte.
#include "contracts/settings.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "tests/support/temporary_folder.h"

namespace mira::contracts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Registry example() {
  Registry out;
  out.add(
      {.name = "context",
       .group = "context",
       .params = {
           {.name = "task", .required = true, .positional = true},
           {.name = "budget", .kind = ParamKind::integer, .fallback = 4000, .minimum = 200, .maximum = 20000},
           {.name = "form", .kind = ParamKind::choice, .fallback = "text", .choices = {"text", "dense"}},
           {.name = "cursor"}}});
  out.add({.name = "ask",
           .group = "context",
           .params = {{.name = "model", .fallback = ""},
                      {.name = "yes", .kind = ParamKind::boolean, .fallback = false}},
           .read_only = false});
  out.add({.name = "graph export",
           .group = "code",
           .params = {{.name = "with_tests", .kind = ParamKind::boolean, .fallback = true}}});
  out.add({.name = "forget", .group = "memory", .params = {{.name = "how"}}, .read_only = false});
  return out;
}

class ASetting : public testing::Test {
 protected:
  Settings read(const std::string& user, const std::string& project = "") {
    std::ofstream(files.user, std::ios::binary) << user;
    std::ofstream(files.project, std::ios::binary) << project;
    return read_settings(keys, files, [this](const std::string& name) { return variables[name]; });
  }
  std::string told(const Settings& settings, const std::string& key) {
    const Setting* holds = settings.holding(key);
    if (holds == nullptr) return "built in";
    std::string place = holds->place;
    return holds->value.dump() + " " + std::string(origin_name(holds->origin)) +
           place.substr(std::min(place.size(), place.rfind(':')));
  }
  std::string edited(const std::string& text, const std::string& key, const Json& value) {
    auto out = edit_setting(text, *find_key(keys, key), value);
    return out ? *out : "error: " + out.error().message;
  }

  support::TemporaryFolder folder;
  Registry registry = example();
  std::vector<SettingKey> keys = setting_keys(registry);
  SettingFiles files{folder / "config.toml", folder / ".mira.toml"};
  std::map<std::string, std::string> variables;
};

TEST_F(ASetting, IsAnOptionalParameterThatLastsLongerThanACall) {
  std::vector<std::string> names;
  for (const SettingKey& key : keys) names.push_back(key.name + " " + key.variable);
  EXPECT_THAT(
      names, ElementsAre("context.budget MIRA_CONTEXT_BUDGET", "context.form MIRA_CONTEXT_FORM",
                         "ask.model MIRA_ASK_MODEL", "graph-export.with_tests MIRA_GRAPH_EXPORT_WITH_TESTS"));
}

TEST_F(ASetting, ComesFromTheUserThenTheProjectThenTheEnvironment) {
  EXPECT_EQ(told(read(""), "context.budget"), "built in");
  std::string user = "# mine\n[context]\nbudget = 3000\n";
  EXPECT_EQ(told(read(user), "context.budget"), "3000 user file:3");
  EXPECT_EQ(told(read(user, "[context]\nbudget = 2000\n"), "context.budget"), "2000 project file:2");
  variables["MIRA_CONTEXT_BUDGET"] = "1000";
  EXPECT_THAT(told(read(user, "[context]\nbudget = 2000\n"), "context.budget"),
              HasSubstr("1000 environment"));
}

TEST_F(ASetting, BecomesTheDefaultOfItsParameter) {
  Registry now = configured(read("[context]\nbudget = 3000\n[graph-export]\nwith_tests = false\n"), registry);
  EXPECT_EQ((*check_arguments(*now.find("context"), {{"task", "x"}}))["budget"], 3000);
  EXPECT_EQ((*check_arguments(*now.find("context"), {{"task", "x"}, {"budget", 500}}))["budget"], 500);
  EXPECT_EQ((*check_arguments(*now.find("graph export"), Json::object()))["with_tests"], false);
}

TEST_F(ASetting, ThatDecidesWhatLeavesTheMachineIsNotTheProjectsToSet) {
  Settings settings = read("[ask]\nmodel = \"mine\"\n", "[ask]\nmodel = \"theirs\"\n");
  EXPECT_EQ(told(settings, "ask.model"), "\"mine\" user file:2");
  EXPECT_THAT(settings.faults,
              ElementsAre(HasSubstr(".mira.toml:2: a project's file may not set ask.model")));
}

TEST_F(ASetting, ThatIsWrongDoesNotHoldAndIsTold) {
  struct Case {
    const char* text;
    const char* fault;
  };
  for (const Case& one : std::vector<Case>{{"[context]\nbudget = 7\n", "out of range"},
                                           {"[context]\nbudget = \"many\"\n", "a whole number"},
                                           {"[context]\nform = \"loud\"\n", "cannot be \"loud\""},
                                           {"[context]\nbudget = 2026-01-01\n", "no text, number"},
                                           {"[context]\nbuget = 3000\n", "did you mean context.budget?"},
                                           {"[context]\ncursor = \"x\"\n", "there is no setting"},
                                           {"[forget]\nhow = \"x\"\n", "there is no setting"},
                                           {"budget = 3000\n", "outside a section"},
                                           {"[context\n", "not TOML"},
                                           {"[context]\nbudget = [1, 2]\n", "no text, number"}}) {
    Settings settings = read(one.text);
    EXPECT_THAT(settings.given, IsEmpty()) << one.text;
    EXPECT_THAT(settings.faults, ElementsAre(HasSubstr(one.fault))) << one.text;
  }
  variables["MIRA_CONTEXT_BUDGET"] = "plenty";
  EXPECT_THAT(read("").faults, ElementsAre(HasSubstr("MIRA_CONTEXT_BUDGET")));
}

TEST_F(ASetting, OneFaultCostsOnlyItsOwnLine) {
  Settings settings = read("[context]\nbudget = 7\nform = \"dense\"\n");
  EXPECT_EQ(told(settings, "context.form"), "\"dense\" user file:3");
}

TEST_F(ASetting, IsReadFromAnyBytesWithoutHarm) {
  for (const std::string& text : {std::string("\xff\xfe\x00", 3), std::string(100'000, '['),
                                  std::string(2 << 20, 'a'), std::string("[a]\nb = \"\xff\"\n")}) {
    EXPECT_THAT(read(text).given, IsEmpty());
    EXPECT_FALSE(read(text).faults.empty());
  }
}

TEST_F(ASetting, IsEditedInPlace) {
  EXPECT_EQ(edited("", "context.budget", 3000), "[context]\nbudget = 3000\n");
  EXPECT_EQ(edited("# mine\n[context]\nbudget = 4000 # enough\nform = \"dense\"\n", "context.budget", 3000),
            "# mine\n[context]\nbudget = 3000 # enough\nform = \"dense\"\n");
  EXPECT_EQ(edited("[context]\nform = \"dense\"", "context.budget", 3000),
            "[context]\nbudget = 3000\nform = \"dense\"");
  EXPECT_EQ(edited("[ask]\nmodel = \"x\"\n", "context.form", "dense"),
            "[ask]\nmodel = \"x\"\n\n[context]\nform = \"dense\"\n");
  EXPECT_EQ(edited("[context]\r\nform = \"text\"\r\n", "context.form", "dense"),
            "[context]\r\nform = \"dense\"\r\n");
}

TEST_F(ASetting, IsTakenOutWithItsLine) {
  EXPECT_EQ(edited("[context]\nbudget = 4000\nform = \"dense\"\n", "context.budget", nullptr),
            "[context]\nform = \"dense\"\n");
  EXPECT_EQ(edited("[context]\n", "context.budget", nullptr), "[context]\n");
}

TEST_F(ASetting, IsNotEditedWhereThatCannotBeDoneSurely) {
  EXPECT_THAT(edited("[context\n", "context.budget", 3000), HasSubstr("error: line 1"));
  EXPECT_THAT(edited("[context]\nform = \"\xc3\xa9\"\n", "context.form", "dense"), HasSubstr("error"));
}

TEST_F(ASetting, IsReadFromText) {
  EXPECT_EQ(*value_from_text(*find_key(keys, "context.budget"), " 3000 "), 3000);
  EXPECT_EQ(*value_from_text(*find_key(keys, "graph-export.with_tests"), "false"), false);
  EXPECT_EQ(*value_from_text(*find_key(keys, "context.form"), "dense"), "dense");
  for (const char* wrong : {"", "3000x", "1e99", "199", "true"})
    EXPECT_FALSE(value_from_text(*find_key(keys, "context.budget"), wrong)) << wrong;
}

}  // namespace
}  // namespace mira::contracts
