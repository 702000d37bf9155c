// Who wrote the commits: each name and mail as written, mapped by the mailmap of
// HEAD to the person meant. One person is one mapped name, whatever the mail.
#pragma once

#include <string>
#include <unordered_map>

#include "knowledge/git/shadow.h"
#include "platform/store/connection.h"

namespace mira::git {

class AuthorRows {
 public:
  static base::Result<AuthorRows> load(store::Connection& index);

  // The row of a name and mail as written; makes it (unmapped) when it is new.
  base::Result<std::uint32_t> intern(store::Connection& index, const std::string& name,
                                     const std::string& email);
  bool has_new() const { return has_new_; }

 private:
  std::unordered_map<std::string, std::uint32_t> ids_;  // by name NUL mail
  std::uint32_t last_id_ = 0;
  bool has_new_ = false;
};

// Maps every author by the mailmap of the shadow's HEAD (`mailmap_blob` empty: there is none).
base::Status apply_mailmap(store::Connection& index, const Shadow& shadow, std::string_view mailmap_blob,
                           base::Deadline deadline);

// "the mapped name, folded", or the mail where there is no name.
std::string person_of(std::string_view name, std::string_view email);
bool is_bot(std::string_view name, std::string_view email);

}  // namespace mira::git
