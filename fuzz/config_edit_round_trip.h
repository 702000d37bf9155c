// What must hold of the editors of agents' configuration, whatever the text: a text that
// does not parse is refused; else what is put in is found, putting it in again changes
// nothing, and taking it out leaves every other value as it was written. Shared by the
// fuzz target and by the test that replays its corpus.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faces/clients/block_edit.h"
#include "faces/clients/json_edit.h"
#include "faces/clients/toml_edit.h"

namespace mira::clients {

inline const std::vector<std::string> fuzzed_keys{"mcpServers", "mira"};

// The scalars of a text with their paths, in order, as they are written; ours left out.
inline void add_scalars(std::string_view text, const JsonText& parsed, const JsonNode& node,
                        const std::string& path, std::vector<std::string>& out) {
  if (path == "/mcpServers/mira") return;
  for (const JsonMember& member : node.members)
    add_scalars(text, parsed, parsed.nodes[member.value], path + "/" + member.key, out);
  for (std::size_t index : node.elements) add_scalars(text, parsed, parsed.nodes[index], path + "/[]", out);
  bool is_scalar = node.kind != JsonNode::Kind::object && node.kind != JsonNode::Kind::array;
  if (is_scalar) out.push_back(path + " = " + std::string(text.substr(node.begin, node.end - node.begin)));
}

inline std::vector<std::string> scalars(std::string_view text) {
  std::vector<std::string> out;
  if (auto parsed = parse_json_text(text)) add_scalars(text, *parsed, parsed->root(), "", out);
  return out;
}

// "" when all holds, else what does not.
inline std::string json_round_trip_fault(std::string_view text) {
  const OrderedJson value{{"command", "/bin/mira"}, {"args", OrderedJson::array({"mcp"})}};
  auto put = set_member(text, fuzzed_keys, value);
  if (!put) return "";
  auto parsed = parse_json_text(*put);
  if (!parsed) return "what was put in does not parse: " + *put;
  if (parsed->find(fuzzed_keys) == nullptr) return "what was put in is not found: " + *put;
  auto again = set_member(*put, fuzzed_keys, value);
  if (!again || *again != *put) return "putting it in again changes it: " + *put;
  auto taken = remove_member(*put, fuzzed_keys);
  if (!taken) return "it cannot be taken out: " + *put;
  if (auto rest = parse_json_text(*taken); !rest) return "without it, it does not parse: " + *taken;
  if (scalars(*put) != scalars(text.empty() ? "{}" : text))
    return "putting it in changed another value: " + *put;
  if (scalars(*taken) != scalars(text.empty() ? "{}" : text))
    return "taking it out changed another value: " + *taken;
  return "";
}

inline std::string toml_round_trip_fault(std::string_view text) {
  auto put = set_table(text, "mcp_servers.mira", "command = \"/bin/mira\"\nargs = [\"mcp\"]\n");
  if (!put) return "";
  auto again = set_table(*put, "mcp_servers.mira", "command = \"/bin/mira\"\nargs = [\"mcp\"]\n");
  if (!again || *again != *put) return "putting it in again changes it: " + *put;
  auto taken = remove_table(*put, "mcp_servers.mira");
  if (!taken) return "it cannot be taken out: " + *put;
  auto none = remove_table(*taken, "mcp_servers.mira");
  if (!none || *none != *taken) return "something of it is left: " + *taken;
  return "";
}

inline std::string block_round_trip_fault(std::string_view text) {
  // A carriage return alone is no end of a line; one before the line end that is added would become one.
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
    if (!text.substr(at).starts_with("\r\n")) return "";
  auto put = set_block(text, "## Mira\nwords\n");
  if (!put) return "";
  if (!put->starts_with(text.substr(0, text.find("<!-- mira:begin"))))
    return "what stood there changed: " + *put;
  auto again = set_block(*put, "## Mira\nwords\n");
  if (!again || *again != *put) return "putting it in again changes it: " + *put;
  auto taken = remove_block(*put);
  if (!taken) return "it cannot be taken out: " + *put;
  if (!text.contains("mira:") && text.ends_with('\n') && *taken != text) return "it left a trace: " + *taken;
  auto none = remove_block(*taken);
  if (!none || *none != *taken) return "something of it is left: " + *taken;
  return "";
}

}  // namespace mira::clients
