// What a collection of the stand-in for Qdrant holds, and how its points are filtered, shown and scored.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace mira::vectors::fake {

using Json = nlohmann::json;

struct Stored {
  std::vector<float> vector;
  Json payload;
};
struct Collection {
  Json config;
  std::set<std::string> indexed;
  std::map<std::string, Stored> points;
};
struct Refusal {
  int status;
  std::string why;
};

inline void only(const Json& object, std::set<std::string> known) {
  if (!object.is_object()) throw Refusal{400, "no object: " + object.dump()};
  for (const auto& [name, value] : object.items())
    if (!known.contains(name)) throw Refusal{400, "unknown field " + name};
}

inline bool passes(const Collection& collection, const Json& body, const Stored& point) {
  if (!body.contains("filter")) return true;
  only(body["filter"], {"must"});
  bool has_tenant = false;
  for (const Json& condition : body["filter"].at("must")) {
    only(condition, {"key", "match"});
    auto key = condition.at("key").get<std::string>();
    if (!collection.indexed.contains(key)) throw Refusal{400, "no index of " + key};
    has_tenant |= key == "project";
    only(condition.at("match"), {"value", "any"});
    const Json& match = condition["match"];
    Json wanted = match.contains("any") ? match["any"] : Json::array({match.at("value")});
    Json has = point.payload.at(key);
    if (!has.is_array()) has = Json::array({has});
    bool found = false;
    for (const Json& one : wanted) found |= std::find(has.begin(), has.end(), one) != has.end();
    if (!found) return false;
  }
  if (!has_tenant) throw Refusal{400, "a filter without the project"};
  return true;
}
inline Json shown(const std::string& id, const Stored& point, const Json& body) {
  Json out{{"id", id}, {"payload", nullptr}, {"vector", nullptr}};
  const Json with = body.value("with_payload", Json(false));
  if (with.is_array())
    for (const Json& name : with) out["payload"][name.get<std::string>()] = point.payload.at(name);
  if (body.value("with_vector", false)) {
    double squares = 0;
    for (float x : point.vector) squares += static_cast<double>(x) * x;
    out["vector"] = Json::array();
    for (float x : point.vector) out["vector"].push_back(x / std::sqrt(squares));
  }
  return out;
}
inline double cosine(const Json& query, const std::vector<float>& vector) {
  double dot = 0, a = 0, b = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    double x = query.at(i).get<double>(), y = vector[i];
    dot += x * y;
    a += x * x;
    b += y * y;
  }
  return static_cast<float>(dot / std::sqrt(a * b));
}

}  // namespace mira::vectors::fake
