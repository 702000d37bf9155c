#include "platform/vectors/qdrant.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <thread>

#include "platform/base/hash.h"
#include "platform/base/log.h"
#include "platform/base/text.h"
#include "platform/vectors/unit.h"

namespace mira::vectors {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;
using nlohmann::json;

constexpr std::size_t points_of_a_request = 256, owners_of_a_page = 1000;
constexpr std::size_t ties = 16;  // asked beyond the limit, so that equal scores come by owner
constexpr int oldest_minor = 16, newest_minor = 19;  // 1.16 to 1.19
constexpr int schema_of_payload = 1;

// What a collection's name may hold; different models stay different by the hash.
std::string plain(std::string_view name) {
  std::string out;
  for (char c : name) out += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ? c : '-';
  return out;
}

std::string uuid_of(std::string_view what) {
  std::uint64_t high = base::hash64(what), low = base::hash64(std::string(what) + "\n");
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xFFFF, high & 0xFFF,
                     (low >> 48 & 0x3FFF) | 0x8000, low & 0xFFFFFFFFFFFF);
}

std::string point_id(const QdrantOptions& options, const Space& space, std::int64_t owner) {
  return uuid_of(fmt::format("{}\n{}\n{}\n{}", options.tenant, owner, space.model, space.dimensions));
}

json must_match(const char* key, json match) {
  return {{"key", key}, {"match", std::move(match)}};
}

std::int64_t integer_at(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string text_at(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& at(const json& object, const char* name) {
  static const json nothing = json::object();
  if (!object.is_object()) return nothing;
  auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::vector<float> vector_at(const json& point) {
  std::vector<float> out;
  for (const json& number : at(point, "vector"))
    if (number.is_number()) out.push_back(number.get<float>());
  return out;
}

std::unexpected<base::Error> refused(const std::string& host, int status, const json& answer) {
  const json& said = at(answer, "status");
  std::string message = said.is_object() ? text_at(said, "error") : "";
  if (status == 401 || status == 403)
    return fail(ErrorCode::unavailable, fmt::format("Qdrant at {} refuses the key", host),
                "give its key in MIRA_QDRANT_API_KEY");
  return fail(ErrorCode::provider,
              fmt::format("Qdrant at {} answered {}: {}", host, status, base::display_line(message)));
}

// Major and minor; 0 and -1 for what is no version.
std::pair<int, int> numbers_of(std::string_view version) {
  int major = 0, minor = -1;
  if (std::sscanf(std::string(version).c_str(), "%d.%d", &major, &minor) != 2) return {0, -1};
  return {major, minor};
}

}  // namespace

Result<json> QdrantIndex::ask_once(const char* method, const std::string& path, const json& body,
                                   bool& again) {
  models::HttpRequest request{.url = options_.base + path,
                              .headers = {"Content-Type: application/json", "Expect:"},
                              .body = body.is_null() ? "" : body.dump(),
                              .method = method};
  if (!options_.key.empty()) request.headers.push_back("api-key: " + options_.key);
  request.limits.body_bytes = std::size_t{64} << 20;
  std::string bytes;
  auto reply = models::exchange(
      request, [&](int, std::string_view part) { return bytes.append(part), true; },
      base::Deadline::after_ms(options_.answer_ms));
  std::string host = models::host_of(options_.base);
  again = reply.end != models::HttpEnd::done || reply.status == 429 || reply.status >= 500;
  if (reply.end != models::HttpEnd::done)
    return fail(ErrorCode::unavailable, fmt::format("Qdrant at {} does not answer: {}", host, reply.reason),
                "start it, or unset MIRA_QDRANT_URL: vectors are then kept on this machine");
  json answer = json::parse(bytes, nullptr, false);
  if (reply.status == 404) return json();
  // The envelope decides, whatever the status of HTTP says.
  const json& status = at(answer, "status");
  if (reply.status != 200 || !status.is_string() || status.get<std::string>() != "ok")
    return refused(host, reply.status, answer);
  return at(answer, "result");
}

Result<json> QdrantIndex::ask(const char* method, const std::string& path, const json& body) {
  MIRA_TRY(check_version());
  for (int number = 1;; ++number) {
    bool again = false;
    auto answer = ask_once(method, path, body, again);
    if (answer || !again || number >= options_.tries) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(options_.first_wait_ms << (number - 1)));
  }
}

// "/" has no envelope: it names the version.
Status QdrantIndex::check_version() {
  if (version_is_known_) return {};
  models::HttpRequest request{.url = options_.base + "/", .headers = {}, .body = ""};
  if (!options_.key.empty()) request.headers.push_back("api-key: " + options_.key);
  std::string bytes, host = models::host_of(options_.base);
  auto reply = models::exchange(
      request, [&](int, std::string_view part) { return bytes.append(part), true; },
      base::Deadline::after_ms(options_.answer_ms));
  json answer = json::parse(bytes, nullptr, false);
  if (reply.end != models::HttpEnd::done)
    return fail(ErrorCode::unavailable, fmt::format("Qdrant at {} does not answer: {}", host, reply.reason),
                "start it, or unset MIRA_QDRANT_URL: vectors are then kept on this machine");
  if (reply.status != 200) return refused(host, reply.status, answer);
  std::string version = answer.is_object() ? text_at(answer, "version") : "";
  auto [major, minor] = numbers_of(version);
  if (minor < 0) return fail(ErrorCode::unavailable, fmt::format("what answers at {} is no Qdrant", host));
  if (major < 1 || (major == 1 && minor < oldest_minor))
    return fail(ErrorCode::unavailable,
                fmt::format("Qdrant {} at {} is too old", base::display_line(version), host),
                fmt::format("1.{} or newer has what is asked of it", oldest_minor));
  if (is_newer_than_tested(version)) base::log(base::LogLevel::warning, newer_than_tested(version, host));
  {
    std::lock_guard guard(mutex_);
    version_ = version;
  }
  version_is_known_ = true;
  return {};
}

Result<std::string> QdrantIndex::version() {
  MIRA_TRY(check_version());
  std::lock_guard guard(mutex_);
  return version_;
}

bool QdrantIndex::is_newer_than_tested(std::string_view version) {
  auto [major, minor] = numbers_of(version);
  return major > 1 || (major == 1 && minor > newest_minor);
}

std::string newer_than_tested(std::string_view version, const std::string& host) {
  return fmt::format("Qdrant {} at {} is newer than what this was tested with (1.{} to 1.{})",
                     base::display_line(version), host, oldest_minor, newest_minor);
}

std::string QdrantIndex::name_of(const Space& space) const {
  return fmt::format("{}_{}_{}-{:08x}_{}", options_.prefix, space.collection, plain(space.model),
                     base::hash64(space.model) >> 32, space.dimensions);
}

void QdrantIndex::note(const std::string& name, bool is_there) {
  std::lock_guard guard(mutex_);
  if (is_there)
    made_.insert(name);
  else
    made_.erase(name);
}

Result<bool> QdrantIndex::exists(const Space& space) {
  std::string name = name_of(space);
  {
    std::lock_guard guard(mutex_);
    if (made_.contains(name)) return true;
  }
  json answer = MIRA_TRY(ask("GET", "/collections/" + name + "/exists"));
  if (!answer.is_object() || answer.value("exists", false) != true) return false;
  note(name, true);
  return true;
}

// Indexes of the payload come before the first point: a strict server refuses filters without them.
Status QdrantIndex::make(const Space& space) {
  if (MIRA_TRY(exists(space))) return {};
  std::string path = "/collections/" + name_of(space);
  json body{
      {"vectors",
       {{"size", space.dimensions}, {"distance", "Cosine"}, {"on_disk", true}, {"datatype", "float16"}}},
      {"quantization_config", {{"scalar", {{"type", "int8"}}}}},
      {"on_disk_payload", true},
      {"metadata",
       {{"collection", space.collection},
        {"model", space.model},
        {"dimensions", space.dimensions},
        {"schema", schema_of_payload}}}};
  auto made = ask("PUT", path, body);
  if (!made && !MIRA_TRY(exists(space))) return std::unexpected(made.error());  // another process was first
  json tenant = {{"type", "keyword"}, {"is_tenant", true}};
  const std::pair<const char*, json> fields[] = {
      {"project", tenant}, {"tags", "keyword"}, {"content_hash", "keyword"}, {"owner", "integer"}};
  for (const auto& [field, schema] : fields)
    MIRA_TRY(ask("PUT", path + "/index?wait=true", {{"field_name", field}, {"field_schema", schema}}));
  note(name_of(space), true);
  return {};
}

// Acknowledged is not done yet: every write may be repeated, so it is.
Status QdrantIndex::write(const std::string& path, const char* method, const json& body) {
  for (int number = 1;; ++number) {
    json answer = MIRA_TRY(ask(method, path, body));
    if (text_at(answer, "status") == "completed") return {};
    if (number >= options_.tries)
      return fail(ErrorCode::provider, "Qdrant took the points but did not say that they are written");
  }
}

json QdrantIndex::filter_of(const Filter& filter) const {
  json must = json::array({must_match("project", {{"value", options_.tenant}})});
  for (const auto& group : filter.groups) must.push_back(must_match("tags", {{"any", group}}));
  return {{"must", std::move(must)}};
}

Status QdrantIndex::upsert(const Space& space, std::span<const Point> points) {
  std::vector<std::vector<float>> ready;
  for (const Point& point : points) ready.push_back(MIRA_TRY(unit(space, point.numbers)));
  MIRA_TRY(make(space));
  for (std::size_t first = 0; first < points.size(); first += points_of_a_request) {
    json list = json::array();
    for (std::size_t i = first; i < std::min(first + points_of_a_request, points.size()); ++i)
      list.push_back({{"id", point_id(options_, space, points[i].owner)},
                      {"vector", ready[i]},
                      {"payload",
                       {{"project", options_.tenant},
                        {"owner", points[i].owner},
                        {"content_hash", points[i].content_hash},
                        {"tags", points[i].tags}}}});
    MIRA_TRY(write("/collections/" + name_of(space) + "/points?wait=true", "PUT", {{"points", list}}));
  }
  return {};
}

Status QdrantIndex::remove(const Space& space, std::span<const std::int64_t> owners) {
  if (owners.empty() || !MIRA_TRY(exists(space))) return {};
  for (std::size_t first = 0; first < owners.size(); first += points_of_a_request) {
    json ids = json::array();
    for (std::size_t i = first; i < std::min(first + points_of_a_request, owners.size()); ++i)
      ids.push_back(point_id(options_, space, owners[i]));
    MIRA_TRY(write("/collections/" + name_of(space) + "/points/delete?wait=true", "POST", {{"points", ids}}));
  }
  return {};
}

// The scores of all that passed, or of a random part of them.
Status QdrantIndex::measure(const Space& space, const json& filter, std::span<const float> question,
                            Neighbours& into) {
  json some = MIRA_TRY(ask("POST", "/collections/" + name_of(space) + "/points/query",
                           {{"query", {{"sample", "random"}}},
                            {"filter", filter},
                            {"limit", sampled},
                            {"with_payload", false},
                            {"with_vector", true}}));
  double sum = 0, squares = 0, count = 0;
  for (const json& point : at(some, "points")) {
    std::vector<float> numbers = vector_at(point);
    if (numbers.size() != question.size()) continue;
    double score = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) score += static_cast<double>(numbers[i]) * question[i];
    sum += score;
    squares += score * score;
    ++count;
  }
  if (count == 0) return {};
  into.mean = sum / count;
  into.deviation = std::sqrt(std::max(0.0, squares / count - into.mean * into.mean));
  return {};
}

Result<Neighbours> QdrantIndex::nearest(const Space& space, std::span<const float> question,
                                        std::size_t limit, const Filter& filter) {
  std::vector<float> asked = MIRA_TRY(unit(space, question));
  Neighbours out;
  bool passes_nothing = std::ranges::any_of(filter.groups, [](const auto& group) { return group.empty(); });
  if (passes_nothing || !MIRA_TRY(exists(space))) return out;
  json conditions = filter_of(filter);
  out.looked_at = static_cast<std::size_t>(MIRA_TRY(count_of(space, conditions)));
  if (out.looked_at == 0) return out;
  MIRA_TRY(measure(space, conditions, asked, out));
  if (limit == 0) return out;
  json found = MIRA_TRY(ask("POST", "/collections/" + name_of(space) + "/points/query",
                            {{"query", asked},
                             {"filter", conditions},
                             {"limit", limit + ties},
                             {"params", {{"exact", true}, {"quantization", {{"ignore", true}}}}},
                             {"with_payload", json::array({"owner"})}}));
  for (const json& point : at(found, "points"))
    out.best.push_back({integer_at(at(point, "payload"), "owner"), point.value("score", 0.0F)});
  std::ranges::sort(out.best, [](const Near& a, const Near& b) {
    return a.score != b.score ? a.score > b.score : a.owner < b.owner;
  });
  if (out.best.size() > limit) out.best.resize(limit);
  return out;
}

Result<std::int64_t> QdrantIndex::count_of(const Space& space, const json& filter) {
  json answer = MIRA_TRY(
      ask("POST", "/collections/" + name_of(space) + "/points/count", {{"filter", filter}, {"exact", true}}));
  return integer_at(answer, "count");
}

Result<std::int64_t> QdrantIndex::count(const Space& space) {
  if (!MIRA_TRY(exists(space))) return 0;
  return count_of(space, filter_of({}));
}

Result<std::map<std::int64_t, std::string>> QdrantIndex::owners(const Space& space) {
  std::map<std::int64_t, std::string> out;
  if (!MIRA_TRY(exists(space))) return out;
  json body{{"filter", filter_of({})},
            {"limit", owners_of_a_page},
            {"with_payload", json::array({"owner", "content_hash"})},
            {"with_vector", false}};
  while (true) {
    json page = MIRA_TRY(ask("POST", "/collections/" + name_of(space) + "/points/scroll", body));
    for (const json& point : at(page, "points")) {
      const json& payload = at(point, "payload");
      out.emplace(integer_at(payload, "owner"), text_at(payload, "content_hash"));
    }
    const json& next = at(page, "next_page_offset");
    if (!next.is_string() && !next.is_number()) return out;
    body["offset"] = next;
  }
}

Result<std::optional<std::vector<float>>> QdrantIndex::of_content(const Space& space,
                                                                  const std::string& content_hash) {
  std::optional<std::vector<float>> out;
  if (!MIRA_TRY(exists(space))) return out;
  json filter = filter_of({});
  filter["must"].push_back(must_match("content_hash", {{"value", content_hash}}));
  json page =
      MIRA_TRY(ask("POST", "/collections/" + name_of(space) + "/points/scroll",
                   {{"filter", filter}, {"limit", 1}, {"with_payload", false}, {"with_vector", true}}));
  for (const json& point : at(page, "points")) {
    auto numbers = vector_at(point);
    if (numbers.size() == space.dimensions) out = std::move(numbers);
  }
  return out;
}

Result<std::vector<Space>> QdrantIndex::spaces(const std::string& collection) {
  std::vector<Space> out;
  json answer = MIRA_TRY(ask("GET", "/collections"));
  std::vector<std::string> names;
  for (const json& one : at(answer, "collections")) names.push_back(text_at(one, "name"));
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (!name.starts_with(fmt::format("{}_{}_", options_.prefix, collection))) continue;
    json info = MIRA_TRY(ask("GET", "/collections/" + name));
    const json& metadata = at(at(info, "config"), "metadata");
    Space space{text_at(metadata, "collection"), text_at(metadata, "model"),
                static_cast<std::size_t>(integer_at(metadata, "dimensions"))};
    bool is_ours = space.collection == collection && name_of(space) == name;
    if (is_ours && MIRA_TRY(count(space)) > 0) out.push_back(std::move(space));
  }
  return out;
}

// One request switches the alias: who asks it sees the old space or the new, never none.
Status QdrantIndex::activate(const Space& space) {
  if (!MIRA_TRY(exists(space))) return {};
  std::string alias = fmt::format("{}_{}", options_.prefix, space.collection);
  json known = MIRA_TRY(ask("GET", "/aliases"));
  json actions = json::array();
  for (const json& one : at(known, "aliases")) {
    if (text_at(one, "alias_name") != alias) continue;
    if (text_at(one, "collection_name") == name_of(space)) return {};
    actions.push_back({{"delete_alias", {{"alias_name", alias}}}});
  }
  actions.push_back({{"create_alias", {{"collection_name", name_of(space)}, {"alias_name", alias}}}});
  MIRA_TRY(ask("POST", "/collections/aliases", {{"actions", actions}}));
  return {};
}

// The collection goes with the last points in it, whoever's they are.
Status QdrantIndex::drop(const Space& space) {
  if (!MIRA_TRY(exists(space))) return {};
  std::string path = "/collections/" + name_of(space);
  MIRA_TRY(write(path + "/points/delete?wait=true", "POST", {{"filter", filter_of({})}}));
  json left = MIRA_TRY(ask("POST", path + "/points/count", {{"exact", true}}));
  if (integer_at(left, "count") > 0) return {};
  MIRA_TRY(ask("DELETE", path));
  note(name_of(space), false);
  return {};
}

}  // namespace mira::vectors
