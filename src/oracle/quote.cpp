#include "oracle/quote.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"

namespace mira::oracle {
namespace {

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0, run = 0;
  for (char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string quotable_text(std::string_view bytes) {
  return guard::neutralise(guard::mask_secrets(base::repair_utf8(bytes)));
}

std::string quotable_line(std::string_view bytes) {
  return guard::mask_secrets(base::display_line(bytes));
}

std::string fence_for(std::string_view text) {
  std::size_t ticks = std::max<std::size_t>(3, longest_run(text, '`') + 1);
  std::size_t tildes = std::max<std::size_t>(3, longest_run(text, '~') + 1);
  return ticks <= tildes ? std::string(ticks, '`') : std::string(tildes, '~');
}

}  // namespace mira::oracle
