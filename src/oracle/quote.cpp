#include "oracle/quote.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::oracle {
namespace {

// Lower case, single blanks.
constexpr auto order_phrases = std::to_array<std::string_view>({"ignore previous instructions",
                                                                "ignore all previous",
                                                                "ignore the previous",
                                                                "ignore the above",
                                                                "ignore your instructions",
                                                                "ignore all instructions",
                                                                "disregard previous",
                                                                "disregard all",
                                                                "disregard the above",
                                                                "disregard your instructions",
                                                                "forget your instructions",
                                                                "forget all previous",
                                                                "override your instructions",
                                                                "new instructions:",
                                                                "your new instructions",
                                                                "you are now",
                                                                "you must now",
                                                                "do not tell the user",
                                                                "don't tell the user",
                                                                "without telling the user",
                                                                "do not inform the user",
                                                                "reveal your system prompt",
                                                                "your system prompt",
                                                                "<|im_start|>",
                                                                "<|im_end|>",
                                                                "[inst]",
                                                                "<system>",
                                                                "</system>",
                                                                "<system-reminder>",
                                                                "begin system message",
                                                                "important instructions for ai",
                                                                "instructions for ai agents",
                                                                "note to ai agents",
                                                                "if you are an ai",
                                                                "if you are a language model",
                                                                "as an ai language model"});

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return base::to_lower(out);
}

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
  return base::display_text(guard::mask_secrets(base::repair_utf8(bytes)));
}

std::string quotable_line(std::string_view bytes) {
  return guard::mask_secrets(base::display_line(bytes));
}

bool reads_like_instruction(std::string_view text) {
  std::string flat = folded(text);
  return std::ranges::any_of(order_phrases, [&](std::string_view phrase) { return flat.contains(phrase); });
}

std::string fence_for(std::string_view text) {
  std::size_t ticks = std::max<std::size_t>(3, longest_run(text, '`') + 1);
  std::size_t tildes = std::max<std::size_t>(3, longest_run(text, '~') + 1);
  return ticks <= tildes ? std::string(ticks, '`') : std::string(tildes, '~');
}

}  // namespace mira::oracle
