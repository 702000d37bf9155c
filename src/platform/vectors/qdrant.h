// Vectors in a Qdrant server: the same interface over its REST interface. A space is a
// collection "<prefix>_<collection>_<model>_<dimensions>", so vectors of two models never
// meet; the alias "<prefix>_<collection>" leads to the one that is whole. Several owners of points
// (projects, people) share a collection and are told apart by `tenant`, which every question names.
// Only the Query API is asked (the older ways of searching are gone in 1.19). Searches are exact.
#pragma once

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "platform/models/http.h"
#include "platform/vectors/index.h"

namespace mira::vectors {

struct QdrantOptions {
  std::string base;    // "http://localhost:6333", without a slash at its end
  std::string key;     // may be empty; goes to `base` only
  std::string tenant;  // whose points these are
  std::string prefix = "mira";
  int tries = 3;  // of what is not answered, or answered with 429 or 5xx; every write may be repeated
  std::int64_t first_wait_ms = 200, answer_ms = 10'000;
};

class QdrantIndex : public Index {
 public:
  explicit QdrantIndex(QdrantOptions options) : options_(std::move(options)) {}

  // Errors of all: unavailable (not there, too old, a wrong key), provider (it refused or failed).
  base::Status upsert(const Space& space, std::span<const Point> points) override;
  base::Status remove(const Space& space, std::span<const std::int64_t> owners) override;
  // Mean and deviation are of a random sample where more than `sampled` points pass the filter.
  base::Result<Neighbours> nearest(const Space& space, std::span<const float> question, std::size_t limit,
                                   const Filter& filter = {}) override;
  base::Result<std::map<std::int64_t, std::string>> owners(const Space& space) override;
  base::Result<std::int64_t> count(const Space& space) override;
  base::Result<std::optional<std::vector<float>>> of_content(const Space& space,
                                                             const std::string& content_hash) override;
  base::Result<std::vector<Space>> spaces(const std::string& collection) override;
  base::Status activate(const Space& space) override;
  base::Status drop(const Space& space) override;

  // "1.19.0". Refuses what is too old.
  base::Result<std::string> version();
  // Newer than any that the tests know: asked all the same, and told.
  static bool is_newer_than_tested(std::string_view version);

  static constexpr std::size_t sampled = 256;

 private:
  using Json = nlohmann::json;
  // The `result` of an answer; null when there is no such collection.
  base::Result<Json> ask(const char* method, const std::string& path, const Json& body = nullptr);
  base::Result<Json> ask_once(const char* method, const std::string& path, const Json& body, bool& again);
  base::Status check_version();
  base::Result<bool> exists(const Space& space);
  base::Status make(const Space& space);
  void note(const std::string& name, bool is_there);
  base::Status write(const std::string& path, const char* method, const Json& body);
  std::string name_of(const Space& space) const;
  Json filter_of(const Filter& filter) const;
  base::Result<std::int64_t> count_of(const Space& space, const Json& filter);
  base::Status measure(const Space& space, const Json& filter, std::span<const float> question,
                       Neighbours& into);

  QdrantOptions options_;
  std::atomic<bool> version_is_known_ = false;
  std::mutex mutex_;  // of made_ and version_
  std::string version_;
  std::set<std::string> made_;  // collections that are known to be there
};

// A sentence for a person.
std::string newer_than_tested(std::string_view version, const std::string& host);

}  // namespace mira::vectors
