#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractRust, NamesItemsAndImplMethods) {
  Read read("rust", R"(
/// A store.
#[derive(Debug)]
pub struct ^^Store<T> { pub ^^items: Vec<T>, ^^next: Option<Box<Store<T>>> }
enum ^^Kind { ^^Empty, ^^Full(i32) }
pub trait ^^Api: Base + Send { fn ^^get(&self) -> i32; fn ^^put(&mut self) { self.get(); } }
impl<T: Clone> Api for Store<T> { fn ^^get(&self) -> i32 { self.items.len() } }
impl Store<u8> { pub fn ^^new(size: usize) -> Self { Self { items: vec![], next: None } } }
type ^^Alias = HashMap<String, Store>;
const ^^LIMIT: i32 = 3;
mod ^^inner { pub(crate) fn ^^f() {} }
macro_rules! ^^twice { ($x:expr) => { run($x) }; }
)");
  EXPECT_THAT(
      read.symbols(),
      ElementsAre("struct Store", "field Store::items", "field Store::next", "enum Kind",
                  "enum_member Kind::Empty", "enum_member Kind::Full", "trait Api", "method Api::get;",
                  "method Api::put", "method Store::get", "method Store::new", "type Alias", "constant LIMIT",
                  "module inner", "function inner::f", "macro twice"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_EQ(read.symbol("Store").doc, "A store.");
  EXPECT_THAT(read.symbol("Store").decorators, ElementsAre("derive(Debug)"));
  EXPECT_THAT(read.symbol("Store").bases, ElementsAre("Api"));
  EXPECT_THAT(read.symbol("Api").bases, ElementsAre("Base", "Send"));
  EXPECT_EQ(read.symbol("Store::new").scope_name, "Store");
  EXPECT_TRUE(read.symbol("Store::new").is_static);
  EXPECT_THAT(read.symbol("Store::get").bases, ElementsAre("Api"));
  EXPECT_EQ(read.symbol("inner::f").visibility, Visibility::package);
}

TEST(ExtractRust, TellsReceivers) {
  Read read("rust", R"(
impl S {
    async fn f(&self, x: T) -> R {
        self.g(); Self::stat(); x.a.b(); h()?.i().await?; std::mem::swap(&mut x, y); <S as Tr>::req(&x);
        Vec::<u8>::with_capacity(3); x.map(S::new).and_then(helper); r.q::<T>(); (x as Foo).e();
        let c = |y: U| y.run();
    }
}
)");
  EXPECT_THAT(read.calls(),
              ElementsAre("S::f -> self.g(0)", "S::f -> Self::stat(0)", "S::f -> x.a.b(0)",
                          "S::f -> h()[].i(0)", "S::f -> h(0)", "S::f -> std::mem::swap(2)",
                          "S::f -> S::req(1)", "S::f -> Vec::with_capacity(1)", "S::f -> &helper",
                          "S::f -> x.map().and_then(1)", "S::f -> &S::new", "S::f -> x.map(1)",
                          "S::f -> r.q(0)", "S::f -> <Foo>.e(0)", "S::f -> y.run(0)"));
  EXPECT_TRUE(read.symbol("S::f").is_async_or_generator);
}

TEST(ExtractRust, MacroTokensMayCall) {
  Read read("rust", "fn f(x: T) { assert_eq!(x.len(), g(1)); println!(\"{}\", a::b()); }\n");
  EXPECT_THAT(read.calls(),
              ElementsAre("f -> assert_eq(0)", "f -> #x.len", "f -> #g", "f -> println(0)", "f -> #a::b"));
}

TEST(ExtractRust, FlattensUseTrees) {
  Read read("rust", R"(
use std::{fmt, collections::{HashMap as Map, self}};
use crate::a::*;
pub use super::b::C;
mod child;
)");
  EXPECT_THAT(read.imports(),
              ElementsAre("from std import fmt", "from std::collections import HashMap as Map",
                          "from std import collections", "from crate::a import *",
                          "reexport from super::b import C", "import self::child as child"));
}

TEST(ExtractRust, FollowsValuesThroughPatterns) {
  Read read("rust", R"(
fn f() -> S {
    let s: S = S::new(1);
    let (a, b) = pair();
    let Point { x, y: z } = p;
    if let Some(v) = opt { v.go(); }
    match e { E::B(n) => n.go(), _ => {} }
    for i in list.iter() { i.run(); }
    s.field = a;
    if cond { return other(); }
    s
}
)");
  EXPECT_THAT(read.assignments(),
              ElementsAre("f: return = name s", "f: s = call S::new", "f: a = member pair()[0]",
                          "f: b = member pair()[1]", "f: x = member p[x]", "f: z = member p[y]",
                          "f: v = member opt[0]", "f: n = member e[0]", "f: i = member list.iter()[]",
                          "f: s.field = name a", "f: return = call other"));
  EXPECT_THAT(read.types(), ElementsAre("f: s: S"));
}

}  // namespace
}  // namespace mira::code
