#include "app/embedder.h"

#include <algorithm>
#include <mutex>

#include "platform/base/home.h"
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
      if (deadline.expired()) break;
      out.push_back(embed::encode_passage(**file_, text));
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

}  // namespace mira::app
