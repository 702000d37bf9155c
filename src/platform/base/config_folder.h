// The folder of the user's own configuration: read, never made. Apart from Home, which
// holds what Mira writes.
#pragma once

#include <filesystem>

namespace mira::base {

// $MIRA_HOME/config, else $XDG_CONFIG_HOME/mira, else ~/.config/mira; empty when none of them is set.
std::filesystem::path config_folder();

}  // namespace mira::base
