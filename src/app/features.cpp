#include "app/features.h"

#include "app/analyst.h"
#include "app/embedder.h"
#include "contracts/error_reader.h"
#include "knowledge/builds/error_reader.h"
#include "knowledge/builds/feature.h"
#include "knowledge/code/meaning.h"
#include "knowledge/code/semantics/feature.h"
#include "knowledge/code/symbol_lookup.h"
#include "knowledge/code/versions.h"
#include "knowledge/documents/feature.h"
#include "knowledge/git/changed_texts.h"
#include "knowledge/git/feature_ports.h"
#include "knowledge/git/touched_files.h"
#include "knowledge/memory/meaning.h"
#include "knowledge/projects/feature.h"

namespace mira::app {
namespace {

// What is added last embeds first. In one line with its feature, so that removing that is removing lines.
template <class Meaning>
std::shared_ptr<Meaning> embeds(Features& made, std::shared_ptr<Meaning> meaning) {
  made.embeds.insert(made.embeds.begin(), meaning);
  return meaning;
}

}  // namespace

Features features() {
  Features made;
  std::vector<contracts::Feature>& out = made.all;
  auto embedder = find_embedder();
  out.push_back(projects::feature());
  std::shared_ptr<contracts::Changes> changes;
  changes = git::changes();
  contracts::ErrorReader errors;
  errors = builds::error_reader();
  // Made first, so it embeds last: words find commits well.
  auto commits = embeds(made, std::make_shared<git::CommitMeaning>(embedder));
  auto code_meaning = embeds(made, std::make_shared<code::MeaningSearch>(embedder));
  out.push_back(code::feature_with(code_meaning));
  code::compare_versions(out.back(), changes);
  code::search_with_history(out.back(), code_meaning, git::touched_files());
  out.push_back(semantics::feature(open_analyst()));
  out.push_back(git::feature(code::symbol_lookup(), commits));
  // After code: it is less, and words find it worse.
  out.push_back(memory::feature_with(embeds(made, std::make_shared<memory::Meaning>(embedder)), errors));
  out.push_back(documents::feature());
  out.push_back(builds::feature());
  return made;
}

}  // namespace mira::app
