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

TEST(RubyCalls, OfSelfBasesAndMixins) {
  CodeWorld world{{"a.rb",
                   "module Logs\n  def log; end\nend\nclass Base\n  def stop; end\nend\n"
                   "class Shop < Base\n  include Logs\n  def self.make; end\n"
                   "  def run\n    log()\n    self.stop\n    Shop.make\n  end\nend\n"}};
  std::vector<std::string> calls = world.calls();
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Logs::log")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Base::stop")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::run -> Shop::make")));
}

TEST(RubyCalls, ThroughRequireRelative) {
  CodeWorld world{{"lib/main.rb", "require_relative 'tool'\ndef run\n  Tool.cut\nend\n"},
                  {"lib/tool.rb", "module Tool\n  def self.cut; end\nend\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre(StartsWith("run -> Tool::cut lib/tool.rb")));
}

TEST(RubyCalls, OfNewAndInstances) {
  CodeWorld world{
      {"a.rb",
       "class Item\n  def initialize(n); end\n  def sell; end\nend\nclass Other\n  def sell; end\nend\n"
       "class Shop\n  def initialize\n    @item = Item.new(1)\n  end\n  def a\n    @item.sell\n  end\n"
       "  def b\n    i = Item.new(2)\n    i.sell\n  end\nend\n"}};
  std::vector<std::string> calls = world.calls();
  EXPECT_THAT(calls, Contains(StartsWith("Shop::initialize -> Item::initialize")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::a -> Item::sell")));
  EXPECT_THAT(calls, Contains(StartsWith("Shop::b -> Item::sell")));
  EXPECT_THAT(calls, Not(Contains(HasSubstr("Other::sell"))));
}

TEST(RubyCalls, OnWhatIsNotKnownAreNotProved) {
  CodeWorld world{{"a.rb", "class Own\n  def send_mail; end\nend\ndef run(x)\n  x.send_mail\nend\n"}};
  for (const std::string& call : world.calls()) EXPECT_THAT(call, HasSubstr("[possible]"));
}

TEST(RubyCalls, OfBuiltInsAreNotANamesakeMethod) {
  CodeWorld world{
      {"a.rb", "class Own\n  def puts(x); end\n  def map; end\nend\ndef run(all)\n  puts all.map\nend\n"}};
  EXPECT_THAT(world.calls(), Not(Contains(HasSubstr("Own::puts"))));
  for (const std::string& call : world.calls()) EXPECT_THAT(call, HasSubstr("[possible]"));
}

TEST(RubyCalls, OfNestedModulesByTheirPath) {
  CodeWorld world{{"a.rb",
                   "module Shop\n  module Text\n    def self.trim; end\n  end\n  class App\n    def run\n"
                   "      Text.trim\n      Shop::Text.trim\n    end\n  end\nend\n"}};
  EXPECT_THAT(world.calls(), Contains(HasSubstr("run -> Shop::Text::trim")));
}

}  // namespace
}  // namespace mira::code
