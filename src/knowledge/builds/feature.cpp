#include "knowledge/builds/feature.h"

#include "knowledge/builds/action_diagnose.h"

namespace mira::builds {

contracts::Feature feature() {
  contracts::Feature out;
  out.name = "builds";
  out.schema.feature = "builds";
  out.actions.push_back(diagnose_action());
  return out;
}

}  // namespace mira::builds
