// Content identities: fast 128-bit hashes of bytes (XXH3, not for security), and
// the object ids that git gives to file contents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mira::base {

std::uint64_t hash64(std::string_view bytes);
// 32 lower-case hex digits.
std::string content_hash(std::string_view bytes);

enum class GitHash { sha1, sha256 };
// git's id of a blob with these bytes: 40 or 64 lower-case hex digits.
std::string git_blob_id(std::string_view bytes, GitHash kind);
// 64 lower-case hex digits of SHA-256.
std::string sha256_hex(std::string_view bytes);

}  // namespace mira::base
