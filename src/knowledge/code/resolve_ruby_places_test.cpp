// Ruby: what a bare name may mean, by what is loaded, by the modules around it, by whether `self` is a class.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> sure(const CodeWorld::Files& files) {
  CodeWorld world(files);
  std::vector<std::string> calls = world.calls();
  std::erase_if(calls, [](const std::string& call) { return call.ends_with("[possible]"); });
  return calls;
}

TEST(RubyPlaces, AMethodOutsideClassesIsCalledWhereItsFileIsLoaded) {
  CodeWorld::Files files = {{"lib/help.rb", "def help(x); end\n"},
                            {"lib/a.rb", "require_relative 'help'\ndef a\n  help(1)\nend\n"},
                            {"test/b.rb", "require 'a'\ndef b\n  help(1)\nend\n"},
                            {"other/c.rb", "def c\n  help(1)\nend\n"}};
  EXPECT_THAT(sure(files), ElementsAre("a -> help [inferred]", "b -> help [inferred]"));
}

TEST(RubyPlaces, AMethodDefinedInABlockIsNobodyElses) {
  CodeWorld::Files files = {{"spec/a.rb", "describe 'a' do\n  def body; end\n  it { body }\nend\n"},
                            {"spec/b.rb", "require_relative 'a'\ndef b\n  body\nend\n"}};
  EXPECT_THAT(sure(files), ElementsAre("<module> -> body [proved]"));
}

TEST(RubyPlaces, AClassMethodIsNotCalledOnObjects) {
  CodeWorld::Files files = {
      {"a.rb",
       "class Base\n  def self.config; end\nend\nclass Shop < Base\n  def self.make; config; end\n"
       "  def run; config; self.class.config; end\n  class << self\n    def all; config; end\n  end\nend\n"}};
  EXPECT_THAT(sure(files),
              ElementsAre("Shop::all -> Base::config [proved]", "Shop::make -> Base::config [proved]",
                          StartsWith("Shop::run -> Base::config")));
}

TEST(RubyPlaces, BothSidesMayHaveTheName) {
  CodeWorld::Files files = {{"a.rb",
                             "class Shop\n  def self.size\n    2\n  end\n  def size\n    1\n  end\n"
                             "  def run\n    size\n  end\nend\n"}};
  CodeWorld world(files);
  auto count = world.index().each(
      "SELECT b.name_line FROM call_graph g JOIN code_elements b ON b.element_id = g.callee_id",
      [](const store::Row& row) { EXPECT_EQ(row.integer(0), 5); });
  EXPECT_TRUE(count);
}

TEST(RubyPlaces, AConstantOfTheModuleAroundIsNearerThanItsNamesake) {
  CodeWorld::Files files = {
      {"a.rb", "module A\n  class Base\n    def go; end\n  end\nend\n"},
      {"b.rb", "module B\n  class Base\n    def go; end\n  end\nend\n"},
      {"c.rb", "module B\n  class Shop < Base\n    def run\n      go\n    end\n  end\nend\n"}};
  EXPECT_THAT(sure(files), ElementsAre(StartsWith("B::Shop::run -> B::Base::go")));
}

TEST(RubyPlaces, OfSeveralNamesakesElsewhereNoneIsMeant) {
  CodeWorld::Files files = {{"a.rb", "module A\n  class Base\n    def self.go; end\n  end\nend\n"},
                            {"b.rb", "module B\n  class Base\n    def self.go; end\n  end\nend\n"},
                            {"c.rb", "def run\n  Base.go\nend\n"}};
  EXPECT_THAT(sure(files), ElementsAre());
}

TEST(RubyPlaces, AReopenedClassIsOne) {
  CodeWorld::Files files = {{"a.rb", "class Shop\n  def a; b; end\nend\n"},
                            {"b.rb", "class Shop\n  def b; a; end\nend\n"}};
  EXPECT_THAT(sure(files), IsSupersetOf({"Shop::a -> Shop::b [proved]", "Shop::b -> Shop::a [proved]"}));
}

TEST(RubyPlaces, AFieldAndTheMethodOfItsNameAreTwo) {
  CodeWorld::Files files = {{"a.rb",
                             "class Part\n  def self.build; new; end\n  def use; end\nend\nclass Shop\n"
                             "  def part; @part ||= Part.new; end\n  def a; @part.use; end\n"
                             "  def b; part.use; end\n  def c; Part.build.use; end\n"
                             "  def d; @parts = [Part.new]; @parts.each { |p| p.use }; end\nend\n"}};
  EXPECT_THAT(sure(files),
              IsSupersetOf({"Shop::a -> Part::use [inferred]", "Shop::b -> Part::use [inferred]",
                            "Shop::c -> Part::use [inferred]", "Shop::d -> Part::use [inferred]"}));
}

TEST(RubyPlaces, AClassBodyCallsTheClass) {
  CodeWorld::Files files = {
      {"a.rb", "class Base\n  def self.setting(name); end\nend\nclass Shop < Base\n  setting :a\nend\n"}};
  EXPECT_THAT(sure(files), Contains("<module> -> Base::setting [proved]"));
}

TEST(RubyPlaces, SuperOfAConstructor) {
  CodeWorld::Files files = {{"a.rb",
                             "class Base\n  def initialize(x); end\nend\nclass Shop < Base\n"
                             "  def initialize\n    super(1)\n  end\nend\n"}};
  EXPECT_THAT(sure(files), ElementsAre("Shop::initialize -> Base::initialize [proved]"));
}

}  // namespace
}  // namespace mira::code
