// Java and Kotlin share packages, imports and classes; each has its own block.
#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

TEST(JavaCalls, ThroughPackageImportAndStaticImport) {
  CodeWorld world{
      {"shop/Main.java",
       "package shop;\nimport shop.bill.Bill;\nimport static shop.util.Text.trim;\n"
       "class Main {\n  void run() { Cart.add(); Bill.send(); trim(); }\n}\n"},
      {"shop/Cart.java", "package shop;\nclass Cart { static void add() {} }\n"},
      {"shop/bill/Bill.java", "package shop.bill;\npublic class Bill { public static void send() {} }\n"},
      {"other/Bill.java", "package other;\npublic class Bill { public static void send() {} }\n"},
      {"shop/util/Text.java", "package shop.util;\npublic class Text { public static void trim() {} }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("Main.run -> Bill.send shop/bill/Bill.java [proved]",
                                             "Main.run -> Cart.add shop/Cart.java [proved]",
                                             "Main.run -> Text.trim shop/util/Text.java [proved]"));
}

TEST(JavaCalls, OfFieldsParametersAndResults) {
  CodeWorld world{
      {"a/Shop.java",
       "package a;\nclass Item { void sell() {} Item next() { return this; } }\n"
       "class Other { void sell() {} }\n"
       "class Shop {\n  private Item first;\n  void a() { first.sell(); }\n  void b(Item i) { i.sell(); }\n"
       "  void c() { first.next().sell(); }\n  void d() { var i = new Item(); i.sell(); }\n}\n"}};
  std::vector<std::string> calls = world.calls();
  for (const char* caller : {"a", "b", "c", "d"})
    EXPECT_THAT(calls, Contains(StartsWith(std::string("Shop.") + caller + " -> Item.sell")));
  EXPECT_THAT(calls, Not(Contains(HasSubstr("Other.sell"))));
}

TEST(JavaCalls, OfSuperThisAndOuterClasses) {
  CodeWorld world{
      {"a/A.java",
       "package a;\nclass Base { void log() {} void stop() {} }\n"
       "class A extends Base {\n  void stop() { super.stop(); }\n  void run() { log(); stop(); }\n"
       "  class Inner { void go() { run(); } }\n}\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"A.Inner.go -> A.run [proved]", "A.run -> A.stop [proved]",
                                           "A.run -> Base.log [proved]", "A.stop -> Base.stop [proved]"}));
}

TEST(JavaCalls, OfOverloadsByArity) {
  CodeWorld world{{"a/A.java",
                   "package a;\nclass A {\n  void put(int a) {}\n  void put(int a, int b) {}\n"
                   "  void run() { put(1, 2); }\n}\n"}};
  std::vector<std::string> lines;
  ASSERT_TRUE(world.index().each(
      "SELECT b.name_line, g.tier FROM call_graph g JOIN code_elements b ON b.element_id = g.callee_id",
      [&](const store::Row& row) { lines.push_back(fmt::format("{} {}", row.integer(0), row.text(1))); }));
  EXPECT_THAT(lines, ElementsAre("4 proved"));
}

TEST(JavaCalls, OfTheLibraryLeadOut) {
  CodeWorld world{
      {"a/A.java",
       "package a;\nimport java.util.List;\nclass A { void run(List<String> all) { all.add(\"x\"); } }\n"
       "class Own { void add(String x) {} }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(JavaCalls, OfALambdaBelongToTheMethodAroundIt) {
  CodeWorld world{{"a/A.java",
                   "package a;\nimport java.util.List;\nclass Item { void sell() {} }\n"
                   "class A { void run(List<Item> all) { all.forEach(i -> i.sell()); for (Item i : all) "
                   "i.sell(); } }\n"}};
  EXPECT_THAT(world.calls(), Contains(StartsWith("A.run -> Item.sell")));
}

TEST(KotlinCalls, OfTopLevelFunctionsPackagesAndObjects) {
  CodeWorld world{
      {"shop/Main.kt",
       "package shop\nimport shop.bill.send\nimport shop.bill.Ledger as Book\n"
       "fun main() { cut(); send(); Book.note() }\n"},
      {"shop/Cut.kt", "package shop\nfun cut() {}\n"},
      {"other/Cut.kt", "package other\nfun cut() {}\nfun send() {}\n"},
      {"shop/bill/Bill.kt", "package shop.bill\nfun send() {}\nobject Ledger { fun note() {} }\n"}};
  EXPECT_THAT(world.calls(true),
              ElementsAre("main -> Ledger.note shop/bill/Bill.kt [proved]",
                          "main -> cut shop/Cut.kt [proved]", "main -> send shop/bill/Bill.kt [proved]"));
}

TEST(KotlinCalls, OfPropertiesNullableAndConstructed) {
  CodeWorld world{
      {"a/A.kt",
       "package a\nclass Item {\n  fun sell() {}\n}\nclass Other {\n  fun sell() {}\n}\n"
       "class Shop(private val first: Item) {\n  fun a() { first.sell() }\n"
       "  fun b(i: Item?) { i?.sell() }\n  fun c() {\n    val i = Item()\n    i.sell()\n  }\n}\n"}};
  std::vector<std::string> calls = world.calls();
  for (const char* caller : {"a", "b", "c"})
    EXPECT_THAT(calls, Contains(StartsWith(std::string("Shop.") + caller + " -> Item.sell")));
  EXPECT_THAT(calls, Not(Contains(HasSubstr("Other.sell"))));
}

TEST(KotlinCalls, OfACompanion) {
  CodeWorld world{{"a/A.kt",
                   "package a\nclass Item {\n  companion object {\n    fun make(): Item = Item()\n  }\n"
                   "  fun sell() {}\n}\nfun run() {\n  val i = Item.make()\n  i.sell()\n}\n"}};
  EXPECT_THAT(world.calls(), Contains(testing::ContainsRegex("run -> Item\\..*make")));
  EXPECT_THAT(world.calls(), Contains(StartsWith("run -> Item.sell")));
}

}  // namespace
}  // namespace mira::code
