#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(PhpCalls, ThroughUseAliasAndNamespace) {
  CodeWorld world{
      {"main.php",
       "<?php\nnamespace Shop\\App;\nuse Shop\\Bills\\Bill;\nuse Shop\\Logging\\Journal as Log;\n"
       "use function Shop\\Text\\trim_all;\n"
       "function run() { Bill::send(); Log::note(); trim_all(); local(); }\nfunction local() {}\n"},
      {"Bill.php", "<?php\nnamespace Shop\\Bills;\nclass Bill { public static function send() {} }\n"},
      {"Other.php",
       "<?php\nnamespace Other;\nclass Bill { public static function send() {} }\nfunction local() {}\n"},
      {"Journal.php",
       "<?php\nnamespace Shop\\Logging;\nclass Journal { public static function note() {} }\n"},
      {"text.php", "<?php\nnamespace Shop\\Text;\nfunction trim_all() {}\n"}};
  std::vector<std::string> calls = world.calls(true);
  EXPECT_THAT(calls, Contains(HasSubstr("Bill::send Bill.php [proved]")));
  EXPECT_THAT(calls, Contains(HasSubstr("Journal::note Journal.php [proved]")));
  EXPECT_THAT(calls, Contains(HasSubstr("trim_all text.php [proved]")));
  EXPECT_THAT(calls, Contains(HasSubstr("local main.php [proved]")));
  EXPECT_EQ(calls.size(), 4u);
}

TEST(PhpCalls, OfThisParentSelfAndTraits) {
  CodeWorld world{{"a.php",
                   "<?php\ntrait Logs { function log() {} }\nclass Base { function stop() {} }\n"
                   "class Shop extends Base {\n  use Logs;\n  static function make() {}\n"
                   "  function stop() { parent::stop(); }\n  function run() { $this->log(); $this->stop(); "
                   "self::make(); }\n}\n"}};
  std::vector<std::string> calls = world.calls();
  EXPECT_THAT(calls, Contains(StartsWith("Shop::stop -> Base::stop [proved]")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Logs::log")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Shop::stop [proved]")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Shop::make [proved]")));
}

TEST(PhpCalls, OfTypedPropertiesParametersAndNew) {
  CodeWorld world{
      {"a.php",
       "<?php\nclass Item { function sell() {} }\nclass Other { function sell() {} }\n"
       "class Shop {\n  private Item $first;\n  function __construct(private Item $last) {}\n"
       "  function a() { $this->first->sell(); }\n  function b(Item $i) { $i->sell(); }\n"
       "  function c() { $i = new Item(); $i->sell(); }\n  function d() { $this->last->sell(); }\n}\n"}};
  std::vector<std::string> calls = world.calls();
  for (const char* caller : {"a", "b", "c", "d"})
    EXPECT_THAT(calls, Contains(StartsWith(std::string("Shop::") + caller + " -> Item::sell")));
  EXPECT_THAT(calls, Not(Contains(HasSubstr("Other::sell"))));
}

TEST(PhpCalls, OfBuiltInsAreNotANamesakeMethod) {
  CodeWorld world{
      {"a.php", "<?php\nclass Own { function strlen($x) {} }\nfunction run() { strlen('a'); }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(PhpCalls, OnAVariableOfUnknownTypeStayOpen) {
  CodeWorld world{{"a.php", "<?php\nclass Own { function send() {} }\nfunction run($x) { $x->send(); }\n"}};
  for (const std::string& call : world.calls()) EXPECT_THAT(call, HasSubstr("[possible]"));
}

}  // namespace
}  // namespace mira::code
