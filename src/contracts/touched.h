// Which files were worked on under words like these. The feature that knows history (git)
// offers it, the feature that searches code asks for it, and neither includes the other:
// the assembly hands it over. Without it search knows the code only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contracts/session.h"

namespace mira::contracts {

struct TouchedFile {
  std::string path;     // alive at HEAD
  double share = 0;     // 0..1; 1 for the file that the likeliest commits agree on
  std::string commit;   // id of the one most like the words
  std::string subject;  // of that commit, as it was written
};

// Best first; empty for words that no commit has, and outside a repository.
using TouchedFiles =
    std::function<base::Result<std::vector<TouchedFile>>(Session&, const std::vector<std::string>& words)>;

}  // namespace mira::contracts
