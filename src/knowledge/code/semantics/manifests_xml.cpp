// pom.xml and the project files of .NET.
#include <pugixml.hpp>

#include "knowledge/code/semantics/manifests.h"

namespace mira::semantics {
namespace {

int line_at(std::string_view text, const pugi::xml_node& node) {
  auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  int line = 1;
  for (char c : text.substr(0, offset)) line += c == '\n' ? 1 : 0;
  return line;
}

// ${name} of the pom's own properties; what is set elsewhere stays as written.
std::string with_properties(std::string value, const pugi::xml_node& project) {
  if (!value.starts_with("${") || !value.ends_with("}")) return value;
  std::string name = value.substr(2, value.size() - 3);
  pugi::xml_node property = project.child("properties").child(name.c_str());
  if (property) return property.child_value();
  if (name == "project.version") return project.child_value("version");
  return value;
}

}  // namespace

std::vector<Declared> read_pom(std::string_view text) {
  pugi::xml_document document;
  std::vector<Declared> out;
  if (!document.load_buffer(text.data(), text.size())) return out;
  pugi::xml_node project = document.child("project");
  for (pugi::xml_node list :
       {project.child("dependencies"), project.child("dependencyManagement").child("dependencies")})
    for (pugi::xml_node one : list.children("dependency")) {
      std::string scope = one.child_value("scope");
      bool optional = std::string_view(one.child_value("optional")) == "true";
      out.push_back({"maven", std::string(one.child_value("groupId")) + ":" + one.child_value("artifactId"),
                     with_properties(one.child_value("version"), project),
                     optional              ? "optional"
                     : scope == "test"     ? "development"
                     : scope == "provided" ? "build"
                                           : "runtime",
                     line_at(text, one)});
    }
  for (pugi::xml_node one : project.child("modules").children("module"))
    out.push_back({"maven", one.child_value(), "", "member", line_at(text, one)});
  return out;
}

std::vector<Declared> read_csproj(std::string_view text) {
  pugi::xml_document document;
  std::vector<Declared> out;
  if (!document.load_buffer(text.data(), text.size())) return out;
  for (pugi::xml_node group : document.child("Project").children("ItemGroup")) {
    for (pugi::xml_node one : group.children("PackageReference")) {
      std::string version = one.attribute("Version").value();
      if (version.empty()) version = one.child_value("Version");
      std::string name = one.attribute("Include").value();
      if (!name.empty()) out.push_back({"nuget", name, version, "runtime", line_at(text, one)});
    }
    for (pugi::xml_node one : group.children("ProjectReference"))
      out.push_back({"nuget", one.attribute("Include").value(), "", "member", line_at(text, one)});
  }
  return out;
}

}  // namespace mira::semantics
