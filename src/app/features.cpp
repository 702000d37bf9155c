#include "app/features.h"

#include "app/embedder.h"
#include "knowledge/builds/feature.h"
#include "knowledge/code/feature.h"
#include "knowledge/code/semantics/feature.h"
#include "knowledge/code/symbol_lookup.h"
#include "knowledge/code/versions.h"
#include "knowledge/documents/feature.h"
#include "knowledge/git/changed_texts.h"
#include "knowledge/git/feature_ports.h"
#include "knowledge/memory/meaning.h"
#include "knowledge/projects/feature.h"

namespace mira::app {

std::vector<contracts::Feature> features() {
  std::vector<contracts::Feature> out;
  out.push_back(projects::feature());
  std::shared_ptr<contracts::Changes> changes;
  changes = git::changes();
  out.push_back(code::feature());
  code::compare_versions(out.back(), changes);
  out.push_back(semantics::feature());
  out.push_back(git::feature(code::symbol_lookup()));
  out.push_back(memory::feature_with(local_embedder()));
  out.push_back(documents::feature());
  out.push_back(builds::feature());
  return out;
}

}  // namespace mira::app
