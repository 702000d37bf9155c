// From argv to an invocation: which action, with which arguments, printed how. A
// mistyped verb or option is a usage error that names what was probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "contracts/action.h"

namespace mira::cli {

struct Invocation {
  const contracts::Action* action = nullptr;              // null: the overview, or that of a family
  contracts::Json arguments = contracts::Json::object();  // checked
  std::string project = {};                               // --project, "" is the working folder
  std::string family = {};                                // "config": help on all its commands
  bool help = false;
  bool version = false;
  bool json = false;
  bool plain = false;
  bool quiet = false;
  bool batch = false;
  std::optional<double> timeout_s = std::nullopt;
};

// Options that every action has, for help, completions and the reference.
struct CommonOption {
  std::string_view flags;
  std::string_view help;
};
std::vector<CommonOption> common_options(const contracts::Action& action);

// usage: unknown verb or option, missing or ill-typed value. Reads standard input
// only where an argument asks for it ("-" or --stdin).
base::Result<Invocation> parse(const contracts::Registry& registry, std::span<char* const> arguments);

}  // namespace mira::cli
