#include "faces/hooks/ask.h"

namespace mira::hooks {

using contracts::Json;

std::optional<Json> Ask::operator()(std::string_view action, const Json& arguments) const {
  const contracts::Action* found = host_.registry().find(action);
  bool locked = fault_ && fault_->code == base::ErrorCode::locked;  // and would be for the next question too
  if (found == nullptr || locked || deadline_.expired()) return std::nullopt;
  auto checked = contracts::check_arguments(*found, arguments);
  if (!checked) return std::nullopt;
  base::QuietProgress quiet;
  contracts::Request request{
      .project = project_, .arguments = std::move(*checked), .freshness = contracts::Freshness::as_indexed};
  auto reply = host_.call(*found, request, quiet, deadline_);
  if (!reply) {
    base::ErrorCode code = reply.error().code;
    bool of_store = code == base::ErrorCode::unavailable || code == base::ErrorCode::locked ||
                    code == base::ErrorCode::timeout || code == base::ErrorCode::failed;
    if (of_store && !fault_) fault_ = reply.error();
    return std::nullopt;
  }
  return std::move(reply->data);
}

}  // namespace mira::hooks
