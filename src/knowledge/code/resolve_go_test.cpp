#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

constexpr const char* go_mod = "module example.com/shop\n\ngo 1.22\n";

TEST(GoCalls, ReachTheWholePackageAndNoOther) {
  CodeWorld world{{"go.mod", go_mod},
                  {"cart/cart.go", "package cart\nfunc Add() { price() }\n"},
                  {"cart/price.go", "package cart\nfunc price() {}\n"},
                  {"bill/price.go", "package bill\nfunc price() {}\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("Add -> price cart/price.go [proved]"));
}

TEST(GoCalls, ThroughAnImportItsAliasAndADot) {
  CodeWorld world{{"go.mod", go_mod},
                  {"main.go",
                   "package main\nimport \"example.com/shop/cart\"\nimport b \"example.com/shop/bill\"\n"
                   "import . \"example.com/shop/log\"\n"
                   "func main() { cart.Add(); b.Send(); Note() }\n"},
                  {"cart/cart.go", "package cart\nfunc Add() {}\n"},
                  {"bill/bill.go", "package bill\nfunc Send() {}\nfunc Add() {}\n"},
                  {"log/log.go", "package log\nfunc Note() {}\n"}};
  EXPECT_THAT(world.calls(true),
              ElementsAre("main -> Add cart/cart.go [proved]", "main -> Note log/log.go [proved]",
                          "main -> Send bill/bill.go [proved]"));
}

TEST(GoCalls, OfTheStandardLibraryLeadOut) {
  CodeWorld world{{"go.mod", go_mod},
                  {"main.go", "package main\nimport \"fmt\"\nfunc main() { fmt.Println(len(\"a\")) }\n"},
                  {"own/own.go", "package own\nfunc Println() {}\nfunc len() {}\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_THAT(world.open_calls(), Contains("fmt.Println: external:fmt.Println"));
}

TEST(GoCalls, OfMethodsByReceiverFieldAndResult) {
  CodeWorld world{
      {"go.mod", go_mod},
      {"a.go",
       "package a\ntype Store struct{}\nfunc (s *Store) Put() { s.check() }\nfunc (s Store) check() {}\n"
       "type Cache struct{}\nfunc (c *Cache) Put() {}\n"
       "type Shop struct { store *Store }\n"
       "func New() *Shop { return &Shop{store: &Store{}} }\n"
       "func (s *Shop) Save() { s.store.Put() }\n"
       "func Run() { shop := New(); shop.Save() }\n"}};
  EXPECT_THAT(world.calls(), IsSupersetOf({"Run -> New [proved]", "Shop.Save -> Store.Put [proved]",
                                           "Store.Put -> Store.check [proved]"}));
  EXPECT_THAT(world.calls(), Contains(testing::StartsWith("Run -> Shop.Save")));
  EXPECT_THAT(world.calls(), Not(Contains(testing::HasSubstr("Cache.Put"))));
}

TEST(GoCalls, OfAnEmbeddedTypesMethod) {
  CodeWorld world{{"go.mod", go_mod},
                  {"a.go",
                   "package a\ntype Base struct{}\nfunc (b *Base) Log() {}\n"
                   "type Shop struct { *Base }\nfunc (s *Shop) Run() { s.Log() }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("Shop.Run -> Base.Log [proved]"));
}

TEST(GoCalls, ThroughSlicesMapsAndRange) {
  CodeWorld world{{"go.mod", go_mod},
                  {"a.go",
                   "package a\ntype Item struct{}\nfunc (i *Item) Sell() {}\n"
                   "func One(all []*Item) { for _, item := range all { item.Sell() } }\n"
                   "func Two(all map[string]*Item) { if i, ok := all[\"x\"]; ok { i.Sell() } }\n"}};
  EXPECT_THAT(world.calls(), Contains(testing::StartsWith("One -> Item.Sell")));
  EXPECT_THAT(world.calls(), Contains(testing::StartsWith("Two -> Item.Sell")));
}

TEST(GoCalls, OnALocalFunctionDoNotReachANamesake) {
  CodeWorld world{{"go.mod", go_mod}, {"a.go", "package a\nfunc cut() {}\nfunc Run(cut func()) { cut() }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(GoCalls, OnAnInterfaceAreToItsMethodAndPossiblyToThoseWhoHaveIt) {
  CodeWorld world{{"go.mod", go_mod},
                  {"a.go",
                   "package a\ntype Store interface { Put(x int) }\n"
                   "type Disk struct{}\nfunc (d *Disk) Put(x int) {}\n"
                   "func Save(s Store) { s.Put(1) }\n"}};
  for (const std::string& call : world.calls()) {
    if (call.find("Disk.Put") != std::string::npos) {
      EXPECT_THAT(call, testing::HasSubstr("[possible]"));
    }
  }
  EXPECT_THAT(world.calls(), Contains(testing::StartsWith("Save -> Store.Put")));
}

}  // namespace
}  // namespace mira::code
