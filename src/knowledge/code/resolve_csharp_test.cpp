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

TEST(CSharpCalls, ThroughUsingAliasAndStaticUsing) {
  CodeWorld world{
      {"Main.cs",
       "using Shop.Bills;\nusing Log = Shop.Logging.Journal;\nusing static Shop.Text.Tools;\n"
       "namespace Shop.App;\nclass Main { void Run() { Bill.Send(); Log.Note(); Trim(); } }\n"},
      {"Bill.cs", "namespace Shop.Bills { public class Bill { public static void Send() {} } }\n"},
      {"Other.cs", "namespace Other.Bills { public class Bill { public static void Send() {} } }\n"},
      {"Journal.cs", "namespace Shop.Logging { public class Journal { public static void Note() {} } }\n"},
      {"Tools.cs", "namespace Shop.Text { public static class Tools { public static void Trim() {} } }\n"}};
  std::vector<std::string> calls = world.calls(true);
  EXPECT_THAT(calls, Contains(HasSubstr("Bill.Send Bill.cs [proved]")));
  EXPECT_THAT(calls, Contains(HasSubstr("Journal.Note Journal.cs [proved]")));
  EXPECT_THAT(calls, Contains(HasSubstr("Tools.Trim Tools.cs [proved]")));
  EXPECT_EQ(calls.size(), 3u);
}

TEST(CSharpCalls, OfTheEnclosingNamespace) {
  CodeWorld world{{"a.cs", "namespace Shop { class Cart { public static void Add() {} } }\n"},
                  {"b.cs", "namespace Shop.App { class Main { void Run() { Cart.Add(); } } }\n"},
                  {"c.cs", "namespace Else { class Main { void Go() { Cart.Add(); } } }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre(HasSubstr("Main.Run -> ")));
}

TEST(CSharpCalls, OfFieldsPropertiesAndBase) {
  CodeWorld world{{"a.cs",
                   "namespace A {\nclass Item { public void Sell() {} public Item Next => this; }\n"
                   "class Other { public void Sell() {} }\nclass Base { protected virtual void Log() {} }\n"
                   "class Shop : Base {\n  private readonly Item first;\n  public Item Last { get; set; }\n"
                   "  void A() { first.Sell(); }\n  void B() { Last.Sell(); }\n  void C() { base.Log(); }\n"
                   "  void D() { var i = new Item(); i.Sell(); }\n  void E() { this.A(); }\n}\n}\n"}};
  std::vector<std::string> calls = world.calls();
  for (const char* expected : {"Shop.A -> ", "Shop.B -> ", "Shop.C -> ", "Shop.D -> ", "Shop.E -> "})
    EXPECT_THAT(calls, Contains(HasSubstr(expected)));
  EXPECT_THAT(calls, Contains(HasSubstr("Base.Log [proved]")));
  EXPECT_THAT(calls, Not(Contains(HasSubstr("Other.Sell"))));
}

TEST(CSharpCalls, OfTheLibraryLeadOut) {
  CodeWorld world{{"a.cs",
                   "using System;\nnamespace A { class Main { void Run() { Console.WriteLine(\"x\"); } }\n"
                   "class Own { public static void WriteLine(string x) {} } }\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(CSharpCalls, AwaitedGiveTheTypeInside) {
  CodeWorld world{{"a.cs",
                   "using System.Threading.Tasks;\nnamespace A {\nclass Item { public void Sell() {} }\n"
                   "class Shop {\n  Task<Item> Load() { return null; }\n"
                   "  async Task Run() { var i = await Load(); i.Sell(); }\n}\n}\n"}};
  EXPECT_THAT(world.calls(), Contains(HasSubstr("Item.Sell")));
}

}  // namespace
}  // namespace mira::code
