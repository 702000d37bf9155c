#include "meaning/embedded_texts.h"

namespace mira::meaning {

using base::Result;

vectors::Space EmbeddedTexts::space() const {
  return {std::string(collection()), embedder_->model(), embedder_->dimensions()};
}

Result<vectors::Index*> EmbeddedTexts::index(const contracts::Session& session) {
  const vectors::Place where = place(session);
  std::lock_guard guard(mutex_);
  auto& index = indexes_[where.whose];
  if (!index) index = MIRA_TRY(vectors::open_index(where, session.clock.now_ms()));
  return index.get();
}

Result<vectors::Index*> EmbeddedTexts::existing(const contracts::Session& session) {
  if (!vectors::has_index(place(session))) return nullptr;
  return index(session);
}

Result<std::optional<vectors::Neighbours>> EmbeddedTexts::nearest(const contracts::Session& session,
                                                                  const Question& question,
                                                                  base::Deadline deadline) {
  if (!embedder_) return std::nullopt;
  vectors::Index* vectors = MIRA_TRY(existing(session));
  if (vectors == nullptr) return std::nullopt;
  if (question.needed > 0 && MIRA_TRY(vectors->count(space())) < question.needed) return std::nullopt;
  auto numbers = MIRA_TRY(embedder_->of_question(session, question.text, deadline));
  auto near = MIRA_TRY(vectors->nearest(space(), numbers, question.compared, question.filter));
  if (near.looked_at == 0) return std::nullopt;
  return near;
}

Result<contracts::EmbedState> EmbeddedTexts::state(contracts::Session& session) {
  contracts::EmbedState out{.texts = MIRA_TRY(count(session))};
  if (!embedder_) return out;
  if (vectors::Index* vectors = MIRA_TRY(existing(session))) out.embedded = MIRA_TRY(vectors->count(space()));
  return out;
}

Result<contracts::EmbedReport> EmbeddedTexts::bring_up_to_date(contracts::Session& session,
                                                               base::Progress& progress,
                                                               base::Deadline deadline) {
  vectors::Index* vectors = MIRA_TRY(index(session));
  auto embed = [&](std::span<const std::string> some, base::Deadline until) {
    return embedder_->of_passages(session, some, until);
  };
  auto wanted = MIRA_TRY(texts(session));
  auto done =
      MIRA_TRY(vectors::fill(*vectors, space(), std::move(wanted), embed,
                             {.batch = embedder_->batch(), .unit = std::string(unit())}, progress, deadline));
  return contracts::EmbedReport{done.embedded, done.reused,  done.removed,
                                done.present,  done.waiting, done.refused};
}

}  // namespace mira::meaning
