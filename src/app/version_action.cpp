#include <fmt/format.h>

#include "app/actions.h"
#include "app/build_info.h"
#include "platform/store/connection.h"

namespace mira::app {

contracts::Action version_action() {
  return {
      .name = "version",
      .group = "program",
      .summary = "Show the version of this program and of what it is built on",
      .description = {},
      .params = {},
      .examples = {{"mira version --json", "for a bug report"}},
      .data_shape =
          R"({"version": "0.1.0", "commit": "1a2b3c4d5e6f", "sqlite": "3.54.1", "compiler": "12.2.0"})",
      .needs = contracts::Needs::nothing,
      .handle = [](contracts::Call&) -> base::Result<contracts::Reply> {
        return contracts::Reply{.data = {{"version", MIRA_VERSION},
                                         {"commit", MIRA_COMMIT},
                                         {"sqlite", store::sqlite_version()},
                                         {"compiler", __VERSION__}}};
      },
      .render =
          [](const contracts::Reply& reply, const contracts::Style&) {
            return fmt::format("mira {} ({}), SQLite {}\n", reply.data["version"].get<std::string>(),
                               reply.data["commit"].get<std::string>(),
                               reply.data["sqlite"].get<std::string>());
          },
  };
}

}  // namespace mira::app
