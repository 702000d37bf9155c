// The table of what a secret looks like. Every row is anchored at one of its
// keywords, so that one scan of the text for all keywords finds the few places
// where a pattern is worth trying. Patterns are RE2 over bytes; where one has a
// group, the group is the secret and the rest is its context. The entropy floor
// (Shannon, bits a byte, of the secret without its prefix) drops placeholders such
// as "ghp_xxxx". Formats are the public ones of the issuers.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace mira::guard {

enum class SecretForm {
  prefixed,  // the secret begins at its keyword and no letter or digit stands before it
  embedded,  // the keyword stands inside; the secret begins up to `lookback` bytes before it
  assigned,  // the keyword is the name of what the secret is given to
  guessed,   // as assigned, but the name and the look of the value are all there is
};

struct SecretKind {
  std::string_view name;                     // "aws_access_key_id"
  std::array<std::string_view, 4> keywords;  // lower case; any may be there, in any case; empty ones are none
  std::string_view pattern;
  double min_entropy = 0;
  SecretForm form = SecretForm::prefixed;
  int lookback = 0;
};

std::span<const SecretKind> secret_kinds();

}  // namespace mira::guard
