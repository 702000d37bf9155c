// A Qdrant in memory for the tests, over real sockets: the part of its REST interface that
// is asked, as strict as a strict server. What it does not know it refuses, fields included, and
// remembers as a fault; so a request that a real server would not take fails a test here.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <set>

#include "platform/vectors/qdrant_points_for_tests.h"
#include "tests/support/model_server.h"

namespace mira::vectors {

class FakeQdrant {
  // Under the lock.
  template <class F>
  auto guarded(F&& read) const {
    std::lock_guard guard(mutex_);
    return read();
  }

 public:
  FakeQdrant() : server_([this](const auto& seen, int) { return answer(seen); }) {}

  std::string base() const { return "http://" + server_.host(); }
  std::vector<std::string> faults() const {
    return guarded([&] { return faults_; });
  }
  std::map<std::string, std::string> aliases() const {
    return guarded([&] { return aliases_; });
  }
  std::size_t collections() const {
    return guarded([&] { return collections_.size(); });
  }
  int asked() const {
    return guarded([&] { return asked_; });
  }

  // What the next requests meet: so many are answered with 503, or a write is only acknowledged.
  std::string version = "1.19.0", key;
  int busy = 0, acknowledged = 0;

 private:
  using Json = nlohmann::json;
  using Collection = fake::Collection;
  using Refusal = fake::Refusal;
  support::ModelServer::Script answer(const support::ModelServer::Seen& seen) {
    std::lock_guard guard(mutex_);
    ++asked_;
    if (!key.empty() && (!seen.headers.contains("api-key") || seen.headers.at("api-key") != key))
      return support::status(401, R"({"status":{"error":"Invalid API key"},"time":0.1})");
    if (seen.path == "/") return support::status(200, Json{{"title", "qdrant"}, {"version", version}}.dump());
    if (busy > 0 && busy-- > 0) return support::status(503, R"({"status":{"error":"busy"}})");
    try {
      Json body = seen.body.empty() ? Json() : Json::parse(seen.body);
      return support::status(200,
                             Json{{"result", route(seen, body)}, {"status", "ok"}, {"time", 0.1}}.dump());
    } catch (const Refusal& refusal) {
      if (refusal.status != 404) faults_.push_back(seen.method + " " + seen.path + ": " + refusal.why);
      return support::status(refusal.status,
                             Json{{"status", {{"error", refusal.why}}}, {"time", 0.1}}.dump());
    } catch (const std::exception& error) {
      faults_.push_back(seen.method + " " + seen.path + ": " + error.what());
      return support::status(400, Json{{"status", {{"error", error.what()}}}, {"time", 0.1}}.dump());
    }
  }

  Json route(const support::ModelServer::Seen& seen, const Json& body) {
    std::string path = seen.path.substr(0, seen.path.find('?'));
    bool waits = seen.path.ends_with("?wait=true");
    if (seen.method == "GET" && path == "/collections") return list();
    if (seen.method == "GET" && path == "/aliases") return list_aliases();
    if (seen.method == "POST" && path == "/collections/aliases") return switch_aliases(body);
    const std::string start = "/collections/";
    if (!path.starts_with(start)) throw Refusal{400, "unknown path"};
    std::string name = path.substr(start.size()), rest;
    if (auto slash = name.find('/'); slash != std::string::npos) {
      rest = name.substr(slash);
      name.resize(slash);
    }
    std::string what = seen.method + " " + rest;
    if (what == "GET /exists") return {{"exists", collections_.contains(name)}};
    if (what == "PUT ") return create(name, body);
    if (!collections_.contains(name)) throw Refusal{404, "Not found: " + name};
    Collection& collection = collections_.at(name);
    if (what == "GET ") return {{"status", "green"}, {"config", collection.config}};
    if (what == "DELETE ") return collections_.erase(name) > 0;
    if (what == "PUT /index") return index(collection, body);
    if (what == "PUT /points" && waits) return upsert(collection, body);
    if (what == "POST /points/delete" && waits) return remove(collection, body);
    if (what == "POST /points/query") return query(collection, body);
    if (what == "POST /points/scroll") return scroll(collection, body);
    if (what == "POST /points/count") return count(collection, body);
    throw Refusal{400, "unknown request " + what};
  }

  Json list() const {
    Json out = Json::array();
    for (const auto& [name, ignored] : collections_) out.push_back({{"name", name}});
    return {{"collections", out}};
  }
  Json list_aliases() const {
    Json out = Json::array();
    for (const auto& [alias, name] : aliases_)
      out.push_back({{"alias_name", alias}, {"collection_name", name}});
    return {{"aliases", out}};
  }
  Json switch_aliases(const Json& body) {
    fake::only(body, {"actions"});
    for (const Json& action : body.at("actions")) {
      fake::only(action, {"delete_alias", "create_alias"});
      if (action.contains("delete_alias"))
        aliases_.erase(action["delete_alias"].at("alias_name").get<std::string>());
      if (!action.contains("create_alias")) continue;
      fake::only(action["create_alias"], {"collection_name", "alias_name"});
      if (!collections_.contains(action["create_alias"].at("collection_name").get<std::string>()))
        throw Refusal{404, "no such"};
      aliases_[action["create_alias"].at("alias_name").get<std::string>()] =
          action["create_alias"].at("collection_name").get<std::string>();
    }
    return true;
  }
  Json create(const std::string& name, const Json& body) {
    fake::only(body, {"vectors", "quantization_config", "on_disk_payload", "metadata", "hnsw_config"});
    fake::only(body.at("vectors"), {"size", "distance", "on_disk", "datatype"});
    if (body["vectors"].at("distance") != "Cosine" || body["vectors"].at("size").get<int>() < 1)
      throw Refusal{400, "vectors"};
    if (collections_.contains(name)) throw Refusal{409, "already exists"};
    collections_[name].config = {{"params", {{"vectors", body["vectors"]}}}, {"metadata", body["metadata"]}};
    return true;
  }
  Json index(Collection& collection, const Json& body) {
    fake::only(body, {"field_name", "field_schema"});
    if (!collection.points.empty()) throw Refusal{400, "an index after the first point"};
    collection.indexed.insert(body.at("field_name").get<std::string>());
    return done();
  }
  Json done() {
    bool late = acknowledged > 0 && acknowledged-- > 0;
    return {{"operation_id", 1}, {"status", late ? "acknowledged" : "completed"}};
  }
  Json upsert(Collection& collection, const Json& body) {
    fake::only(body, {"points"});
    for (const Json& point : body.at("points")) {
      fake::only(point, {"id", "vector", "payload"});
      auto id = point.at("id").get<std::string>();
      if (id.size() != 36 || id[8] != '-' || id[23] != '-') throw Refusal{400, "no UUID: " + id};
      auto vector = point.at("vector").get<std::vector<float>>();
      if (vector.size() != collection.config["params"]["vectors"]["size"].get<std::size_t>())
        throw Refusal{400, "dimensions"};
      collection.points[id] = {std::move(vector), point.at("payload")};
    }
    return done();
  }
  Json remove(Collection& collection, const Json& body) {
    fake::only(body, {"points", "filter"});
    for (const Json& id : body.value("points", Json::array())) collection.points.erase(id.get<std::string>());
    if (body.contains("filter"))
      std::erase_if(collection.points,
                    [&](const auto& one) { return fake::passes(collection, body, one.second); });
    return done();
  }

  Json query(const Collection& collection, const Json& body) const {
    fake::only(body, {"query", "filter", "limit", "params", "with_payload", "with_vector"});
    if (body.contains("params")) fake::only(body["params"], {"exact", "quantization", "hnsw_ef"});
    std::vector<std::pair<double, Json>> found;
    for (const auto& [id, point] : collection.points) {
      if (!fake::passes(collection, body, point)) continue;
      Json one = fake::shown(id, point, body);
      double score = body.at("query").is_array() ? fake::cosine(body["query"], point.vector) : 0;
      one["score"] = score;
      found.emplace_back(-score, std::move(one));
    }
    std::ranges::stable_sort(found, {}, &std::pair<double, Json>::first);
    Json out = Json::array();
    for (auto& [ignored, one] : found)
      if (out.size() < body.at("limit").get<std::size_t>()) out.push_back(std::move(one));
    return {{"points", out}};
  }
  Json scroll(const Collection& collection, const Json& body) const {
    fake::only(body, {"filter", "limit", "with_payload", "with_vector", "offset"});
    Json out = Json::array(), next;
    std::size_t most =
        std::min<std::size_t>(body.at("limit").get<std::size_t>(), 2);  // small pages: all of them are read
    for (const auto& [id, point] : collection.points) {
      if (!fake::passes(collection, body, point) ||
          (body.contains("offset") && id < body["offset"].get<std::string>()))
        continue;
      if (out.size() == most) {
        next = id;
        break;
      }
      out.push_back(fake::shown(id, point, body));
    }
    return {{"points", out}, {"next_page_offset", next}};
  }
  Json count(const Collection& collection, const Json& body) const {
    fake::only(body, {"filter", "exact"});
    auto all = std::ranges::count_if(
        collection.points, [&](const auto& one) { return fake::passes(collection, body, one.second); });
    return {{"count", all}};
  }

  mutable std::mutex mutex_;
  std::map<std::string, Collection> collections_;
  std::map<std::string, std::string> aliases_;
  std::vector<std::string> faults_;
  int asked_ = 0;
  support::ModelServer server_;  // last: it answers from all of the above
};

}  // namespace mira::vectors
