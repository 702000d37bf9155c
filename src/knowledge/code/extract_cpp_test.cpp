#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(ExtractCpp, NamesMembersWithTheirScope) {
  Read read("cpp", R"(
namespace ^^a::b {
class ^^Foo final : public Bar<int>, private ns::Baz {
 public:
  explicit ^^Foo(int x);
  virtual ~^^Foo() = default;
  int ^^operator()(int a) const { return a; }
  ^^operator bool() const { return true; }
  virtual void ^^pure() = 0;
  template <typename T> T ^^get(T t) { return t; }
  static int ^^count;
 private:
  std::unique_ptr<Q> ^^q_;
  enum class ^^E { ^^A };
};
namespace { void ^^hidden() {} }
}
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("namespace a::b", "class a::b::Foo", "constructor a::b::Foo::Foo;",
                          "method a::b::Foo::~Foo", "method a::b::Foo::operator()",
                          "method a::b::Foo::operator bool", "method a::b::Foo::pure;",
                          "method a::b::Foo::get", "field a::b::Foo::count", "field a::b::Foo::q_",
                          "enum a::b::Foo::E", "enum_member a::b::Foo::E::A", "function a::b::hidden"));
  EXPECT_THAT(read.symbol("a::b::Foo").bases, ElementsAre("Bar<int>", "ns::Baz"));
  EXPECT_TRUE(read.symbol("a::b::Foo::pure").is_virtual);
  EXPECT_TRUE(read.symbol("a::b::Foo::count").is_static);
  EXPECT_EQ(read.symbol("a::b::Foo::q_").visibility, Visibility::private_);
  EXPECT_EQ(read.symbol("a::b::Foo::q_").type, "std::unique_ptr<Q>");
  EXPECT_EQ(read.symbol("a::b::hidden").visibility, Visibility::file);
  EXPECT_TRUE(read.clean());
}

TEST(ExtractCpp, OutOfLineMembersKnowTheirOwner) {
  Read read("cpp", R"(
namespace db {
Status DBImpl::^^Get(const Key& key) { return table_->Find(key); }
DBImpl::^^DBImpl(int x) : Base(x), table_(new Table(x)), size_{0} { Init(); }
template <class T> void List<T>::^^Add(T t) { this->Grow(); T::Make(); }
}
)");
  EXPECT_THAT(read.symbols(), ElementsAre("namespace db", "method db::DBImpl::Get",
                                          "constructor db::DBImpl::DBImpl", "method db::List::Add"));
  EXPECT_EQ(read.symbol("db::DBImpl::Get").scope_name, "DBImpl");
  EXPECT_THAT(read.calls(),
              ElementsAre("db::DBImpl::Get -> table_.Find(1)", "db::DBImpl::DBImpl -> new Base(1)",
                          "db::DBImpl::DBImpl -> new table_(1)", "db::DBImpl::DBImpl -> new Table(1)",
                          "db::DBImpl::DBImpl -> new size_(1)", "db::DBImpl::DBImpl -> Init(0)",
                          "db::List::Add -> self.Grow(0)", "db::List::Add -> T::Make(0)"));
}

TEST(ExtractCpp, TellsConstructionsFromCalls) {
  Read read("cpp", R"(
void f() {
  Foo a(1); Foo b{2, 3}; Foo c; Foo* d = new ns::Foo(1); auto e = std::make_unique<Foo>(2);
  int n(3); Foo& r = a; auto g = Foo{1}; Foo h = make();
}
)");
  EXPECT_THAT(read.calls(),
              ElementsAre("f -> new Foo(1)", "f -> new Foo(2)", "f -> new Foo(0)", "f -> new ns::Foo(1)",
                          "f -> new Foo(1)", "f -> std::make_unique(0)", "f -> new Foo(1)", "f -> make(0)"));
  EXPECT_THAT(read.assignments(),
              ElementsAre("f: a = new Foo", "f: b = new Foo", "f: d = new ns::Foo", "f: e = new Foo",
                          "f: r = name a", "f: g = new Foo", "f: h = call make"));
  EXPECT_THAT(read.types(), ElementsAre("f: a: Foo", "f: b: Foo", "f: c: Foo", "f: d: Foo*", "f: n: int",
                                        "f: r: Foo&", "f: h: Foo"));
}

TEST(ExtractCpp, TellsReceivers) {
  Read read("cpp", R"(
void C::f(T* p) {
  ::global(); ns::g<int>(1); p->a.b(); (*p).c(); f<int>(2); p->q<int>(3);
  make().d(); static_cast<Foo*>(p)->e(); (*this).h(); "x"s.size();
}
)");
  EXPECT_THAT(read.calls(),
              ElementsAre("C::f -> ::global(0)", "C::f -> ns::g(1)", "C::f -> p.a.b(0)", "C::f -> p.c(0)",
                          "C::f -> f(1)", "C::f -> p.q(1)", "C::f -> make().d(0)", "C::f -> make(0)",
                          "C::f -> <Foo>.e(0)", "C::f -> self.h(0)", "C::f -> ?.size(0)"));
}

TEST(ExtractCpp, LambdasBelongToTheirFunctionAndReturnForThemselves) {
  Read read(
      "cpp",
      "int f(L l) { for (auto& x : l) x.run(); auto g = [&](Foo y) { y.go(); return 1; }; return h(); }\n");
  EXPECT_THAT(read.calls(), ElementsAre("f -> x.run(0)", "f -> y.go(0)", "f -> h(0)"));
  EXPECT_THAT(read.assignments(), ElementsAre("f: x = member l[]", "f: g = callable", "f: return = call h"));
  EXPECT_THAT(read.types(), Contains("f: y: Foo"));
}

TEST(ExtractCpp, UsingIsAnImportOfNames) {
  Read read("cpp",
            "#include \"a.h\"\nusing namespace std;\nusing a::b::c;\nnamespace fs = std::filesystem;\n"
            "using Alias = std::vector<int>;\n");
  EXPECT_THAT(read.imports(), ElementsAre("import a.h", "from std import *", "from a::b import c",
                                          "import std::filesystem as fs"));
  EXPECT_EQ(read.symbol("Alias").type, "std::vector<int>");
}

TEST(ExtractCpp, ExportMacrosDoNotHideClasses) {
  Read read("cpp", R"(
class FOO_EXPORT Db {
 public:
  int Get() FOO_GUARDED(mu_) { return Find(); }
  FOO_DEPRECATED void Put();
};
)");
  EXPECT_THAT(read.symbols(), ElementsAre("class Db", "method Db::Get", "method Db::Put;"));
  EXPECT_THAT(read.calls(), Contains("Db::Get -> Find(0)"));
  EXPECT_TRUE(read.clean());
}

TEST(ExtractCpp, TestMacrosAreNamedByTheirTest) {
  Read read("cpp", "TEST_F(DbTest, Empty) { Open(); }\n");
  EXPECT_THAT(read.symbols(), ElementsAre("function DbTest::Empty"));
  EXPECT_THAT(read.calls(), ElementsAre("DbTest::Empty -> Open(0)"));
  EXPECT_THAT(read.symbol("DbTest::Empty").decorators, ElementsAre("TEST_F"));
}

TEST(ExtractCpp, FriendsAndForwardDeclarationsDefineNothing) {
  Read read("cpp",
            "class A;\nstruct B { friend class C; friend void f(int); friend int g(B) { return h(); } };\n");
  EXPECT_THAT(read.symbols(), Not(Contains("class A")));
  EXPECT_THAT(read.symbols(), Not(Contains("method B::f;")));
  EXPECT_THAT(read.calls(), Contains("B::g -> h(0)"));
}

TEST(ExtractCpp, TrailingTypesAndStructuredBindings) {
  Read read("cpp", "auto f(int x) -> std::vector<int> { auto [a, b] = pair(); return {}; }\n");
  EXPECT_EQ(read.symbol("f").type, "std::vector<int>");
  EXPECT_THAT(read.assignments(), Contains("f: b = member pair()[1]"));
}

TEST(ExtractCpp, CarriageReturnsChangeNothing) {
  std::string unix_lines = "class A {\n  int f() { return g(); }\n};\n", dos_lines;
  for (char byte : unix_lines) dos_lines += byte == '\n' ? std::string("\r\n") : std::string(1, byte);
  Read one("cpp", unix_lines), other("cpp", dos_lines);
  EXPECT_EQ(one.symbols(), other.symbols());
  EXPECT_EQ(one.places(), other.places());
  EXPECT_EQ(one.calls(), other.calls());
}

}  // namespace
}  // namespace mira::code
