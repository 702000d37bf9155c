#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(TypeScriptCalls, ThroughNamedDefaultAndNamespaceImports) {
  CodeWorld world{
      {"main.ts",
       "import def, { cut as snip } from './tool'\nimport * as tool from './tool.js'\n"
       "export function a() { snip() }\nexport function b() { tool.cut() }\nexport function c() { def() }\n"},
      {"tool.ts", "export function cut() {}\nexport default function main() {}\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]", "b -> cut [proved]", "c -> main [proved]"));
}

TEST(TypeScriptCalls, ThroughBarrels) {
  CodeWorld world{{"main.ts", "import { cut, paste } from './lib'\nexport function a() { cut(); paste() }\n"},
                  {"lib/index.ts", "export * from './cut'\nexport { glue as paste } from './glue'\n"},
                  {"lib/cut.ts", "export const cut = () => {}\n"},
                  {"lib/glue.ts", "export function glue() {}\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]", "a -> glue [proved]"));
}

TEST(TypeScriptCalls, OfAPackageLeadOut) {
  CodeWorld world{{"main.ts", "import { cut } from 'scissors'\nexport function a() { cut() }\n"},
                  {"tool.ts", "export function cut() {}\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
  EXPECT_THAT(world.open_calls(), ElementsAre("cut: external:scissors.cut"));
}

TEST(TypeScriptCalls, OfMethodsThroughThisBasesAndTypes) {
  CodeWorld world{{"a.ts",
                   "class Base { log() {} }\nclass Thing extends Base {\n  run() { this.log(); this.stop() "
                   "}\n  stop() {}\n}\n"
                   "function f(t: Thing) { t.run() }\nfunction g() { const t = new Thing(); t.stop() }\n"}};
  EXPECT_THAT(world.calls(),
              ElementsAre("Thing.run -> Base.log [proved]", "Thing.run -> Thing.stop [proved]",
                          "f -> Thing.run [proved]", "g -> Thing [proved]", "g -> Thing.stop [inferred]"));
}

TEST(TypeScriptCalls, OfNestedFunctions) {
  CodeWorld world{{"a.ts", "export function outer() {\n  function inner() {}\n  inner()\n}\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("outer -> outer.inner [proved]"));
}

TEST(JavaScriptCalls, ThroughRequire) {
  CodeWorld world{{"main.js",
                   "const tool = require('./tool')\nconst { cut } = require('./tool')\n"
                   "function a() { tool.cut() }\nfunction b() { cut() }\n"},
                  {"tool.js", "function cut() {}\nmodule.exports = { cut }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]", "b -> cut [proved]"));
}

TEST(TypeScriptCalls, OfAWorkspacePackage) {
  CodeWorld world{
      {"packages/tool/package.json", "{\"name\": \"@me/tool\", \"main\": \"./dist/index.js\"}"},
      {"packages/tool/src/index.ts", "export function cut() {}\n"},
      {"packages/app/main.ts", "import { cut } from '@me/tool'\nexport function a() { cut() }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]"));
}

TEST(TypeScriptCalls, ThroughPathAliases) {
  CodeWorld world{
      {"tsconfig.json",
       "{\n  // aliases\n  \"compilerOptions\": {\"baseUrl\": \".\", \"paths\": {\"@/*\": [\"src/*\"],}}\n}"},
      {"src/tool.ts", "export function cut() {}\n"},
      {"src/app/main.ts", "import { cut } from '@/tool'\nexport function a() { cut() }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]"));
}

TEST(TypeScriptCalls, ThroughThePackagesOwnImports) {
  struct Case {
    const char *imports, *written;
    bool known;
  };
  for (const Case& one :
       {Case{R"({"#lib/*": "./src/lib/*.ts"})", "#lib/tool", true},
        Case{R"({"#tool": {"types": "./src/lib/tool.ts", "default": "./dist/lib/tool.js"}})", "#tool", true},
        Case{R"({"#lib/*": {"node": {"import": "./dist/lib/*.js"}}})", "#lib/tool", true},
        Case{R"({"#tool": "@me/tool"})", "#tool", true}, Case{R"({"#tool": "left-pad"})", "#tool", false},
        Case{R"({"#lib/*": "./src/lib/*.ts"})", "#other/tool", false}, Case{"[]", "#lib/tool", false}}) {
    CodeWorld world{{"app/package.json", std::string(R"({"name": "app", "imports": )") + one.imports + "}"},
                    {"app/src/lib/tool.ts", "export class Saw { cut() {} }\n"},
                    {"app/src/main.ts", std::string("import type { Saw } from '") + one.written +
                                            "'\nexport function f(saw: Saw) { saw.cut() }\n"},
                    {"tool/package.json", R"({"name": "@me/tool", "main": "./index.ts"})"},
                    {"tool/index.ts", "export { Saw } from '../app/src/lib/tool'\n"}};
    auto called = Contains("f -> Saw.cut [proved]");
    if (one.known)
      EXPECT_THAT(world.calls(), called) << one.imports;
    else
      EXPECT_THAT(world.calls(), Not(called)) << one.imports;
  }
}

// An inner package has its own names: those of the package around it do not reach in.
TEST(TypeScriptCalls, ThroughImportsOfTheNearestPackageOnly) {
  CodeWorld world{{"package.json", R"({"imports": {"#tool": "./tool.ts"}})"},
                  {"tool.ts", "export function cut() {}\n"},
                  {"a.ts", "import { cut } from '#tool'\nexport function a() { cut() }\n"},
                  {"inner/package.json", R"({"name": "inner"})"},
                  {"inner/b.ts", "import { cut } from '#tool'\nexport function b() { cut() }\n"}};
  EXPECT_THAT(world.calls(), ElementsAre("a -> cut [proved]"));
}

// An edit of the manifest alone moves what the name stands for.
TEST(TypeScriptCalls, ThroughThePackagesOwnImportsFollowAnEditOfThem) {
  CodeWorld world{{"package.json", R"({"imports": {"#tool": "./one.ts"}})"},
                  {"one.ts", "export function cut() {}\n"},
                  {"two.ts", "export function cut() {}\n"},
                  {"a.ts", "import { cut } from '#tool'\nexport function a() { cut() }\n"}};
  EXPECT_THAT(world.calls(true), ElementsAre("a -> cut one.ts [proved]"));
  world.let_a_minute_pass();
  world.write("package.json", R"({"imports": {"#tool": "./two.ts"}})");
  world.refresh();
  EXPECT_THAT(world.calls(true), ElementsAre("a -> cut two.ts [proved]"));
}

TEST(Calls, NeverCrossFromOneLanguageToAnother) {
  CodeWorld world{{"a.py", "def f():\n    cut()\n"}, {"a.ts", "export function cut() {}\n"}};
  EXPECT_THAT(world.calls(), IsEmpty());
}

TEST(TypeScriptCalls, ThroughATypeAssertionAreInferredForNoCompilerVouchesForThem) {
  struct Case {
    const char *call, *tier;
  };
  for (const Case& one : {Case{"cut(1)", "proved"}, Case{"tool.cut(1)", "proved"}, Case{"(cut)(1)", "proved"},
                          Case{"(cut as const)(1)", "proved"}, Case{"(cut as any)(1)", "inferred"},
                          Case{"(tool.cut as any)(1)", "inferred"}, Case{"(tool as any).cut(1)", "inferred"},
                          Case{"(cut as (x: number) => void)(1)", "inferred"}}) {
    CodeWorld world{{"main.ts", std::string("import * as tool from './tool'\nimport { cut } from './tool'\n"
                                            "export function f() { return ") +
                                    one.call + " }\n"},
                    {"tool.ts", "export function cut(x: number) {}\n"}};
    EXPECT_THAT(world.calls(), ElementsAre(std::string("f -> cut [") + one.tier + "]")) << one.call;
  }
}

TEST(JavaScriptCalls, OfThisFollowItsDeclaredType) {
  CodeWorld world{{"a.ts",
                   "interface Schema { clone(): Schema }\n"
                   "export const methods = {\n  check(this: Schema) { return this.clone(); },\n};\n"}};
  EXPECT_THAT(world.calls(), Contains("methods.check -> Schema.clone [proved]"));
}

TEST(JavaScriptCalls, OfNewThroughAnInterfaceMakeNoObjectOfTheInterface) {
  CodeWorld world{{"a.ts",
                   "interface Maker { new (x: number): object }\n"
                   "declare function make(): Maker;\n"
                   "export const Thing: Maker = make();\n"
                   "export function f() { return new Thing(1); }\n"}};
  EXPECT_THAT(world.calls(), testing::Not(Contains(testing::StartsWith("f -> Maker"))));
}

}  // namespace
}  // namespace mira::code
