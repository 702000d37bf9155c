// Finds and masks secrets before text is stored, embedded, logged or sent:
// keyword prefilter, then pattern, then entropy. A masked secret reads
// "[secret KIND FINGERPRINT]", so equal secrets stay recognisably equal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::guard {

struct SecretFound {
  std::string kind;        // "aws_access_key_id"
  std::size_t begin, end;  // byte span in the text searched
};

std::vector<SecretFound> find_secrets(std::string_view text);
// Text with every recognised secret masked; line structure (count of newlines) is kept.
std::string mask_secrets(std::string_view text);
// True for files that are credentials by their name (.env, id_rsa, *.pem, ...): they are never read.
bool is_secret_file(std::string_view path);

}  // namespace mira::guard
