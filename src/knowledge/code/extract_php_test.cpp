#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractPhp, NamesTypesAndMembers) {
  Read read("php", R"(<?php
namespace App\Http;
/** Doc. */
#[Attr] abstract class ^^T extends Base implements I {
  use Logs;
  const ^^LIMIT = 3;
  private ?Db $^^db = null;
  public function ^^__construct(private int $^^size, ...$rest) {}
  public static function ^^create(string $a = "x"): static { return new static($a); }
  abstract protected function ^^m(): void;
}
interface ^^I { public function ^^f(); }
trait ^^Logs {}
enum ^^Suit: string { case ^^Hearts = 'h'; }
function ^^top(): ?T { return null; }
)");
  EXPECT_EQ(read.facts.package, "App\\Http");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class T", "constant T::LIMIT", "field T::db", "constructor T::__construct",
                          "field T::size", "method T::create", "method T::m;", "interface I", "method I::f;",
                          "trait Logs", "enum Suit", "enum_member Suit::Hearts", "function top"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("T").bases, ElementsAre("Base", "I", "Logs"));
  EXPECT_EQ(read.symbol("T").doc, "Doc.");
  EXPECT_EQ(read.symbol("T::db").type, "?Db");
  EXPECT_TRUE(read.symbol("T::__construct").parameters[1].variadic);
  EXPECT_TRUE(read.symbol("T::create").is_static);
}

TEST(ExtractPhp, TellsReceivers) {
  Read read("php", R"(<?php
class A {
  function f($x) {
    g(1); $this->h(); $this->db->get($x)->all(); B::stat(); self::own(); parent::f($x); new Foo($x); \N\k();
    $x?->safe(); $call(2); array_map(fn($y) => $y->q(), $x); strlen(...$x);
  }
})");
  EXPECT_THAT(read.calls(), ElementsAre("A::f -> g(1)", "A::f -> self.h(0)", "A::f -> self.db.get().all(0)",
                                        "A::f -> self.db.get(1)", "A::f -> B::stat(0)",
                                        "A::f -> self::own(0)", "A::f -> super.f(1)", "A::f -> new Foo(1)",
                                        "A::f -> \\N::k(0)", "A::f -> x.safe(0)", "A::f -> $call(1)",
                                        "A::f -> array_map(2)", "A::f -> y.q(0)", "A::f -> strlen(*)"));
}

TEST(ExtractPhp, FollowsValuesAndImports) {
  Read read("php", R"(<?php
use Foo\Bar;
use Foo\Baz as Qux;
use function a\fn1;
require_once 'x.php';
function f(T $t) {
  $a = new Foo();
  $b = T::make();
  [$p, $q] = pair();
  foreach ($list as $k => $v) {}
  $arr['k'] = $t;
  return $a ?? $b;
}
)");
  EXPECT_THAT(read.imports(),
              ElementsAre("import Foo\\Bar", "import Foo\\Baz as Qux", "from a import fn1", "import x.php"));
  EXPECT_THAT(read.assignments(),
              ElementsAre("f: a = new Foo", "f: b = call T::make", "f: p = member pair()[0]",
                          "f: q = member pair()[1]", "f: v = member list[]", "f: arr[k] = name t",
                          "f: return = name a", "f: return = name b"));
  EXPECT_THAT(read.types(), ElementsAre("f: t: T"));
}

}  // namespace
}  // namespace mira::code
