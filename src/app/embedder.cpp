#include "app/embedder.h"

#include <algorithm>
#include <mutex>

#include "platform/base/home.h"
#include "platform/budget/metered_embeddings.h"
#include "platform/embed/encoder.h"

namespace mira::app {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t source_digits = 12;  // of the hash of what the model was made from

// Opened at the first text: most runs of the program ask nothing by meaning.
class LocalEmbedder : public contracts::Embedder {
 public:
  explicit LocalEmbedder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::string& model() override {
    open();
    return model_;
  }
  std::size_t dimensions() override {
    open();
    return file_ ? (*file_)->record().width : 0;
  }

  Result<std::vector<float>> of_question(const contracts::Session&, std::string_view text,
                                         base::Deadline deadline) override {
    open();
    if (!file_) return std::unexpected(file_.error());
    if (deadline.expired()) return fail(ErrorCode::timeout, "no time was left to embed the question");
    return embed::encode_question(**file_, text);
  }

  Result<std::vector<std::vector<float>>> of_passages(const contracts::Session&,
                                                      std::span<const std::string> texts,
                                                      base::Deadline deadline) override {
    open();
    if (!file_) return std::unexpected(file_.error());
    std::vector<std::vector<float>> out;
    for (const std::string& text : texts) {
      out.push_back(embed::encode_passage(**file_, text));
      if (deadline.expired()) break;  // after one at least, or a busy machine never gets any
    }
    return out;
  }

 private:
  void open() {
    std::call_once(opened_, [&] {
      file_ = embed::ModelFile::open(path_);
      if (file_) model_ = (*file_)->record().name + "@" + (*file_)->record().source.substr(0, source_digits);
    });
  }

  std::filesystem::path path_;
  std::once_flag opened_;
  Result<std::shared_ptr<const embed::ModelFile>> file_ = fail(ErrorCode::failed, "not opened");
  std::string model_;
};

// A model at a host that the user named. Everything it is asked goes through the ledger.
class RemoteEmbedder : public contracts::Embedder {
 public:
  explicit RemoteEmbedder(models::EmbeddingRow row) : row_(std::move(row)) {}

  const std::string& model() override { return row_.model; }
  std::size_t dimensions() override { return row_.dimensions; }
  std::size_t batch() override { return texts_of_a_request; }

  Result<std::vector<float>> of_question(const contracts::Session& session, std::string_view text,
                                         base::Deadline deadline) override {
    auto vectors = MIRA_TRY(ask(session, {row_.question_prefix + std::string(text)}, false, deadline));
    return std::move(vectors.front());
  }
  Result<std::vector<std::vector<float>>> of_passages(const contracts::Session& session,
                                                      std::span<const std::string> texts,
                                                      base::Deadline deadline) override {
    std::vector<std::string> sent;
    for (const std::string& text : texts)
      sent.push_back(row_.passage_prefix + (text.empty() ? " " : text));  // hosts refuse an empty one
    // A request that is begun is paid for: the end of a slice does not cut it.
    if (!deadline.cancelled() && deadline.remaining_ms() < request_ms)
      deadline = base::Deadline::after_ms(request_ms);
    return ask(session, std::move(sent), true, deadline);
  }

 private:
  Result<std::vector<std::vector<float>>> ask(const contracts::Session& session,
                                              std::vector<std::string> texts, bool background,
                                              base::Deadline deadline) {
    auto connected = MIRA_TRY(budget::find_embedding_model());
    budget::MeteredEmbeddings metered(std::move(connected), {.writer = session.main_writer,
                                                             .main = session.main,
                                                             .clock = session.clock,
                                                             .breaker = breaker_,
                                                             .project_id = session.project.id});
    auto made = MIRA_TRY(metered.embed({.model = row_.model,
                                        .dimensions = row_.dimensions,
                                        .texts = std::move(texts),
                                        .background = background},
                                       deadline));
    return std::move(made.vectors);
  }

  static constexpr std::size_t texts_of_a_request = 64;
  static constexpr std::int64_t request_ms = 15'000;
  models::EmbeddingRow row_;
  models::Breaker breaker_;
};

std::vector<std::filesystem::path> model_folders() {
  std::vector<std::filesystem::path> out;
  if (auto home = base::find_home()) out.push_back(home->data / "models");
  std::error_code error;
  auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    out.push_back(program.parent_path() / "models");
    out.push_back(program.parent_path().parent_path() / "share" / "mira" / "models");
  }
  return out;
}

}  // namespace

std::optional<std::filesystem::path> find_model_file() {
  for (const auto& folder : model_folders()) {
    std::optional<std::filesystem::path> first;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      if (it->path().extension() == ".embed" && (!first || it->path() < *first)) first = it->path();
    }
    if (first) return first;
  }
  return std::nullopt;
}

std::shared_ptr<contracts::Embedder> local_embedder() {
  auto path = find_model_file();
  return path ? std::make_shared<LocalEmbedder>(std::move(*path)) : nullptr;
}

std::optional<models::EmbeddingRow> remote_embedding_model() {
  std::error_code ignored;
  if (!std::filesystem::exists(budget::models_file(), ignored)) return std::nullopt;
  auto catalog = models::Catalog::load(budget::models_file());  // what is wrong with it `mira models` tells
  if (!catalog || catalog->embedding().model.empty()) return std::nullopt;
  return catalog->embedding();
}

std::shared_ptr<contracts::Embedder> find_embedder() {
  if (auto row = remote_embedding_model()) return std::make_shared<RemoteEmbedder>(std::move(*row));
  return local_embedder();
}

}  // namespace mira::app
