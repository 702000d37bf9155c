// dependencies: what manifests ask for, what imports use, and what does not fit.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "knowledge/code/search_path.h"
#include "knowledge/code/semantics/actions.h"
#include "knowledge/code/semantics/declared.h"
#include "knowledge/code/semantics/quality.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t files_shown = 5;

struct Imported {
  std::string path, language, name, package;
  std::int64_t line = 0;
  std::string kind, target;
};

base::Result<std::vector<DeclaredRow>> declared_rows(store::Connection& index) {
  std::vector<DeclaredRow> out;
  MIRA_TRY(index.each(
      "SELECT manifest, ecosystem, name, requirement, scope, resolved, line FROM declared_dependencies"
      " ORDER BY manifest, scope = 'member', scope <> 'runtime', name",
      [&](const store::Row& row) {
        out.push_back({std::string(row.text(0)),
                       {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
                        std::string(row.text(4)), static_cast<int>(row.integer(6))},
                       std::string(row.text(5))});
      }));
  return out;
}

base::Result<std::vector<Imported>> imports_of(store::Connection& index) {
  std::vector<Imported> out;
  MIRA_TRY(index.each(
      "SELECT f.path, f.language, d.name, d.line, d.kind, d.target_path FROM external_dependencies d"
      " JOIN repository_files f USING(file_id) WHERE f.generated = 0 ORDER BY f.path, d.line",
      [&](const store::Row& row) {
        Imported one{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), {},
                     row.integer(3),           std::string(row.text(4)), std::string(row.text(5))};
        if (one.kind == "package" || one.kind == "unresolved")
          one.package = package_of_import(one.language, one.name);
        out.push_back(std::move(one));
      }));
  return out;
}

bool uses(const DeclaredRow& row, const Imported& one) {
  return !one.package.empty() && ecosystem_of(one.language) == row.declared.ecosystem &&
         is_package(row.declared, one.package);
}

Json places_json(const std::vector<const Imported*>& uses) {
  Json out = Json::array();
  std::set<std::string_view> files;
  for (const Imported* one : uses)
    if (files.insert(one->path).second && out.size() < files_shown)
      out.push_back({{"file", base::display_line(one->path)}, {"line", one->line}});
  return out;
}

std::size_t file_count(const std::vector<const Imported*>& uses) {
  std::set<std::string_view> files;
  for (const Imported* one : uses) files.insert(one->path);
  return files.size();
}

// Languages whose imports are held against manifests, and only below a manifest of that ecosystem.
bool can_be_told(const DeclaredRow& row, const std::set<std::string_view>& ecosystems) {
  return row.declared.scope != "member" && row.declared.scope != "build" &&
         ecosystems.contains(row.declared.ecosystem);
}

struct Picture {
  std::vector<DeclaredRow> declared;
  std::vector<Imported> imports;
  std::set<std::string_view> ecosystems;                        // of the languages that import anything
  std::map<std::string, std::vector<const Imported*>> uses_of;  // by declared name
};

base::Result<Picture> picture_of(store::Connection& index) {
  Picture out;
  out.declared = MIRA_TRY(declared_rows(index));
  out.imports = MIRA_TRY(imports_of(index));
  for (const Imported& one : out.imports) out.ecosystems.insert(ecosystem_of(one.language));
  return out;
}

void find_uses(Picture& picture) {
  std::map<std::pair<std::string_view, std::string>, std::vector<const Imported*>> by_package;
  for (const Imported& one : picture.imports)
    if (!one.package.empty()) by_package[{ecosystem_of(one.language), one.package}].push_back(&one);
  for (const DeclaredRow& row : picture.declared) {
    if (picture.uses_of.contains(row.declared.name)) continue;
    std::vector<const Imported*>& list = picture.uses_of[row.declared.name];
    for (const auto& [key, imports] : by_package)
      if (uses(row, *imports.front())) list.insert(list.end(), imports.begin(), imports.end());
  }
}

Json declared_json(const DeclaredRow& row, const Picture& picture) {
  // Where imports do not tell, that none names it says nothing: a Maven artifact does not name its packages.
  bool told = can_be_told(row, picture.ecosystems);
  const auto& list = picture.uses_of.at(row.declared.name);
  return {{"name", base::repair_utf8(row.declared.name)},
          {"ecosystem", row.declared.ecosystem},
          {"requirement", base::repair_utf8(row.declared.requirement)},
          {"resolved", row.resolved.empty() ? Json() : Json(base::repair_utf8(row.resolved))},
          {"scope", row.declared.scope},
          {"manifest", base::display_line(row.manifest)},
          {"line", row.declared.line},
          {"used_by", told || !list.empty() ? Json(file_count(list)) : Json()},
          {"places", places_json(list)}};
}

// Packages that are imported below a manifest of their ecosystem and stand in none of them.
Json undeclared_json(const Picture& picture) {
  std::set<std::string_view> ecosystems;
  for (const DeclaredRow& row : picture.declared) ecosystems.insert(row.declared.ecosystem);
  std::map<std::pair<std::string, std::string>, std::vector<const Imported*>> open;
  for (const Imported& one : picture.imports) {
    std::string_view ecosystem = ecosystem_of(one.language);
    bool told = !one.package.empty() && one.kind == "package" && ecosystems.contains(ecosystem);
    if (!told || code::path_traits(one.path).test || code::path_traits(one.path).vendored) continue;
    bool declared =
        std::ranges::any_of(picture.declared, [&](const DeclaredRow& row) { return uses(row, one); });
    if (!declared) open[{std::string(ecosystem), one.package}].push_back(&one);
  }
  Json out = Json::array();
  for (const auto& [key, list] : open)
    out.push_back({{"name", base::repair_utf8(key.second)},
                   {"ecosystem", key.first},
                   {"used_by", file_count(list)},
                   {"places", places_json(list)}});
  return out;
}

// Who imports a file of the project.
Json importers_json(const Picture& picture, const std::string& target, std::size_t& total) {
  Json out = Json::array();
  for (const Imported& one : picture.imports) {
    if (one.target.empty() || !is_path(one.target, target)) continue;
    ++total;
    out.push_back({{"file", base::display_line(one.path)},
                   {"line", one.line},
                   {"imports", base::display_line(one.target)},
                   {"as", base::repair_utf8(one.name)}});
  }
  return out;
}

void cut_to_page(Json& list, std::size_t start, std::size_t limit, Reply& reply) {
  std::size_t total = list.size();
  Json page = Json::array();
  for (std::size_t i = start; i < total && i < start + limit; ++i) page.push_back(std::move(list[i]));
  list = std::move(page);
  if (start + limit < total) reply.cursor = std::to_string(start + limit);
}

base::Status about_target(const Picture& picture, const std::string& target, Reply& reply) {
  Json declared = Json::array(), places = Json::array();
  for (const DeclaredRow& row : picture.declared)
    if (base::to_lower(row.declared.name) == base::to_lower(target))
      declared.push_back(declared_json(row, picture));
  std::size_t total = 0;
  Json importers = importers_json(picture, target, total);
  for (const Imported& one : picture.imports)
    if (!one.package.empty() && (one.package == target || one.name == target))
      places.push_back({{"file", base::display_line(one.path)},
                        {"line", one.line},
                        {"imports", base::repair_utf8(one.name)}});
  if (declared.empty() && importers.empty() && places.empty())
    return base::fail(base::ErrorCode::not_found,
                      fmt::format("nothing here depends on `{}`", base::display_line(target)),
                      "name a package as its manifest does, or a file by its path");
  reply.data["declared"] = std::move(declared);
  for (Json& one : places) importers.push_back(std::move(one));
  reply.data["total"] = importers.size();
  reply.data["importers"] = std::move(importers);
  return {};
}

base::Result<Reply> handle(Call& call) {
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  std::string target = argument(call.arguments, "target"), what = argument(call.arguments, "show");
  store::Connection& index = call.session->index;
  index.set_deadline(call.deadline);
  Picture picture = MIRA_TRY(picture_of(index));
  find_uses(picture);
  Reply reply;
  if (!target.empty()) {
    MIRA_TRY(about_target(picture, target, reply));
    cut_to_page(reply.data["importers"], start, limit, reply);
    return reply;
  }
  Json list = Json::array();
  if (what == "cycles") {
    for (const auto& group : MIRA_TRY(import_cycles(index))) {
      Json files = Json::array();
      for (const std::string& path : group) files.push_back(base::display_line(path));
      list.push_back({{"files", std::move(files)}});
    }
  } else if (what == "undeclared") {
    list = undeclared_json(picture);
  } else {
    for (const DeclaredRow& row : picture.declared) {
      bool unused = can_be_told(row, picture.ecosystems) && picture.uses_of.at(row.declared.name).empty();
      if (what == "declared" || unused) list.push_back(declared_json(row, picture));
    }
  }
  if (what == "unused" && !list.empty())
    reply.notes.emplace_back(
        "unused means: no import names it; a plugin, a command or a type package may be used without one");
  reply.data["total"] = list.size();
  cut_to_page(list, start, limit, reply);
  reply.data[what] = std::move(list);
  return reply;
}

std::string line_of(const Json& one) {
  std::string out = one.at("name").get<std::string>();
  if (one.contains("requirement")) {
    out += fmt::format("  {}", one.at("requirement").get_ref<const std::string&>());
    if (!one.at("resolved").is_null())
      out += fmt::format(" (is {})", one.at("resolved").get_ref<const std::string&>());
    out += fmt::format("  {}  {}:{}", one.at("scope").get_ref<const std::string&>(),
                       one.at("manifest").get_ref<const std::string&>(), one.at("line").get<int>());
  }
  if (one.at("used_by").is_number())
    out += fmt::format("  used by {} files", one.at("used_by").get<std::size_t>());
  for (const Json& place : one.at("places"))
    out += fmt::format("\n    {}:{}", place.at("file").get_ref<const std::string&>(),
                       place.at("line").get<std::int64_t>());
  return base::display_text(out) + "\n";
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const char* section : {"declared", "unused", "undeclared"})
    if (reply.data.contains(section))
      for (const Json& one : reply.data.at(section)) out += line_of(one);
  if (reply.data.contains("importers"))
    for (const Json& one : reply.data.at("importers"))
      out += fmt::format("{}:{}  imports {}\n", one.at("file").get_ref<const std::string&>(),
                         one.at("line").get<std::int64_t>(),
                         base::display_line(one.at("imports").get_ref<const std::string&>()));
  if (reply.data.contains("cycles"))
    for (const Json& one : reply.data.at("cycles")) {
      std::string names;
      for (const Json& file : one.at("files")) names += (names.empty() ? "" : ", ") + file.get<std::string>();
      out += names + "\n";
    }
  return out.empty() ? "None.\n" : out;
}

}  // namespace

contracts::Action dependencies_action() {
  contracts::Action action;
  action.name = "dependencies";
  action.group = "code";
  action.summary = "Packages that manifests ask for and files use; who imports a file; import cycles";
  action.description =
      "Reads package.json, Cargo.toml, pyproject.toml, requirements, setup.cfg, go.mod, pom.xml, Gradle, "
      "composer.json, "
      "Gemfile, gemspec, csproj, CMake, vcpkg, conan and meson as data, with the versions that lock files "
      "settled on, "
      "and holds them against the imports. With a target: who depends on that package or file.";
  action.params = {{.name = "target",
                    .kind = ParamKind::text,
                    .help = "A package, or a path of this project",
                    .positional = true},
                   {.name = "show",
                    .kind = ParamKind::choice,
                    .help = "declared: all; unused: never imported; undeclared: imported, in no manifest; "
                            "cycles: files that import each other",
                    .fallback = "declared",
                    .choices = {"declared", "unused", "undeclared", "cycles"}}};
  for (contracts::Param& one : page_params(50)) action.params.push_back(std::move(one));
  action.examples = {{"mira dependencies", "what the manifests ask for, and how many files use it"},
                     {"mira dependencies requests", "which version, and where it is imported"},
                     {"mira dependencies --show undeclared", "what is imported and in no manifest"}};
  action.data_shape =
      R"j({"total":1,"declared":[{"name":"requests","ecosystem":"pypi","requirement":">=2","resolved":"2.31.0","scope":"runtime",)j"
      R"j("manifest":"pyproject.toml","line":9,"used_by":3 or null: imports do not tell,"places":[{"file":"a.py","line":1}]}]} or "unused", "undeclared", )j"
      R"j("cycles":[{"files":["a.py","b.py"]}]; with a target {"declared":[..],"importers":[{"file":"a.py","line":1,"imports":"requests"}],"total":1})j";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::semantics
