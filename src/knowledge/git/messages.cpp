#include "knowledge/git/messages.h"

#include <algorithm>

#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::git {
namespace {

constexpr std::size_t read_bytes = std::size_t{16} * limits::commit_message_bytes;

// A capital or digit after a small letter: the word has parts. Underscores part words already.
bool has_parts(std::string_view word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    bool small_before = word[i - 1] >= 'a' && word[i - 1] <= 'z';
    if (small_before && ((word[i] >= 'A' && word[i] <= 'Z') || (word[i] >= '0' && word[i] <= '9')))
      return true;
  }
  return false;
}

}  // namespace

Message clean_message(std::string_view bytes) {
  // Masked whole and then cut: a cut through a secret would leave a piece that nothing recognises.
  std::string masked = guard::mask_secrets(base::repair_utf8(bytes.substr(0, read_bytes)));
  std::string text(base::truncate_utf8(masked, limits::commit_message_bytes));
  Message out;
  std::string_view rest = base::trim(text);
  std::size_t end = std::min(rest.find("\n\n"), rest.find("\n\r\n"));
  out.subject = rest.substr(0, end);
  std::ranges::replace(out.subject, '\n', ' ');
  std::erase(out.subject, '\r');
  if (end != std::string_view::npos) out.body = base::trim(rest.substr(end));
  return out;
}

std::string searchable(std::string_view text) {
  std::string out(text);
  for (std::string_view word : base::words(text)) {
    if (!has_parts(word)) continue;
    for (const std::string& part : base::split_identifier(word)) {
      out += ' ';
      out += part;
    }
  }
  return out;
}

}  // namespace mira::git
