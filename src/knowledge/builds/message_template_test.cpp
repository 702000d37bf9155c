#include "knowledge/builds/message_template.h"

#include <gmock/gmock.h>

#include "knowledge/builds/tool_words.h"

namespace mira::builds {
namespace {

struct Case {
  std::string_view message, wanted;
};

TEST(TemplatesWithNames, MaskWhatTheMachineAndTheMomentChange) {
  for (const Case& one : {
           Case{"cannot open /tmp/x/y.o: error 12", "cannot open <path>y.o: error <n>"},
           Case{"at 0x7ffe12 in commit 1a2b3c4d5e", "at <address> in commit <hash>"},
           Case{"\u2018count\u2019 undeclared", "'count' undeclared"},
           Case{"`count` undeclared", "'count' undeclared"},
           Case{"/tmp/ccAbX12z.o: undefined symbol foo", "<path>: undefined symbol foo"},
           Case{"../lib/foo.h: No such file", "<path>foo.h: No such file"},
           Case{"cannot find package example.org/a/b", "cannot find package example.org/a/b"},
           Case{"took 12ms,   twice\n", "took <n>, twice "},
           Case{"at src/a.c:12:5", "at <path>a.c:12:5"},
       })
    EXPECT_EQ(template_with_names(one.message), one.wanted) << one.message;
}

TEST(TemplatesWithoutNames, AreTheToolsOwnSentence) {
  for (const Case& one : {
           Case{"'foo_bar' is used by Foo::bar, value 12", "<x> used <x> value <x>"},
           Case{"\u2018count\u2019 undeclared (first use in this function); did you mean \u2018counts\u2019?",
                "<x> undeclared first use function"},
           Case{"undefined: total", "undefined <x>"},
           Case{"missing fields `a`, `b` and `c` in initializer of `S`", "missing field <x> initializer <x>"},
           Case{"missing field `a` in initializer of `S`", "missing field <x> initializer <x>"},
           Case{"Unexpected 'debugger' statement.", "unexpected 'debugger' statement"},
           Case{"Expected '===' and instead saw '=='.", "expected '===' instead saw '=='"},
           Case{"variable count is already defined in method total(int)",
                "variable <x> already defined method <x>"},
           Case{"Line too long (105/100)", "line too long <x>"},
       })
    EXPECT_EQ(template_without_names(one.message), one.wanted) << one.message;
}

// Pairs that are one kind, told in other names, numbers, quotes and wordings of number.
TEST(TemplatesWithoutNames, AreOneWhereTheFaultIsOne) {
  for (const auto& [one, other] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"incompatible types: String cannot be converted to int",
            "incompatible types: int cannot be converted to Cart"},
           {"undefined reference to `main'", "undefined reference to `price_of(int)'"},
           {"cannot use price (variable of type string) as int value in assignment",
            "cannot use x (variable of type Cart) as string value in assignment"},
           {"class Total is public, should be declared in a file named Total.java",
            "class Cart is public, should be declared in a file named Cart.java"},
           {"f() takes 1 positional argument but 2 were given",
            "total() takes 2 positional arguments but 3 were given"},
           {"incompatible types: Entry cannot be converted to Buffer",
            "incompatible types: Cart cannot be converted to boolean"},
           {"Unused import os", "Unused import collections"},
           {"package a.b does not exist", "package shop.cart.item does not exist"},
       })
    EXPECT_EQ(template_without_names(one), template_without_names(other)) << one;
}

TEST(TemplatesWithoutNames, AreTwoWhereTheFaultIsAnother) {
  for (const auto& [one, other] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"unused variable 'a'", "unused parameter 'a'"},
           {"Expected '===' and instead saw '=='.", "Expected '!==' and instead saw '!='."},
           {"Unexpected 'debugger' statement.", "Unexpected 'else' statement."},
           {"expected ';' before '}' token", "expected ')' before '}' token"},
           {"too few arguments to function 'f'", "too many arguments to function 'f'"},
           {"Missing class docstring", "Missing module docstring"},
       })
    EXPECT_NE(template_without_names(one), template_without_names(other)) << one;
}

// A message that is nothing but names would else be one kind with every other such message.
TEST(TemplatesWithoutNames, KeepTheNamesWhereNothingElseIsThere) {
  EXPECT_NE(template_without_names("frobnicate"), template_without_names("quux"));
  EXPECT_EQ(template_without_names(""), "");
}

TEST(TemplatesWithoutNames, EndOnAnyBytes) {
  for (const std::string_view odd : {"'", "''", "'a", "{aka ", "(aka 'x'", "..", "../", "/", ".", "\x80\xff",
                                     ". did you mean", "a:b:", "-", "\u2018"}) {
    EXPECT_LE(template_without_names(odd).size(), 64U) << odd;
    EXPECT_LE(template_with_names(odd).size(), 64U) << odd;
  }
}

TEST(ToolWords, AreFoundAndNamesAreNot) {
  for (const std::string_view word : {"undeclared", "argument", "unused", "able", "zero"})
    EXPECT_TRUE(is_tool_word(word)) << word;
  for (const std::string_view word : {"cart", "foo", "", "coupon"}) EXPECT_FALSE(is_tool_word(word)) << word;
  EXPECT_TRUE(is_grammar_word("the"));
  EXPECT_TRUE(is_language_word("else"));
}

}  // namespace
}  // namespace mira::builds
