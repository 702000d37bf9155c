#include "faces/clients/apply.h"

#include <fmt/format.h>

#include "faces/clients/block_edit.h"
#include "faces/clients/toml_edit.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

using base::Result;

ElementTest marked(const Change& change) {
  return [mark = change.mark](std::string_view element) { return element.contains(mark); };
}

// An entry that runs `mcp` of a program called mira is one of ours, whatever its path.
base::Status check_origin(const Change& change, std::string_view text) {
  if (change.keys.back() != "mira" || base::trim(text).empty()) return {};
  auto parsed = parse_json_text(text);
  if (!parsed) return std::unexpected(parsed.error());
  const JsonNode* there = parsed->find(change.keys);
  if (there == nullptr) return {};
  std::string_view entry = text.substr(there->begin, there->end - there->begin);
  if (entry.contains("mira") && entry.contains("\"mcp\"")) return {};
  return base::fail(base::ErrorCode::failed, "an entry \"mira\" that is not of this program stands there",
                    "take it out or rename it, then connect again");
}

}  // namespace

Result<std::string> put_in(const Change& change, std::string_view text) {
  switch (change.kind) {
    case Change::Kind::json_member:
      MIRA_TRY(check_origin(change, text));
      return set_member(text, change.keys, change.value);
    case Change::Kind::json_element:
      return set_element(text, change.keys, change.value, marked(change));
    case Change::Kind::toml_table:
      return set_table(text, change.keys[0], change.body);
    case Change::Kind::whole_file:
      if (!text.empty() && !text.starts_with("// Written by `mira connect"))
        return base::fail(base::ErrorCode::failed, "a file that is not of this program stands there",
                          "move it away, then connect again");
      return change.body;
    case Change::Kind::text_block:
      return set_block(text, change.body);
  }
  return std::string(text);
}

Result<std::string> take_out(const Change& change, std::string_view text) {
  switch (change.kind) {
    case Change::Kind::json_member:
      return remove_member(text, change.keys);
    case Change::Kind::json_element:
      return remove_elements(text, change.keys, marked(change));
    case Change::Kind::toml_table:
      return remove_table(text, change.keys[0]);
    case Change::Kind::whole_file:
      return std::string();
    case Change::Kind::text_block:
      return remove_block(text);
  }
  return std::string(text);
}

}  // namespace mira::clients
