// What manifests ask for, held against what files import.
#include <gmock/gmock.h>

#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using contracts::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// "name used_by" of each declared package.
std::vector<std::string> uses(SemanticWorld& world, const std::string& show = "declared") {
  std::vector<std::string> out;
  auto reply = world.run("dependencies", {{"show", show}});
  EXPECT_TRUE(reply.has_value());
  for (const Json& one : reply->data.at(show))
    out.push_back(one.at("name").get<std::string>() + " " + one.at("used_by").dump());
  return out;
}

TEST(Dependencies, CountTheFilesThatImportThem) {
  SemanticWorld world({{"package.json", R"({"dependencies": {"lodash": "4", "left-pad": "1"}})"},
                       {"a.js", "import fp from 'lodash/fp';\n"},
                       {"b.js", "const _ = require('lodash');\n"}});
  EXPECT_THAT(uses(world), testing::UnorderedElementsAre("lodash 2", "left-pad 0"));
  EXPECT_THAT(uses(world, "unused"), ElementsAre("left-pad 0"));
}
// The coordinates of an artifact do not tell the packages in it: that none is imported is not known.
TEST(Dependencies, OfMavenSayNothingOfTheirUse) {
  SemanticWorld world(
      {{"pom.xml",
        "<project><dependencies>\n<dependency><groupId>com.google.guava</groupId>\n"
        "<artifactId>guava</artifactId><version>33</version></dependency>\n</dependencies></project>\n"},
       {"A.java", "import com.google.common.collect.ImmutableList;\nclass A {}\n"}});
  EXPECT_THAT(uses(world), ElementsAre("com.google.guava:guava null"));
  EXPECT_THAT(uses(world, "unused"), ElementsAre());
  auto reply = world.run("dependencies", {{"show", "declared"}});
  EXPECT_THAT(world.shown("dependencies", *reply), Not(HasSubstr("used by")));
}
TEST(Dependencies, ThatAreImportedAndDeclaredNowhereAreUndeclared) {
  SemanticWorld world({{"pyproject.toml", "[project]\nname = 'x'\ndependencies = ['requests']\n"},
                       {"a.py", "import requests\nimport yaml\nimport os\n"}});
  EXPECT_THAT(uses(world, "undeclared"), ElementsAre("pyyaml 1"));
}

TEST(Dependencies, WhatComesWithTheLanguageIsNoPackage) {
  SemanticWorld python({{"pyproject.toml", "[project]\nname = 'x'\ndependencies = ['requests']\n"},
                        {"a.py", "import os.path\nimport tomllib\nfrom _typeshed import X\nimport yaml\n"}});
  EXPECT_THAT(uses(python, "undeclared"), ElementsAre("pyyaml 1"));
  SemanticWorld node({{"package.json", R"({"dependencies": {"x": "1"}})"},
                      {"a.js",
                       "import fs from 'fs';\nimport p from 'fs/promises';\nimport n from 'node:net';\n"
                       "import r from 'redis';\n"}});
  EXPECT_THAT(uses(node, "undeclared"), ElementsAre("redis 1"));
  SemanticWorld go(
      {{"go.mod", "module example.org/m\n\ngo 1.22\n\nrequire github.com/z/z v1.0.0\n"},
       {"a.go", "package m\n\nimport (\n\t\"bytes\"\n\t\"net/http\"\n\t\"github.com/x/y\"\n)\n"}});
  EXPECT_THAT(uses(go, "undeclared"), ElementsAre("github.com/x/y 1"));
  SemanticWorld rust({{"Cargo.toml", "[package]\nname = \"m\"\n[dependencies]\nlog = \"1\"\n"},
                      {"src/lib.rs", "use std::fmt;\nuse core::mem;\nuse serde::Serialize;\n"}});
  EXPECT_THAT(uses(rust, "undeclared"), ElementsAre("serde 1"));
}

}  // namespace
}  // namespace mira::semantics
