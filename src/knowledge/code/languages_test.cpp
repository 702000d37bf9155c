#include "knowledge/code/languages.h"

#include <gtest/gtest.h>

#include <set>

namespace mira::code {
namespace {

std::string named(std::string_view path, std::string_view head = {}) {
  const Language* language = language_of(path, head);
  return language == nullptr ? "" : std::string(language->name);
}

TEST(Languages, AreToldByExtension) {
  EXPECT_EQ(named("src/a.c"), "c");
  EXPECT_EQ(named("src/a.CPP"), "cpp");
  EXPECT_EQ(named("a/b.pyi"), "python");
  EXPECT_EQ(named("x.d.ts"), "typescript");
  EXPECT_EQ(named("x.tsx"), "tsx");
  EXPECT_EQ(named("build.gradle.kts"), "kotlin");
  EXPECT_EQ(named("README.md"), "markdown");
}

TEST(Languages, AreToldByFileName) {
  EXPECT_EQ(named("deep/Rakefile"), "ruby");
  EXPECT_EQ(named("Cargo.lock"), "toml");
}

TEST(Languages, AreToldByTheProgramThatRunsThem) {
  EXPECT_EQ(named("bin/run", "#!/usr/bin/env python3.11\nprint()"), "python");
  EXPECT_EQ(named("bin/run", "#!/bin/sh -e\nls"), "bash");
  EXPECT_EQ(named("bin/run", "#!/usr/bin/env -S node --harmony\n"), "javascript");
  EXPECT_EQ(named("bin/run", "#!/usr/bin/awk -f\n"), "");
}

TEST(Languages, PhpIsToldByItsTag) {
  EXPECT_EQ(named("lib/common.inc", "<?php\nfunction f() {}\n"), "php");
  EXPECT_EQ(named("lib/Makefile.inc", "SOURCES = a.c\n"), "");
}

TEST(Languages, UnknownFilesHaveNone) {
  EXPECT_EQ(named("LICENSE"), "");
  EXPECT_EQ(named("a.unknown", "text"), "");
  EXPECT_EQ(named(""), "");
  EXPECT_EQ(named(".gitignore", "#!"), "");
}

TEST(Languages, AHeaderIsCUnlessItHoldsCpp) {
  EXPECT_EQ(named("a.h", "struct node { int class_id; };\nint f(void);\n"), "c");
  EXPECT_EQ(named("a.h", ""), "c");
  EXPECT_EQ(named("a.h", "#pragma once\nnamespace a {\n}\n"), "cpp");
  EXPECT_EQ(named("a.h", "class Foo;\n"), "cpp");
  EXPECT_EQ(named("a.h", "#include <string>\nvoid f();\n"), "cpp");
  EXPECT_EQ(named("a.h", "struct A {\n public:\n  int x;\n};\n"), "cpp");
  EXPECT_EQ(named("a.h", "inline int f() { return std::max(1, 2); }\n"), "cpp");
}

TEST(Languages, WordsInCommentsStringsAndGuardsDoNotMakeAHeaderCpp) {
  EXPECT_EQ(named("a.h", "/* namespace and class Foo; */\n// template <class T>\nint f(void);\n"), "c");
  EXPECT_EQ(named("a.h", "static const char *s = \"class Foo; a::b\";\n"), "c");
  EXPECT_EQ(named("a.h", "#ifdef __cplusplus\nextern \"C\" {\nnamespace x {}\n#endif\nint f(void);\n"), "c");
  EXPECT_EQ(named("a.h", "int class;\nint new, template_id;\n"), "c");
}

TEST(Languages, NamesAndExtensionsAreUnique) {
  std::set<std::string_view> names, extensions;
  for (const Language& row : languages()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (std::string_view extension : row.extensions)
      EXPECT_TRUE(extensions.insert(extension).second) << extension;
    EXPECT_EQ(find_language(row.name), &row);
  }
  EXPECT_EQ(find_language("klingon"), nullptr);
}

}  // namespace
}  // namespace mira::code
