// Nearest neighbours: what every vector store offers. A space is a collection as one
// model sees it, so vectors of two models never meet. Points are named by what they
// belong to, are found by direction (cosine), and may be filtered by tags. One
// conformance test runs over every store (index_conformance.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"

namespace mira::vectors {

struct Space {
  std::string collection;  // "conversation"
  std::string model;       // the record of the model that made the vectors
  std::size_t dimensions = 0;
  bool operator==(const Space&) const = default;
};

struct Point {
  std::int64_t owner = 0;
  std::string content_hash;
  std::vector<float> numbers;     // any length but 0; kept at unit length
  std::vector<std::string> tags;  // "scope=3"
};

struct Filter {
  // Each group must be met by one of its tags; no group: every point.
  std::vector<std::vector<std::string>> groups;
};

struct Near {
  std::int64_t owner = 0;
  float score = 0;  // cosine, -1..1
  bool operator==(const Near&) const = default;
};

struct Neighbours {
  std::vector<Near> best;          // best first, equal scores by owner
  double mean = 0, deviation = 0;  // of the scores of all points that passed the filter
  std::size_t looked_at = 0;       // so many
};

class Index {
 public:
  virtual ~Index() = default;
  // Adds points, or takes the place of those with the same owner. Durable when it returns; all or none.
  // usage: a vector of other dimensions than the space's, or one that is not finite or has no length.
  virtual base::Status upsert(const Space& space, std::span<const Point> points) = 0;
  // Points that are not there are passed over.
  virtual base::Status remove(const Space& space, std::span<const std::int64_t> owners) = 0;
  // At most `limit`; none when the space has no points. usage: a question of other dimensions.
  virtual base::Result<Neighbours> nearest(const Space& space, std::span<const float> question,
                                           std::size_t limit, const Filter& filter = {}) = 0;
  // Content hash of every point, by owner.
  virtual base::Result<std::map<std::int64_t, std::string>> owners(const Space& space) = 0;
  // How many points there are. Cheap.
  virtual base::Result<std::int64_t> count(const Space& space) = 0;
  // The vector that a text of this content already has, of whatever owner; nullopt: none.
  virtual base::Result<std::optional<std::vector<float>>> of_content(const Space& space,
                                                                     const std::string& content_hash) = 0;
  // The spaces of a collection that have points.
  virtual base::Result<std::vector<Space>> spaces(const std::string& collection) = 0;
  // The space is whole and is the one that answers from now on, to whoever asks for the collection by its
  // name.
  virtual base::Status activate(const Space& space) = 0;
  // Removes a space whole: its model is no longer used.
  virtual base::Status drop(const Space& space) = 0;
};

}  // namespace mira::vectors
