#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(ExtractRuby, NamesModulesClassesAndMethods) {
  Read read("ruby", R"(
# A dog.
module ^^M::N
  class ^^Dog < Base::Animal
    include Comparable
    extend Ext
    attr_accessor ^^:name
    ^^LIMIT = 3
    def ^^initialize(a, b = 2, *c, d:, **e, &f); end
    def self.^^create(x) = new(x)
    class << self; def ^^meta; end; end
    def ^^bark?; end
    private
    def ^^secret; end
  end
end
^^Point = Struct.new(^^:x) do def ^^len; end end
)");
  EXPECT_THAT(read.symbols(), ElementsAre("module M::N", "class M::N::Dog", "property M::N::Dog::name",
                                          "constant M::N::Dog::LIMIT", "constructor M::N::Dog::initialize",
                                          "method M::N::Dog::create", "method M::N::Dog::meta",
                                          "method M::N::Dog::bark?", "method M::N::Dog::secret",
                                          "class Point", "property Point::x", "method Point::len"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("M::N::Dog").bases, ElementsAre("Base::Animal", "Comparable", "Ext"));
  EXPECT_TRUE(read.symbol("M::N::Dog::create").is_static);
  EXPECT_TRUE(read.symbol("M::N::Dog::meta").is_static);
  EXPECT_EQ(read.symbol("M::N::Dog::secret").visibility, Visibility::private_);
  EXPECT_TRUE(read.symbol("M::N::Dog::initialize").parameters[1].has_default);
}

TEST(ExtractRuby, WordsThatAreNoLocalsAreCalls) {
  Read read("ruby", "def f(a)\n  b = 1\n  helper\n  a\n  b\n  items.each { |i| i.go }\nend\n");
  EXPECT_THAT(read.calls(),
              ElementsAre("f -> helper(0)", "f -> items.each(0)", "f -> items(0)", "f -> i.go(0)"));
}

TEST(ExtractRuby, TellsReceivers) {
  Read read("ruby", R"(
class A
  def f(x)
    self.g; @db.get(x); x&.go!; Foo.new(1).run; M::B.stat; T::func(1); super; super(x); "s".size
  end
end
)");
  EXPECT_THAT(read.calls(), ElementsAre("A::f -> self.g(0)", "A::f -> self.db.get(1)", "A::f -> x.go!(0)",
                                        "A::f -> <Foo>.run(0)", "A::f -> new Foo(1)", "A::f -> M::B::stat(0)",
                                        "A::f -> T.func(1)", "A::f -> super.f(*)", "A::f -> super.f(1)",
                                        "A::f -> 'string'.size(0)"));
}

TEST(ExtractRuby, FollowsValuesAndImports) {
  Read read("ruby", R"(
require 'json'
require_relative "a/b"
class A
  def f(k)
    @x = Foo.new(k)
    self.y = k
    a, b = pair
    t = { go: run, "s" => stop }
    @x
  end
  alias g f
end
)");
  EXPECT_THAT(read.imports(), ElementsAre("import json", "import ./a/b"));
  EXPECT_THAT(read.assignments(),
              ElementsAre("A::f: return = member self.x", "A::f: self.x = new Foo", "A::f: self.y = name k",
                          "A::f: a = member pair[0]", "A::f: b = member pair[1]", "A::f: t = container dict",
                          "A::f: t[go] = name run", "A::f: t[s] = name stop", "A: g = name f"));
  EXPECT_THAT(read.symbols(), Contains("method A::g"));
}

}  // namespace
}  // namespace mira::code
