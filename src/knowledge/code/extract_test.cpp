#include "knowledge/code/extract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "knowledge/code/extract_expect.h"
#include "knowledge/code/extract_languages.h"
#include "knowledge/code/languages.h"
#include "platform/base/limits.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::IsEmpty;

// A few lines of each language with most of what its extractor looks at.
const std::map<std::string, std::string>& samples() {
  static const std::map<std::string, std::string> sources = {
      {"c",
       "#include <a.h>\n#define F(x) g(x)\n#if A\nstruct s { int a; void (*f)(int); };\n#endif\n"
       "static int f(struct s *p) { p->f(1); int x[] = {1, h}; return x[0] ? g(&x) : 2; }\n"},
      {"cpp",
       "namespace a { template <class T> class B : public C<T> { B() : x_(1) {} int x_; };\n"
       "int B<int>::f() const { auto l = [&](int q) { return q; }; for (auto& e : v) e.g(); return l(2); } "
       "}\n"},
      {"python",
       "from a import b as c\n@d(e)\nclass F(G):\n    x: int = 3\n    def h(self, *a, **k):\n"
       "        \"\"\"doc\"\"\"\n        self.y, z = {1: f}, [g for g in a if g]\n        return "
       "z['k'](1)\n"},
      {"javascript",
       "import a, { b } from 'c';\nexport default class D extends E { f = () => { this.g(...h); } }\n"
       "module.exports = { i() { return `${j()}`; }, k: [l, m] };\nconst { n, o: p } = q?.r();\n"},
      {"typescript",
       "interface A<T> extends B { c?: D; e(f: G): void }\nabstract class H implements A<I> {\n"
       "  constructor(private j: K) { super(); (j as L).m!(); }\n}\nenum N { O }\n"},
      {"tsx", "const App = ({ a }: P) => <A.B c={d} {...e}>{f(g)}</A.B>;\n"},
      {"go",
       "package a\nimport . \"b\"\ntype C struct { *D; e, f int }\nfunc (c *C) G(h ...int) (i I, err error) "
       "{\n"
       "\tj, ok := k[l].(M)\n\tgo func() { c.n() }()\n\treturn O{P: q}, nil\n}\n"},
      {"java",
       "package a;\nimport static b.C.d;\n@E class F<G> extends H implements I {\n  int[] j = {k()};\n"
       "  F(int... l) { super(l); new M() { void n() { o(this::p); } }; }\n}\n"},
      {"rust",
       "use a::{b as c, d::*};\n#[e]\npub struct F<G> { h: I }\nimpl<G> J for F<G> {\n"
       "  fn k(&self) -> L { if let Some(m) = n? { o!(m.p()); } self.q::<R>() }\n}\n"},
      {"csharp",
       "using A = B.C;\nnamespace D { [E] class F : G, H { int I { get => J(); } F(int k = 1) : base(k) { }\n"
       "  async Task L() { var (m, n) = await O?.P(); q += R; foreach (var s in t) s.U(v => v.W()); } } }\n"},
      {"ruby",
       "require 'a'\nmodule B\n  class C < D\n    include E\n    attr_reader :f\n    def self.g(h, i: 1, "
       "&j)\n"
       "      @k ||= L.new(h) { |m| m.n }\n      o if p&.q\n    end\n  end\nend\n"},
      {"php",
       "<?php namespace A;\nuse B\\C as D;\n#[E] class F extends G { use H; private ?I $j = null;\n"
       "  function k(L &$m, ...$n) { $this->j?->o([$p, $q] = R::s(...$n)); return fn($t) => $t; } }\n"},
      {"kotlin",
       "package a\nimport b.C as D\n@E class F<G>(val h: I) : J(h), K by l {\n  val m by lazy { n() }\n"
       "  companion object { fun o() = p?.q { it.r() } }\n}\nfun S.t(u: V = w) { when (x) { is Y -> z() } "
       "}\n"},
      {"bash", "#!/bin/sh\n. ./lib.sh\nA=1\nb() { if c \"$1\"; then local d=$(e f | g); fi; }\nb x\n"},
      {"lua", "local m = require('a.b')\nfunction M:f(a, ...) return a.b:c(d, function() e() end) end\n"},
      {"swift",
       "import A\nclass B: C {\n  let d: E = f()\n  init(g: H) { super.init() }\n"
       "  func i(_ j: K) -> L { m(j).n { $0.o() } }\n}\n"},
      {"scala",
       "package a\nimport b.{c => d}\nclass E(f: G) extends H with I {\n  val j = 1\n"
       "  def k(l: M)(n: O): P = q(l).r(s => s.t())\n}\n"},
  };
  return sources;
}

class EveryLanguage : public testing::TestWithParam<std::string> {};

TEST_P(EveryLanguage, HasAnExtractorThatFindsSomething) {
  Facts facts = extract(samples().at(GetParam()), GetParam());
  EXPECT_FALSE(facts.symbols.empty());
  EXPECT_FALSE(facts.calls.empty());
  EXPECT_FALSE(facts.cut);
}

TEST_P(EveryLanguage, EqualBytesGiveEqualFacts) {
  const std::string& source = samples().at(GetParam());
  EXPECT_EQ(encode(extract(source, GetParam())), encode(extract(source, GetParam())));
}

TEST_P(EveryLanguage, AnyTruncationGivesWellFormedFacts) {
  const std::string& source = samples().at(GetParam());
  for (std::size_t size = 0; size <= source.size(); ++size) {
    Facts facts = extract(std::string_view(source).substr(0, size), GetParam());
    ASSERT_TRUE(decode(encode(facts)).has_value()) << size;
  }
}

TEST_P(EveryLanguage, AnyDamageGivesWellFormedFacts) {
  std::mt19937 random(11);
  const std::string& source = samples().at(GetParam());
  for (int round = 0; round < 300; ++round) {
    std::string damaged = source;
    for (int change = 0; change < 4; ++change) {
      std::size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0:
          damaged[at] = static_cast<char>(random());
          break;
        case 1:
          damaged.erase(at, 1 + random() % 8);
          break;
        default:
          damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 16));
      }
      if (damaged.empty()) damaged = source;
    }
    ASSERT_TRUE(decode(encode(extract(damaged, GetParam()))).has_value()) << damaged;
  }
}

TEST_P(EveryLanguage, ParentsStandBeforeTheirChildrenAndHoldThem) {
  Facts facts = extract(samples().at(GetParam()), GetParam());
  for (std::size_t at = 0; at < facts.symbols.size(); ++at) {
    const Symbol& symbol = facts.symbols[at];
    EXPECT_LE(symbol.start_line, symbol.name_line) << symbol.qualified;
    EXPECT_LE(symbol.name_line, symbol.end_line) << symbol.qualified;
    EXPECT_LT(symbol.parent, static_cast<std::int32_t>(at));
    if (symbol.parent == no_symbol) continue;
    EXPECT_GE(symbol.start_byte, facts.symbols[symbol.parent].start_byte) << symbol.qualified;
    EXPECT_LE(symbol.end_byte, facts.symbols[symbol.parent].end_byte) << symbol.qualified;
  }
}

TEST_P(EveryLanguage, OddBytesAreSurvived) {
  const std::string& source = samples().at(GetParam());
  EXPECT_THAT(Read(GetParam(), "").symbols(), IsEmpty());
  for (std::string odd : {std::string("\xff\xfe\x80 \xc3"), std::string(4, '\0'), std::string("\xef\xbb\xbf"),
                          std::string("\r\n\r"), std::string("\"")}) {
    for (const std::string& text : {odd, odd + source, source + odd}) {
      ASSERT_TRUE(decode(encode(extract(text, GetParam()))).has_value());
    }
  }
}

TEST_P(EveryLanguage, DeepNestingEndsInTimeAndIsTold) {
  for (std::string bracket : {"(", "[", "{"}) {
    std::string source;
    for (int depth = 0; depth < 100'000; ++depth) source += bracket;
    Facts facts = extract(source, GetParam());
    EXPECT_TRUE(facts.cut);
    EXPECT_EQ(facts.state, ParseState::failed);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryLanguage, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& [name, source] : samples()) names.push_back(name);
                           return names;
                         }()),
                         [](const auto& language) { return language.param; });

TEST(Extract, EveryParsedLanguageHasASample) {
  for (const Language& language : languages()) {
    if (language.depth == Depth::text) continue;
    EXPECT_TRUE(samples().contains(std::string(language.name))) << language.name;
  }
}

TEST(Extract, EveryLanguageWithElementsHasAnExtractor) {
  for (const Language& language : languages()) {
    EXPECT_EQ(find_extractor(language.name) != nullptr, language.depth != Depth::text) << language.name;
  }
}

TEST(Extract, LevelsPastTheLimitAreCutNotRecursedInto) {
  std::string source = "def f():\n    a()\n    return ";
  for (int depth = 0; depth < 3000; ++depth) source += "(";
  source += "b()";
  for (int depth = 0; depth < 3000; ++depth) source += ")";
  Read read("python", source);
  EXPECT_TRUE(read.facts.cut);
  EXPECT_EQ(read.facts.state, ParseState::partial);
  EXPECT_THAT(read.calls(), Contains("f -> a(0)"));
}

TEST(Extract, AMinifiedLineIsReadAndAHugeOneIsTold) {
  std::string line;
  while (line.size() < 1'000'000) line += "function f(a){return g(a.b,c=>c.d(1))}";
  Facts facts = extract(line, "javascript");
  EXPECT_FALSE(facts.symbols.empty());
  EXPECT_LE(facts.symbols.size() + facts.calls.size(), static_cast<std::size_t>(limits::facts_per_file));
  while (line.size() < 10'000'000) line += line;
  EXPECT_EQ(extract(line, "javascript").state, ParseState::too_large);
}

TEST(Extract, UnknownLanguagesAreNotParsed) {
  EXPECT_EQ(extract("x", "klingon").state, ParseState::not_parsed);
  EXPECT_EQ(extract("{}", "json").state, ParseState::not_parsed);
}

}  // namespace
}  // namespace mira::code
