#include "app/features.h"

#if __has_include("knowledge/code/feature.h")
#include "knowledge/code/feature.h"
#endif
#if __has_include("knowledge/git/feature.h")
#include "knowledge/git/feature.h"
#endif
#if __has_include("knowledge/projects/feature.h")
#include "knowledge/projects/feature.h"
#endif

namespace mira::app {

std::vector<contracts::Feature> features() {
  std::vector<contracts::Feature> out;
#if __has_include("knowledge/projects/feature.h")
  out.push_back(projects::feature());
#endif
#if __has_include("knowledge/code/feature.h")
  out.push_back(code::feature());
#endif
#if __has_include("knowledge/git/feature.h")
  out.push_back(git::feature());
#endif
  return out;
}

}  // namespace mira::app
