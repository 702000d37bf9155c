#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ExtractJavascript, FunctionsAreNamedByWhatTheyAreBoundTo) {
  Read read("javascript", R"(
function ^^declared() {}
const ^^arrow = async () => {};
let ^^expression = function own() {};
Foo.prototype.^^method = function () {};
app.^^use = function use(fn) {};
exports.^^out = () => {};
setTimeout(function ^^named() {}, 1);
setTimeout(function () {}, 1);
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("function declared", "function arrow", "function expression", "method Foo.method",
                          "function app.use", "function out", "function named"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_TRUE(read.symbol("arrow").is_async_or_generator);
  EXPECT_EQ(read.symbol("Foo.method").scope_name, "Foo");
}

TEST(ExtractJavascript, ObjectMethodsAreQualifiedByTheirKeys) {
  Read read("javascript", R"(
const api = {
  get(id) { load(id); },
  put: (id) => save(id),
  nested: { deep() {} },
  "quoted-key": function () {},
};
)");
  EXPECT_THAT(read.symbols(), ElementsAre("variable api", "method api.get", "method api.put",
                                          "method api.nested.deep", "method api.quoted-key"));
  EXPECT_THAT(read.calls(), ElementsAre("api.get -> load(1)", "api.put -> save(1)"));
}

TEST(ExtractJavascript, ClassesHaveFieldsMethodsAndBases) {
  Read read("javascript", R"(
class ^^Dog extends Animal {
  ^^legs = 4;
  static ^^#count = 0;
  ^^constructor(name) { super(name); this.name = name; }
  get ^^age() { return this.#born(); }
  ^^bound = () => { this.bark(); };
}
const ^^Cat = class { ^^meow() {} };
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("class Dog", "field Dog.legs", "field Dog.#count", "constructor Dog.constructor",
                          "method Dog.age", "method Dog.bound", "class Cat", "method Cat.meow"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("Dog").bases, ElementsAre("Animal"));
  EXPECT_THAT(read.calls(), ElementsAre("Dog.constructor -> new super.constructor(1)",
                                        "Dog.age -> self.#born(0)", "Dog.bound -> self.bark(0)"));
}

TEST(ExtractJavascript, TellsReceivers) {
  Read read("javascript", R"(
function f(x) {
  g(...x); x?.y?.(1); new ns.Foo(2); a.b().c(h); tag`t`; `${i()}`; table["k"](); (await j()).k();
  list.map((e) => e.go());
}
)");
  EXPECT_THAT(read.calls(),
              ElementsAre("f -> g(*)", "f -> x.y(1)", "f -> new ns.Foo(1)", "f -> &h", "f -> a.b().c(1)",
                          "f -> a.b(0)", "f -> tag(1)", "f -> i(0)", "f -> table[k](0)", "f -> j().k(0)",
                          "f -> j(0)", "f -> list.map(1)", "f -> e.go(0)"));
}

TEST(ExtractJavascript, ReadsModulesOfBothKinds) {
  Read read("javascript", R"(
import def, { a as b } from "./x";
import * as ns from 'y';
import "side";
export { c as d } from "./re";
export * from "./all";
export * as k from "./kk";
const fs = require("fs"), { join: j } = require("path");
const read = require("fs").readFile;
await import("./lazy");
)");
  EXPECT_THAT(read.imports(),
              ElementsAre("from ./x import default as def", "from ./x import a as b", "import y as ns",
                          "import side", "reexport from ./re import c as d", "reexport from ./all import *",
                          "reexport import ./kk as k", "import fs as fs", "from path import join as j",
                          "from fs import readFile as read", "import ./lazy"));
}

TEST(ExtractJavascript, ExportsAreWhatImportersSee) {
  EXPECT_THAT(Read("javascript",
                   "export function a() {}\nexport const b = 1, c = 2;\nexport { d as e };\n"
                   "export default class F {}\n")
                  .exports(),
              ElementsAre("a = a", "b = b", "c = c", "e = d", "default = F"));
  EXPECT_THAT(Read("javascript", "module.exports = { a, b: c };\nexports.d = function () {};\n").exports(),
              ElementsAre("a = a", "b = c", "d = d"));
  EXPECT_THAT(Read("javascript", "module.exports = Foo;\n").exports(), ElementsAre("default = Foo"));
  Read anonymous("javascript", "export default () => { go(); };\n");
  EXPECT_THAT(anonymous.symbols(), ElementsAre("function default"));
  EXPECT_THAT(anonymous.exports(), Contains("default = default"));
}

TEST(ExtractJavascript, WhatIsNotExportedIsOfTheFile) {
  Read read("javascript", "export function a() {}\nfunction b() {}\nfunction c() {}\nexport { c };\n");
  EXPECT_EQ(read.symbol("a").visibility, Visibility::public_);
  EXPECT_EQ(read.symbol("b").visibility, Visibility::file);
  EXPECT_EQ(read.symbol("c").visibility, Visibility::public_);
  EXPECT_EQ(Read("javascript", "function script() {}\n").symbol("script").visibility, Visibility::public_);
}

TEST(ExtractJavascript, FollowsValues) {
  Read read("javascript", R"(
function f(o) {
  const { a, b: c } = o, [d] = g();
  let x = a ? new Foo() : h;
  this.y = x || z.w;
  for (const e of list) e();
  const t = { run: go, stop };
  return (n) => n;
}
const k = () => make();
)");
  EXPECT_THAT(
      read.assignments(),
      ElementsAre("f: a = member o[a]", "f: c = member o[b]", "f: d = member g()[0]", "f: x = new Foo",
                  "f: x = name h", "f: self.y = name x", "f: self.y = member z.w", "f: e = member list[]",
                  "f: t = container object", "f: t[run] = name go", "f: t[stop] = name stop",
                  "f: return = callable", "f: n = other", "k = callable", "k: return = call make"));
}

TEST(ExtractJavascript, JsxElementsUseComponents) {
  Read read("javascript",
            "const App = () => <Layout.Main onClick={go}><div/><Button>{label()}</Button></Layout.Main>;\n");
  EXPECT_THAT(read.calls(), ElementsAre("App -> <Layout.Main/>", "App -> <Button/>", "App -> label(0)"));
}

TEST(ExtractTypescript, ReadsTypesOfParametersFieldsAndResults) {
  Read read("typescript", R"(
export class Service<T> extends Base<T> implements Api, Other {
  private readonly cache?: Map<string, T>;
  constructor(private db: Db, public log = new Log()) { super(); }
  async find(id: string, deep?: boolean, ...rest: T[]): Promise<T> { return this.db.get(id); }
}
)");
  EXPECT_THAT(read.symbol("Service").bases, ElementsAre("Base", "Api", "Other"));
  EXPECT_EQ(read.symbol("Service.cache").type, "Map<string, T>");
  EXPECT_EQ(read.symbol("Service.cache").visibility, Visibility::private_);
  EXPECT_EQ(read.symbol("Service.db").type, "Db");
  EXPECT_EQ(read.symbol("Service.find").type, "Promise<T>");
  EXPECT_TRUE(read.symbol("Service.find").parameters[1].has_default);
  EXPECT_TRUE(read.symbol("Service.find").parameters[2].variadic);
  EXPECT_THAT(read.calls(), Contains("Service.find -> self.db.get(1)"));
  EXPECT_THAT(read.assignments(), Contains("Service.constructor: self.db = name db"));
}

TEST(ExtractTypescript, NamesInterfacesAliasesEnumsAndNamespaces) {
  Read read("typescript", R"(
interface ^^Api extends A, B { ^^url: string; ^^get(x: number): void }
type ^^Shape = { ^^kind: string };
enum ^^Color { ^^Red, ^^Green = 2 }
namespace ^^N { export function ^^f() {} }
function ^^over(a: string): string;
function ^^over(a: any) { return a; }
abstract class ^^C { abstract ^^m(): void; @dec() ^^n() {} }
declare function ^^ext(): void;
)");
  EXPECT_THAT(read.symbols(),
              ElementsAre("interface Api", "field Api.url", "method Api.get;", "type Shape",
                          "field Shape.kind", "enum Color", "enum_member Color.Red",
                          "enum_member Color.Green", "namespace N", "function N.f", "function over;",
                          "function over", "class C", "method C.m;", "method C.n", "function ext;"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_THAT(read.symbol("Api").bases, ElementsAre("A", "B"));
  EXPECT_THAT(read.symbol("C.n").decorators, ElementsAre("dec()"));
  EXPECT_THAT(read.exports(), IsEmpty());
}

TEST(ExtractTypescript, CastsSayTheTypeOfAReceiver) {
  Read read("typescript", "function f(x: any) { (x as Foo).go(); x!.run(); const y = <Bar>x; }\n");
  EXPECT_THAT(read.calls(), ElementsAre("f -> <Foo>.go(0)", "f -> x.run(0)"));
  EXPECT_THAT(read.assignments(), ElementsAre("f: y = new Bar"));
}

TEST(ExtractTypescript, TypeImportsAreTold) {
  Read read("typescript",
            "import type { A } from './a';\nimport { type B, c } from './b';\nimport q = require('q');\n");
  EXPECT_THAT(read.imports(), ElementsAre("type from ./a import A", "type from ./b import B",
                                          "from ./b import c", "import q as q"));
}

}  // namespace
}  // namespace mira::code
