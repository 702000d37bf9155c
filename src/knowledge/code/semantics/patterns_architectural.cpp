// repository, service layer, dependency injection.
#include <algorithm>

#include "knowledge/code/semantics/pattern_parts.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

bool is_repository_name(std::string_view name) {
  std::vector<std::string> parts = base::split_identifier(name);
  if (parts.size() < 2) return false;
  const std::string& last = parts.back();
  return last == "repository" || last == "repo" || last == "dao" || last == "gateway";
}

bool extends_a_store(const Type& type) {
  return std::ranges::any_of(type.base_names, [](const std::string& base) {
    std::string_view name = code::last_component(base);
    return name.ends_with("CrudRepository") || name == "JpaRepository" || name == "MongoRepository" ||
           name == "PagingAndSortingRepository" || name == "ReactiveCrudRepository" ||
           name == "EntityRepository";
  });
}

struct StoreVerbs {
  const Operation *find = nullptr, *save = nullptr, *remove = nullptr;
  bool all() const { return find != nullptr && save != nullptr && remove != nullptr; }
};

StoreVerbs store_verbs(const Type& type) {
  StoreVerbs out;
  for (const Operation& one : type.operations) {
    if (one.constructor) continue;
    if (starts_with_word(one.name,
                         {"find", "get", "fetch", "load", "list", "query", "read", "select", "all"}) &&
        out.find == nullptr)
      out.find = &one;
    if (starts_with_word(one.name, {"save", "add", "insert", "store", "create", "update", "put", "persist",
                                    "upsert", "set"}) &&
        out.save == nullptr)
      out.save = &one;
    if (starts_with_word(one.name, {"delete", "remove", "erase", "clear", "purge"}) && out.remove == nullptr)
      out.remove = &one;
  }
  return out;
}

bool is_repository(const Type& type) {
  return extends_a_store(type) || (is_repository_name(type.name) && store_verbs(type).all());
}

bool is_marked(const std::vector<std::string>& decorators, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(decorators, [&](const std::string& one) {
    std::string_view name = code::last_component(std::string_view(one).substr(0, one.find('(')));
    return std::ranges::find(names, name) != names.end();
  });
}

}  // namespace

void find_repositories(const TypeModel& model, std::vector<Hit>& out) {
  for (const Type& type : model.types()) {
    if (!is_repository(type)) continue;
    StoreVerbs verbs = store_verbs(type);
    Hit hit = hit_at("repository", type);
    hit.members.push_back(member_of("repository", type));
    for (const auto& [role, one] :
         {std::pair("find", verbs.find), {"save", verbs.save}, {"delete", verbs.remove}})
      if (one != nullptr) {
        hit.members.push_back(member_of(role, *one));
        hit.evidence.push_back(witness_of(*one, 0, role));
      }
    if (hit.evidence.empty()) hit.evidence.push_back({type.path, type.line, "its base stores and finds"});
    out.push_back(std::move(hit));
  }
}

void find_service_layers(const TypeModel& model, std::vector<Hit>& out) {
  for (const Type& type : model.types()) {
    if (!contains_word(type.name, {"service"}) || type.kind == code::SymbolKind::interface) continue;
    Hit hit = hit_at("service_layer", type);
    bool stateless = true;
    for (const Field& field : type.fields) {
      stateless &= field.is_static || field.injected ||
                   is_marked(field.decorators, {"Autowired", "Inject", "Resource"});
      if (field.type == unbound || !is_repository(model.at(field.type))) continue;
      bool used = std::ranges::any_of(type.operations, [&](const Operation& one) {
        return is_plain(one) && !uses_of_field(one, field.name).empty();
      });
      if (!used) continue;
      hit.members.push_back(member_of("repository", model.at(field.type)));
      hit.evidence.push_back({type.path, field.line, "joins " + field.written.name});
    }
    if (!stateless || hit.members.empty()) continue;
    hit.members.insert(hit.members.begin(), member_of("service", type));
    out.push_back(std::move(hit));
  }
}

void find_injections(const TypeModel& model, std::vector<Hit>& out) {
  for (const Type& type : model.types()) {
    bool managed = is_marked(
        type.decorators, {"Injectable", "Service", "Component", "Controller", "RestController", "Repository",
                          "Singleton", "ApplicationScoped", "Named", "injectable", "inject"});
    Hit hit = hit_at("dependency_injection", type);
    for (const Field& field : type.fields)
      if (is_marked(field.decorators, {"Inject", "Autowired", "Resource", "inject"}))
        hit.evidence.push_back({type.path, field.line, "a container binds " + field.name});
    for (const Operation& one : type.operations) {
      bool marked = is_marked(one.decorators, {"Inject", "Autowired", "inject"});
      if (!one.constructor || one.parameters.empty() || !(marked || managed)) continue;
      std::size_t kept = static_cast<std::size_t>(std::ranges::count_if(type.fields, &Field::injected));
      if (kept > 0 || marked)
        hit.evidence.push_back(witness_of(one, 0, "a container calls it with what it needs"));
    }
    if (hit.evidence.empty()) continue;
    hit.members.push_back(member_of("client", type));
    for (const Field& field : type.fields)
      if (field.type != unbound &&
          (field.injected || is_marked(field.decorators, {"Inject", "Autowired", "inject"})))
        hit.members.push_back(member_of("service", model.at(field.type)));
    out.push_back(std::move(hit));
  }
}

}  // namespace mira::semantics
