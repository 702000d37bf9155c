#include "contracts/ask.h"

#include <string>

namespace mira::contracts {

base::Result<Json> ask(const Call& call, std::string_view action, const Json& arguments) {
  const Action* found = call.registry.find(action);
  if (found == nullptr)
    return base::fail(base::ErrorCode::not_found,
                      "this program has no action \"" + std::string(action) + "\"");
  Call inner{.arguments = MIRA_TRY(check_arguments(*found, arguments)),
             .session = call.session,
             .deadline = call.deadline,
             .progress = call.progress,
             .registry = call.registry,
             .batch = call.batch};
  Reply reply = MIRA_TRY(found->handle(inner));
  return std::move(reply.data);
}

}  // namespace mira::contracts
