#include "knowledge/code/semantics/manifests.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "knowledge/code/semantics/declared.h"

namespace mira::semantics {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

struct Case {
  std::string name, path, text;
  std::vector<std::string> found;  // "name requirement scope:line"
};

class Manifests : public testing::TestWithParam<Case> {};

std::vector<std::string> lines(const std::vector<Declared>& all) {
  std::vector<std::string> out;
  for (const Declared& one : all)
    out.push_back(fmt::format("{} {} {}:{}", one.name, one.requirement, one.scope, one.line));
  return out;
}

TEST_P(Manifests, GiveWhatIsWritten) {
  EXPECT_TRUE(is_dependency_manifest(GetParam().path));
  EXPECT_THAT(lines(read_manifest(GetParam().path, GetParam().text)), ElementsAreArray(GetParam().found));
}

const std::vector<Case> cases{
    {"PackageJson",
     "web/package.json",
     "{\n \"dependencies\": {\n  \"react\": \"^18\"\n },\n \"devDependencies\": {\"vite\": \"5.0\"},\n"
     " \"peerDependencies\": {\"react-dom\": \"*\"},\n \"workspaces\": [\"packages/*\"]\n}",
     {"packages/*  member:7", "react ^18 runtime:3", "react-dom * peer:6", "vite 5.0 development:5"}},
    {"CargoToml",
     "Cargo.toml",
     "[package]\nname = \"x\"\n[dependencies]\nserde = { version = \"1\", optional = true }\nlog = \"0.4\"\n"
     "json = { package = \"serde_json\", version = \"1.0\" }\n[dev-dependencies]\ntempfile = \"3\"\n"
     "[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[workspace]\nmembers = [\"a\"]\n",
     {"a  member:12", "libc 0.2 runtime:10", "log 0.4 runtime:5", "serde 1 optional:4",
      "serde_json 1.0 runtime:6", "tempfile 3 development:8"}},
    {"Pyproject",
     "pyproject.toml",
     "[project]\ndependencies = [\n  \"requests[socks]>=2,<3\",\n  \"tomli ; python_version < '3.11'\",\n]\n"
     "[project.optional-dependencies]\ndocs = [\"sphinx==7\"]\n[build-system]\nrequires = [\"hatchling\"]\n",
     {"hatchling  build:9", "requests >=2,<3 runtime:3", "sphinx ==7 optional:7", "tomli  runtime:4"}},
    {"Poetry",
     "pyproject.toml",
     "[tool.poetry.dependencies]\npython = \"^3.9\"\nclick = "
     "\"^8\"\n[tool.poetry.group.dev.dependencies]\npytest = \"*\"\n",
     {"click ^8 runtime:3", "pytest  development:5"}},
    {"Requirements",
     "requirements-dev.txt",
     "# tools\n-r base.txt\nflask==2.0 # pinned\nuvicorn[standard]\ngit+https://x/y@z\n",
     {"flask ==2.0 runtime:3", "uvicorn  runtime:4"}},
    {"SetupCfg",
     "setup.cfg",
     "[metadata]\nname = x\n[options]\ninstall_requires =\n    attrs>=20\n    "
     "six\n[options.extras_require]\ntest =\n    pytest\n",
     {"attrs >=20 runtime:5", "pytest  optional:9", "six  runtime:6"}},
    {"GoMod",
     "go.mod",
     "module example.org/x\n\ngo 1.21\n\nrequire (\n\tgithub.com/a/b v1.2.3\n\tgolang.org/x/y v0.1.0 // "
     "indirect\n)\nrequire gopkg.in/z.v2 "
     "v2.0.0\n",
     {"github.com/a/b v1.2.3 runtime:6", "golang.org/x/y v0.1.0 optional:7",
      "gopkg.in/z.v2 v2.0.0 runtime:9"}},
    {"Pom",
     "pom.xml",
     "<project>\n<properties><j>5.9</j></properties>\n<dependencies>\n<dependency><groupId>org.x</"
     "groupId><artifactId>y</artifactId>"
     "<version>1</version></dependency>\n<dependency><groupId>j</groupId><artifactId>k</"
     "artifactId><version>${j}</version>"
     "<scope>test</scope></dependency>\n</dependencies>\n<modules><module>core</module></modules>\n</"
     "project>",
     {"core  member:7", "j:k 5.9 development:5", "org.x:y 1 runtime:4"}},
    {"Gradle",
     "app/build.gradle.kts",
     "dependencies {\n  implementation(\"a.b:c:1.0\")\n  testImplementation 'd:e:2'\n  // api 'x:y:1'\n  "
     "implementation project(':core')\n}",
     {"a.b:c 1.0 runtime:2", "d:e 2 development:3"}},
    {"Composer",
     "composer.json",
     R"({"require": {"php": ">=8", "a/b": "^1"}, "require-dev": {"c/d": "2"}})",
     {"a/b ^1 runtime:1", "c/d 2 development:1", "php >=8 runtime:1"}},
    {"Gemfile",
     "Gemfile",
     "source 'x'\ngem 'rails', '~> 7.0'\ngem \"pg\"\ngroup :development, :test do\n  gem 'rspec'\nend\ngem "
     "'puma' # late\n",
     {"pg  runtime:3", "puma  runtime:7", "rails ~> 7.0 runtime:2", "rspec  development:5"}},
    {"Gemspec",
     "x.gemspec",
     "Gem::Specification.new do |s|\n  s.add_dependency 'rack', '>= 2'\n  s.add_development_dependency "
     "'rake'\nend\n",
     {"rack >= 2 runtime:2", "rake  development:3"}},
    {"Csproj",
     "src/A.csproj",
     "<Project>\n<ItemGroup>\n<PackageReference Include=\"Serilog\" Version=\"3.0\" />\n<ProjectReference "
     "Include=\"../B/B.csproj\" />\n"
     "</ItemGroup>\n</Project>",
     {"../B/B.csproj  member:4", "Serilog 3.0 runtime:3"}},
    {"CMake",
     "CMakeLists.txt",
     "find_package(fmt 9.1 REQUIRED)\nfind_package(Doxygen) # docs\npkg_check_modules(P REQUIRED "
     "IMPORTED_TARGET re2>=9)\n"
     "add_subdirectory(src)\n",
     {"Doxygen  optional:2", "fmt 9.1 runtime:1", "re2 >=9 runtime:3", "src  member:4"}},
    {"Vcpkg",
     "vcpkg.json",
     R"({"dependencies": ["zlib", {"name": "fmt", "version>=": "9"}]})",
     {"fmt 9 runtime:1", "zlib  runtime:1"}},
    {"Conan",
     "conanfile.txt",
     "[requires]\nzlib/1.2.11\nfmt/9.1@x/y\n[tool_requires]\ncmake/3.20\n[options]\na=b\n",
     {"cmake 3.20 build:5", "fmt 9.1 runtime:3", "zlib 1.2.11 runtime:2"}},
    {"Meson",
     "meson.build",
     "g = dependency('glib-2.0', version : '>=2.50')\nx = dependency('x11', required : "
     "false)\nsubdir('src')\n",
     {"glib-2.0 >=2.50 runtime:1", "src  member:3", "x11  optional:2"}},
};

INSTANTIATE_TEST_SUITE_P(Each, Manifests, testing::ValuesIn(cases),
                         [](const auto& one) { return one.param.name; });

TEST(ManifestsHostile, WhatIsBrokenGivesNothing) {
  for (const char* path :
       {"package.json", "Cargo.toml", "pyproject.toml", "pom.xml", "go.mod", "a.csproj", "Gemfile",
        "composer.json", "vcpkg.json", "build.gradle", "CMakeLists.txt", "meson.build", "setup.cfg"})
    for (const char* text : {"", "{", "[[[", "<a><b>", "\xff\xfe", "require (", "[project]\ndependencies = 3",
                             "{\"dependencies\": 7}"})
      EXPECT_THAT(read_manifest(path, text), IsEmpty()) << path << ": " << text;
  EXPECT_FALSE(is_dependency_manifest("src/main.c"));
}

TEST(Locks, GiveOneVersionOrNone) {
  EXPECT_EQ(read_lock("Cargo.lock",
                      "[[package]]\nname = \"a\"\nversion = \"1\"\n[[package]]\nname = \"b\"\nversion = "
                      "\"1\"\n[[package]]\nname = "
                      "\"b\"\nversion = \"2\"\n"),
            (std::map<std::string, std::string>{{"a", "1"}}));
  EXPECT_EQ(
      read_lock(
          "package-lock.json",
          R"({"packages": {"": {}, "node_modules/x": {"version": "1.2"}, "node_modules/x/node_modules/y": {"version": "9"}}})"),
      (std::map<std::string, std::string>{{"x", "1.2"}}));
  EXPECT_EQ(read_lock("composer.lock", R"({"packages": [{"name": "a/b", "version": "v1"}]})"),
            (std::map<std::string, std::string>{{"a/b", "v1"}}));
}

TEST(Packages, AreNamedAsTheirEcosystemDoes) {
  EXPECT_EQ(package_of_import("typescript", "@vue/shared/dist/x"), "@vue/shared");
  EXPECT_EQ(package_of_import("javascript", "lodash/fp"), "lodash");
  EXPECT_EQ(package_of_import("javascript", "./local"), "");
  EXPECT_EQ(package_of_import("javascript", "node:fs"), "");
  EXPECT_EQ(package_of_import("python", "yaml.loader"), "pyyaml");
  EXPECT_EQ(package_of_import("python", "zope.interface"), "zope");
  EXPECT_EQ(package_of_import("rust", "serde_json::value"), "serde_json");
  EXPECT_TRUE(is_package({.ecosystem = "cargo", .name = "serde-json", .requirement = {}}, "serde_json"));
  EXPECT_TRUE(is_package({.ecosystem = "pypi", .name = "PyYAML", .requirement = {}}, "pyyaml"));
  EXPECT_TRUE(
      is_package({.ecosystem = "go", .name = "github.com/a/b", .requirement = {}}, "github.com/a/b/c"));
  EXPECT_FALSE(
      is_package({.ecosystem = "go", .name = "github.com/a/b", .requirement = {}}, "github.com/a/bc"));
}

}  // namespace
}  // namespace mira::semantics
