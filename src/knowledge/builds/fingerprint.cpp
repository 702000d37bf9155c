#include "knowledge/builds/fingerprint.h"

#include "knowledge/builds/message_template.h"
#include "platform/base/hash.h"

namespace mira::builds {

Fingerprint fingerprint(const Record& record, std::string_view file) {
  const std::string head =
      std::to_string(fingerprint_version) + '\0' + record.tool + '\0' + record.code + '\0';
  Fingerprint out;
  const bool is_test = !record.test.empty();
  // A test is its id and how it failed; what it compared this time is no part of it.
  const std::string first_word(record.message.substr(0, record.message.find_first_of(": \n")));
  const std::string identity =
      is_test ? record.test + '\0' + first_word : template_with_names(record.message);
  out.identity = base::content_hash(head + identity);
  out.instance = base::content_hash(head + std::string(file) + '\0' + record.symbol + '\0' + out.identity);
  out.kind = base::content_hash(
      head + (record.code.empty() ? template_without_names(record.message) : std::string()));
  return out;
}

}  // namespace mira::builds
