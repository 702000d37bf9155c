#include "faces/hooks/ask.h"

namespace mira::hooks {

using contracts::Json;

std::optional<Json> Ask::operator()(std::string_view action, const Json& arguments) const {
  const contracts::Action* found = host_.registry().find(action);
  if (found == nullptr || deadline_.expired()) return std::nullopt;
  auto checked = contracts::check_arguments(*found, arguments);
  if (!checked) return std::nullopt;
  base::QuietProgress quiet;
  contracts::Request request{
      .project = project_, .arguments = std::move(*checked), .freshness = contracts::Freshness::as_indexed};
  auto reply = host_.call(*found, request, quiet, deadline_);
  if (!reply) return std::nullopt;
  return std::move(reply->data);
}

}  // namespace mira::hooks
