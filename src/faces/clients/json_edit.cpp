#include "faces/clients/json_edit.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/base/text.h"

namespace mira::clients {
namespace {

using base::Result;
using Keys = std::vector<std::string>;

constexpr std::string_view default_indent = "  ";

std::string newline_of(std::string_view text) {
  return text.contains("\r\n") ? "\r\n" : "\n";
}

// Blanks at the start of the line that holds `at`.
std::string indent_at(std::string_view text, std::size_t at) {
  std::size_t start = text.rfind('\n', at == 0 ? 0 : at - 1);
  start = start == std::string_view::npos || at == 0 ? 0 : start + 1;
  std::size_t end = start;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  return std::string(text.substr(start, end - start));
}

// One step of indentation: how much deeper the first member of the root stands.
std::string indent_step(std::string_view text, const JsonText& parsed) {
  const JsonNode& root = parsed.root();
  if (root.members.empty() || !text.substr(root.begin, root.members[0].key_begin - root.begin).contains('\n'))
    return std::string(default_indent);
  std::string indent = indent_at(text, root.members[0].key_begin);
  return indent.empty() ? std::string(default_indent) : indent;
}

// The value printed for a place whose line begins with `indent`.
std::string printed(const OrderedJson& value, const std::string& indent, const std::string& step,
                    const std::string& newline) {
  bool tabs = step.starts_with('\t');
  std::string pretty = value.dump(tabs ? 1 : static_cast<int>(step.size()), tabs ? '\t' : ' ', false,
                                  OrderedJson::error_handler_t::replace);
  std::string out;
  for (char c : pretty) {
    if (c == '\n')
      out += newline + indent;
    else
      out += c;
  }
  return out;
}

// Behind blanks and comments on the same line.
std::size_t rest_of_line(std::string_view text, std::size_t at) {
  std::size_t next = at;
  while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
  if (text.substr(next).starts_with("//")) {
    std::size_t end = std::min(text.find('\n', next), text.size());
    return end > next && text[end - 1] == '\r' ? end - 1 : end;
  }
  if (text.substr(next).starts_with("/*")) {
    std::size_t end = text.find("*/", next);
    if (end != std::string_view::npos && !text.substr(next, end - next).contains('\n')) return end + 2;
  }
  return at;
}

struct Container {
  std::size_t first = 0;     // begin of the first child, when there is one
  std::size_t last_end = 0;  // end of the last child
  bool empty = true;
};

Container container_of(const JsonText& parsed, const JsonNode& node) {
  Container out;
  if (node.kind == JsonNode::Kind::object && !node.members.empty()) {
    out = {node.members.front().key_begin, parsed.nodes[node.members.back().value].end, false};
  } else if (node.kind == JsonNode::Kind::array && !node.elements.empty()) {
    out = {parsed.nodes[node.elements.front()].begin, parsed.nodes[node.elements.back()].end, false};
  }
  return out;
}

// Puts a child (a member with its key, or an element) behind the last one.
std::string with_child(std::string_view text, const JsonText& parsed, const JsonNode& node,
                       const std::string& key, const OrderedJson& value) {
  std::string newline = newline_of(text), step = indent_step(text, parsed);
  std::string name = key.empty() ? "" : nlohmann::json(key).dump() + ": ";
  Container into = container_of(parsed, node);
  std::string outer = indent_at(text, node.begin);
  if (into.empty) {
    std::string indent = outer + step;
    std::string inner = newline + indent + name + printed(value, indent, step, newline);
    std::string_view inside = text.substr(node.begin + 1, node.end - node.begin - 2);
    bool only_blanks = inside.find_first_not_of(" \t\r\n") == std::string_view::npos;
    std::string out(text.substr(0, node.begin + 1));
    if (!only_blanks) out += inside.substr(0, inside.find_last_not_of(" \t\r\n") + 1);  // comments stay
    return out + inner + newline + outer + std::string(text.substr(node.end - 1));
  }
  bool inline_style = !text.substr(node.begin, into.first - node.begin).contains('\n');
  std::size_t comma = skip_blanks(text, into.last_end);
  bool trailing_comma = comma < text.size() && text[comma] == ',';
  std::size_t at = trailing_comma ? comma + 1 : into.last_end;
  std::string out(text.substr(0, at));
  if (!trailing_comma) out += ',';
  if (inline_style) {
    out += " " + name + value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    return out + (trailing_comma ? "," : "") + std::string(text.substr(at));
  }
  std::size_t behind = rest_of_line(text, at);
  std::string indent = indent_at(text, into.first);
  out += std::string(text.substr(at, behind - at)) + newline + indent + name +
         printed(value, indent, step, newline);
  return out + (trailing_comma ? "," : "") + std::string(text.substr(behind));
}

std::string with_value(std::string_view text, const JsonText& parsed, const JsonNode& old,
                       const OrderedJson& value) {
  std::string step = indent_step(text, parsed);
  bool was_inline = !text.substr(old.begin, old.end - old.begin).contains('\n') && value.is_structured() &&
                    old.kind != JsonNode::Kind::other;
  std::string fresh = was_inline ? value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace)
                                 : printed(value, indent_at(text, old.begin), step, newline_of(text));
  return std::string(text.substr(0, old.begin)) + fresh + std::string(text.substr(old.end));
}

bool equals(std::string_view text, const JsonNode& node, const OrderedJson& value) {
  auto there = nlohmann::json::parse(text.substr(node.begin, node.end - node.begin), nullptr, false, true);
  return !there.is_discarded() && there == nlohmann::json(value);
}

// Cuts a child out, with the comma that parts it from its neighbours and its line when it stood alone.
std::string without_child(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t after = skip_blanks(text, end);
  bool comma_after = after < text.size() && text[after] == ',';
  std::size_t line = begin;
  while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '\t')) --line;
  bool alone = line > 0 && text[line - 1] == '\n';
  if (comma_after) {
    std::size_t stop = after + 1;
    std::size_t start = alone ? line - 1 - (line > 1 && text[line - 2] == '\r' ? 1 : 0) : begin;
    if (!alone)
      while (stop < text.size() && text[stop] == ' ') ++stop;
    return std::string(text.substr(0, start)) + std::string(text.substr(stop));
  }
  std::size_t comma = begin;
  while (comma > 0 && std::string_view(" \t\r\n").contains(text[comma - 1])) --comma;
  bool comma_before = comma > 0 && text[comma - 1] == ',';
  return std::string(text.substr(0, comma_before ? comma - 1 : comma)) + std::string(text.substr(end));
}

Result<JsonText> parse_object(std::string_view text) {
  JsonText parsed = MIRA_TRY(parse_json_text(text));
  if (parsed.root().kind != JsonNode::Kind::object)
    return base::fail(base::ErrorCode::failed, "the file does not hold a JSON object");
  return parsed;
}

std::string or_empty_object(std::string_view text) {
  return base::trim(text).empty() ? "{}\n" : std::string(text);
}

// How many of the keys lead to objects that are there.
Result<std::size_t> depth_there(const JsonText& parsed, const Keys& keys) {
  const JsonNode* node = &parsed.root();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (node->kind != JsonNode::Kind::object)
      return base::fail(base::ErrorCode::failed,
                        fmt::format("\"{}\" is not an object in this file", keys[i - 1]));
    const JsonNode* next = parsed.member(*node, keys[i]);
    if (next == nullptr) return i;
    node = next;
  }
  return keys.size();
}

Result<std::string> remove_empty(std::string text, Keys keys) {
  while (!keys.empty()) {
    JsonText parsed = MIRA_TRY(parse_object(text));
    const JsonNode* node = parsed.find(keys);
    if (node == nullptr || !node->members.empty() || !node->elements.empty()) return text;
    std::string_view inside = std::string_view(text).substr(node->begin + 1, node->end - node->begin - 2);
    if (inside.find_first_not_of(" \t\r\n") != std::string_view::npos) return text;  // somebody's comment
    std::string key = keys.back();
    keys.pop_back();
    const auto& members = parsed.find(keys)->members;
    auto first = std::ranges::find(members, key, &JsonMember::key);
    text = without_child(text, first->key_begin, node->end);
  }
  return text;
}

}  // namespace

Result<std::string> set_member(std::string_view given, const Keys& keys, const OrderedJson& value) {
  std::string text = or_empty_object(given);
  JsonText parsed = MIRA_TRY(parse_object(text));
  std::size_t there = MIRA_TRY(depth_there(parsed, keys));
  if (there == keys.size()) {
    const JsonNode& old = *parsed.find(keys);
    return equals(text, old, value) ? std::string(given) : with_value(text, parsed, old, value);
  }
  OrderedJson inner = value;
  for (std::size_t i = keys.size() - 1; i > there; --i) inner = OrderedJson{{keys[i], inner}};
  const JsonNode* parent = parsed.find(Keys(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(there)));
  if (parent->kind != JsonNode::Kind::object)
    return base::fail(base::ErrorCode::failed,
                      fmt::format("there is no room for \"{}\" in this file", keys[there]));
  return with_child(text, parsed, *parent, keys[there], inner);
}

Result<std::string> remove_member(std::string_view text, const Keys& keys) {
  std::string out(text);
  if (base::trim(text).empty()) return out;
  Keys parents(keys.begin(), keys.end() - 1);
  while (true) {  // a key may stand there twice
    JsonText parsed = MIRA_TRY(parse_object(out));
    const JsonNode* node = parsed.find(keys);
    if (node == nullptr) return out;
    const auto& members = parsed.find(parents)->members;
    auto first = std::ranges::find(members, keys.back(), &JsonMember::key);
    out = MIRA_TRY(remove_empty(without_child(out, first->key_begin, node->end), parents));
  }
}

Result<std::string> set_element(std::string_view given, const Keys& keys, const OrderedJson& value,
                                const ElementTest& is_ours) {
  std::string text = or_empty_object(given);
  JsonText parsed = MIRA_TRY(parse_object(text));
  const JsonNode* list = parsed.find(keys);
  if (list == nullptr) return set_member(given, keys, OrderedJson::array({value}));
  if (list->kind != JsonNode::Kind::array)
    return base::fail(base::ErrorCode::failed, fmt::format("\"{}\" is not a list in this file", keys.back()));
  for (std::size_t index : list->elements) {
    const JsonNode& element = parsed.nodes[index];
    if (!is_ours(std::string_view(text).substr(element.begin, element.end - element.begin))) continue;
    return equals(text, element, value) ? std::string(given) : with_value(text, parsed, element, value);
  }
  return with_child(text, parsed, *list, "", value);
}

Result<std::string> remove_elements(std::string_view given, const Keys& keys, const ElementTest& is_ours) {
  if (base::trim(given).empty()) return std::string(given);
  std::string text(given);
  JsonText parsed = MIRA_TRY(parse_object(text));
  const JsonNode* list = parsed.find(keys);
  if (list == nullptr || list->kind != JsonNode::Kind::array) return text;
  bool changed = false;
  for (auto index = list->elements.rbegin(); index != list->elements.rend(); ++index) {
    const JsonNode& element = parsed.nodes[*index];
    if (!is_ours(std::string_view(given).substr(element.begin, element.end - element.begin))) continue;
    text = without_child(text, element.begin, element.end);
    changed = true;
  }
  return changed ? remove_empty(std::move(text), keys) : std::move(text);
}

}  // namespace mira::clients
