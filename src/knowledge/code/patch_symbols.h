// Two texts of one file, compared symbol by symbol: what was added, removed, changed in
// its body or in its signature, and whether callers as they are written still fit.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"
#include "knowledge/code/patch_text.h"

namespace mira::code {

struct SymbolChange {
  std::string path, qualified, kind;
  std::string_view what;      // "added", "removed", "signature", "body"
  bool breaks = false;        // calls as they are may not fit any more
  std::string before, after;  // signatures
  int line = 0;               // now; 0 when removed
};

// Facts of texts of one language, in order: in worker processes, or here (tests).
using ParseTexts = std::function<base::Result<std::vector<Facts>>(
    std::string_view language, const std::vector<std::string_view>& texts)>;
base::Result<std::vector<Facts>> parse_in_workers(std::string_view language,
                                                  const std::vector<std::string_view>& texts);
base::Result<std::vector<Facts>> parse_here(std::string_view language,
                                            const std::vector<std::string_view>& texts);

// In order of place. Nothing for a language that is not parsed.
base::Result<std::vector<SymbolChange>> changed_symbols(const std::string& path, std::string_view before,
                                                        std::string_view now, const ParseTexts& parse);

}  // namespace mira::code
