// The assembly: the only place that knows everything. argv comes in from main();
// a hidden `worker NAME` turns this process into a sandboxed worker, anything else
// goes to the command line face.
#pragma once

namespace mira::app {

// Returns the process exit code. Never throws.
int run(int argc, char** argv);

}  // namespace mira::app
