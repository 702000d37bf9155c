// JSON as people keep it in configuration files: comments and trailing commas allowed,
// every value with its place in the bytes. Nothing is printed back from this; edits
// (json_edit.h) patch the text at these places, so all other bytes stay.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::clients {

struct JsonNode;

struct JsonMember {
  std::string key;  // decoded
  std::size_t key_begin = 0;
  std::size_t value = 0;  // index into JsonText::nodes
};

struct JsonNode {
  enum class Kind { object, array, string, other };
  Kind kind = Kind::other;
  std::size_t begin = 0, end = 0;          // the value's bytes
  std::vector<JsonMember> members = {};    // of an object
  std::vector<std::size_t> elements = {};  // of an array
  std::string text = {};                   // of a string, decoded
};

struct JsonText {
  std::vector<JsonNode> nodes;  // the first is the root

  const JsonNode& root() const { return nodes.front(); }
  // The value under the keys, null when it is not there.
  const JsonNode* find(const std::vector<std::string>& keys) const;
  const JsonNode* member(const JsonNode& object, std::string_view key) const;
};

// failed: not JSON, with the line of the first fault; nested over limits::json_depth.
base::Result<JsonText> parse_json_text(std::string_view text);

// First byte at or after `at` that is neither blank nor comment.
std::size_t skip_blanks(std::string_view text, std::size_t at);

}  // namespace mira::clients
