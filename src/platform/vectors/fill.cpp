#include "platform/vectors/fill.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace mira::vectors {
namespace {

using base::Deadline;
using base::ErrorCode;
using base::Result;
using base::Status;

class Filling {
 public:
  Filling(Index& index, const Space& space, const Embed& embed, Deadline deadline)
      : index_(index), space_(space), embed_(embed), deadline_(deadline) {}

  // Vectors for some texts: of the same text where there is one, else made now.
  Status put(std::span<Waiting> some) {
    std::vector<Point> points;
    std::vector<Waiting*> unknown;
    for (Waiting& one : some) {
      std::optional<std::vector<float>> known;  // asked for where there is one: a server is asked by the text
      if (hashes.contains(one.content_hash)) known = MIRA_TRY(index_.of_content(space_, one.content_hash));
      if (!known) {
        unknown.push_back(&one);
        continue;
      }
      points.push_back({one.owner, one.content_hash, std::move(*known), one.tags});
      ++report.reused;
    }
    MIRA_TRY(make(unknown, points));
    if (points.empty()) return {};
    MIRA_TRY(index_.upsert(space_, points));
    for (const Point& point : points) hashes.insert(point.content_hash);
    return {};
  }

  Filled report;
  std::unordered_set<std::string> hashes;  // of the texts that have a vector

 private:
  // A batch that is refused is halved until the one text is found that the model does not take.
  Status make(std::span<Waiting* const> some, std::vector<Point>& points) {
    if (some.empty()) return {};
    std::vector<std::string> texts;
    for (const Waiting* one : some) texts.push_back(one->text);
    auto made = embed_(texts, deadline_);
    if (!made && made.error().code == ErrorCode::usage) {
      if (some.size() == 1) {
        ++report.refused;
        return {};
      }
      MIRA_TRY(make(some.first(some.size() / 2), points));
      return make(some.subspan(some.size() / 2), points);
    }
    if (!made) return std::unexpected(made.error());
    bool ended = made->size() < some.size() && deadline_.expired();
    if (made->size() != some.size() && !ended)
      return base::fail(ErrorCode::provider, "the model gave another number of vectors than texts");
    for (std::size_t i = 0; i < made->size(); ++i)
      points.push_back({some[i]->owner, some[i]->content_hash, std::move((*made)[i]), some[i]->tags});
    report.embedded += static_cast<std::int64_t>(made->size());
    return {};
  }

  Index& index_;
  const Space& space_;
  const Embed& embed_;
  Deadline deadline_;
};

// Leaves the texts that have no vector yet; returns the owners whose text is gone.
Result<std::vector<std::int64_t>> sort_out(Index& index, const Space& space, std::vector<Waiting>& texts,
                                           Filling& filling) {
  auto present = MIRA_TRY(index.owners(space));
  filling.report.present = static_cast<std::int64_t>(present.size());
  std::erase_if(texts, [&](const Waiting& one) {
    auto known = present.find(one.owner);
    if (known == present.end()) return false;
    bool same = known->second == one.content_hash;
    filling.hashes.insert(known->second);
    present.erase(known);
    return same;
  });
  std::vector<std::int64_t> gone;
  for (const auto& [owner, hash] : present) gone.push_back(owner);
  return gone;
}

}  // namespace

Result<Filled> fill(Index& index, const Space& space, std::vector<Waiting> texts, const Embed& embed,
                    const FillOptions& options, base::Progress& progress, Deadline deadline) {
  Filling filling(index, space, embed, deadline);
  auto gone = MIRA_TRY(sort_out(index, space, texts, filling));
  if (!gone.empty()) MIRA_TRY(index.remove(space, gone));
  filling.report.removed = static_cast<std::int64_t>(gone.size());
  auto all = static_cast<std::int64_t>(texts.size());
  for (std::size_t at = 0; at < texts.size(); at += options.batch) {
    progress.update("embedding", static_cast<std::int64_t>(at), all, options.unit);
    Status put;
    // What came before may have taken all the time of a busy machine; the first batch is made all the same,
    // or none ever would be.
    if (!deadline.expired() || (at == 0 && !deadline.cancelled()))
      put = filling.put(std::span(texts).subspan(at, std::min(options.batch, texts.size() - at)));
    const Filled& so_far = filling.report;
    filling.report.waiting = all - so_far.embedded - so_far.reused - so_far.refused;
    bool is_over =
        put || put.error().code == ErrorCode::timeout || put.error().code == ErrorCode::interrupted;
    if (deadline.expired() && is_over) return filling.report;
    MIRA_TRY(put);
  }
  MIRA_TRY(index.activate(space));
  for (const Space& other : MIRA_TRY(index.spaces(space.collection))) {
    if (other != space) MIRA_TRY(index.drop(other));
  }
  return filling.report;
}

}  // namespace mira::vectors
