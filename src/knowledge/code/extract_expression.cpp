#include "knowledge/code/extract_expression.h"

#include <algorithm>

namespace mira::code {
namespace {

constexpr int chain_links = 64;
constexpr int inner_levels = 16;
constexpr int container_elements = 256;
constexpr std::size_t callee_bytes = 240;

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.size() <= 6 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_shouted(std::string_view name) {
  return name.size() > 1 && std::ranges::none_of(name, [](char byte) { return byte >= 'a' && byte <= 'z'; });
}

// Arguments that are names: the callee's parameters hold what they stand for.
Argument argument_of(const Walk& walk, NodeId node) {
  Argument argument;
  Expression at = expression_of(walk, node);
  if (at.shape == Shape::keyword) {
    argument.keyword = walk.text(at.name);
    node = at.object;
  } else if (at.shape == Shape::entry) {
    argument.keyword = short_text(walk.tree.text(at.key));
    node = at.object;
  } else if (at.shape == Shape::spread) {
    argument.keyword = "*";
    node = at.object;
  }
  Value value = value_of(walk, node);
  argument.kind = value.kind;
  argument.value = value.kind == ValueKind::literal ? std::string() : value.text;
  return argument;
}

// "a::b" of a::b::f, "" of ::f.
std::string scope_before(const Walk& walk, const Expression& path) {
  std::string_view text =
      walk.tree.between(walk.tree.node(path.object).start, walk.tree.node(path.name).start);
  std::string scope = path_text(text);
  if (text.starts_with('<')) {  // <S as Trait>::f
    std::size_t end = std::min(text.find(" as "), text.find('>'));
    scope = path_text(text.substr(1, end == std::string_view::npos ? end : end - 1));
  }
  while (!scope.empty() && (scope.back() == ':' || scope.back() == '.' || scope.back() == '\\'))
    scope.pop_back();
  return scope;
}

}  // namespace

namespace {

// `asserted` becomes true where a type assertion stands around it.
Expression unwrapped(const Walk& walk, NodeId node, bool& asserted) {
  Expression at = walk.expression(node);
  for (int level = 0; at.shape == Shape::inner && level < inner_levels; ++level) {
    asserted = asserted || at.literal == "as";
    at = walk.expression(at.object);
  }
  return at;
}

}  // namespace

Expression expression_of(const Walk& walk, NodeId node) {
  bool asserted = false;
  return unwrapped(walk, node, asserted);
}

std::string path_text(std::string_view text) {
  std::string out;
  int depth = 0;
  for (char byte : text) {
    if (byte == '<') ++depth;
    if (depth == 0 && byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') out += byte;
    if (byte == '>' && depth > 0) --depth;
    if (out.size() > callee_bytes) break;
  }
  return out;
}

namespace {

// "x" of @x and @@x.
std::string own_name(const Walk& walk, const Expression& own) {
  std::string_view text = walk.tree.text(own.name);
  while (text.starts_with('@')) text.remove_prefix(1);
  return std::string(text);
}

}  // namespace

std::string expression_text(const Walk& walk, NodeId node) {
  std::vector<std::string> parts;  // last first
  std::string suffix;              // "()" or "[]" of the next part
  for (int link = 0; link < chain_links; ++link) {
    Expression at = expression_of(walk, node);
    switch (at.shape) {
      case Shape::name:
        parts.push_back(walk.text(at.name) + suffix);
        break;
      case Shape::self:
        parts.push_back("self" + suffix);
        break;
      case Shape::own:
        parts.push_back("self." + own_name(walk, at) + suffix);
        break;
      case Shape::super_:
        parts.push_back("super()" + suffix);
        break;
      case Shape::path:
        parts.push_back(path_text(walk.tree.text(at.object)) + suffix);
        break;
      case Shape::construct:
      case Shape::typed:
        parts.push_back(path_text(walk.tree.text(at.name)) + "()" + suffix);
        break;
      case Shape::member:
        parts.push_back(walk.text(at.name) + suffix);
        suffix.clear();
        node = at.object;
        continue;
      case Shape::call:
        suffix.insert(0, "()");
        node = at.object;
        if (at.name == no_node) continue;
        if (at.literal == "::") {
          parts.push_back(path_text(walk.tree.text(node)) + "::" + walk.text(at.name) + suffix);
          break;
        }
        parts.push_back(walk.text(at.name) + suffix);
        suffix.clear();
        if (node != no_node) continue;
        break;
      case Shape::element:
        suffix.insert(0, "[]");
        node = at.object;
        continue;
      default:
        return {};
    }
    std::string text;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!text.empty()) text += '.';
      text += *part;
    }
    return text.size() <= callee_bytes ? text : std::string();
  }
  return {};
}

namespace {

// The callee's text: of f(x) "f", of a.f(x) "a.f".
std::string called_text(const Walk& walk, NodeId node, const Expression& call) {
  if (call.name == no_node) return expression_text(walk, call.object);
  std::string text = expression_text(walk, node);
  if (text.ends_with("()")) text.resize(text.size() - 2);
  return text;
}

}  // namespace

namespace {

// d[1] and d["1"] are two places of a dict, but one of an object or an array of JavaScript and PHP.
bool keys_have_types(const Walk& walk) {
  return walk.language() == "python" || walk.language() == "ruby";
}

}  // namespace

std::string literal_key(const Walk& walk, NodeId node) {
  Expression at = expression_of(walk, node);
  if (at.shape != Shape::literal) return {};
  std::string_view text = walk.tree.text(node);
  if (is_plain_number(text)) return std::string(text);
  if (at.literal == "symbol" && text.size() <= 80) return std::string(text.substr(text.starts_with(':')));
  if (at.literal != "string" || text.size() > 80) return {};
  std::string key = unquoted(text);
  return is_plain_number(key) && keys_have_types(walk) ? '"' + key : key;
}

Value value_of(const Walk& walk, NodeId node) {
  Expression at = expression_of(walk, node);
  switch (at.shape) {
    case Shape::name:
      return {ValueKind::name, walk.text(at.name), {}};
    case Shape::self:
      return {ValueKind::name, "self", {}};
    case Shape::own:
    case Shape::member:
    case Shape::path:
    case Shape::element: {
      std::string text = expression_text(walk, node);
      if (text.empty()) return {};
      return {ValueKind::member, text,
              at.shape == Shape::element ? literal_key(walk, at.key) : std::string()};
    }
    case Shape::call: {
      std::string text = called_text(walk, node, at);
      return text.empty() ? Value{} : Value{ValueKind::call, text, {}};
    }
    case Shape::super_:
      return {ValueKind::call, "super", {}};
    case Shape::construct:
    case Shape::typed:
      return {ValueKind::construct, path_text(walk.tree.text(at.name)), {}};
    case Shape::literal:
      return {ValueKind::literal, std::string(at.literal), {}};
    case Shape::container:
      return {ValueKind::container, std::string(at.literal), {}};
    case Shape::callable:
      return {ValueKind::callable, walk.text(at.name), {}};
    default:
      return {};
  }
}

namespace {

// The key of a part of a literal or pattern: what is written before it, its own name ({a, b}), its position.
std::string element_key(const Walk& walk, NodeId part, std::string_view container, int position) {
  Expression at = walk.expression(part);
  if (at.shape == Shape::entry) {
    Kind kind = walk.tree.kind(at.key);
    bool bare = kind == "field_identifier"_k || kind == "property_identifier"_k ||
                kind == "shorthand_field_identifier"_k;
    return bare ? walk.text(at.key) : literal_key(walk, at.key);
  }
  if (container != "object") return std::to_string(position);
  return walk.text(expression_of(walk, part).name);
}

}  // namespace

void assign_expression(Walk& walk, std::int32_t scope, const std::string& target, NodeId value, NodeId at) {
  struct Pending {
    std::string target, key;
    NodeId value;
  };
  std::vector<Pending> pending{{target, {}, value}};
  int budget = container_elements;
  while (!pending.empty() && budget-- > 0) {
    Pending next = std::move(pending.back());
    pending.pop_back();
    Expression shape = expression_of(walk, next.value);
    if (shape.shape == Shape::either) {
      pending.push_back({next.target, next.key, shape.other});
      pending.push_back({next.target, next.key, shape.object});
      continue;
    }
    Value written = value_of(walk, next.value);
    bool says_nothing = written.kind == ValueKind::other || written.kind == ValueKind::literal;
    if (says_nothing && next.target != target) continue;
    walk.assign_in(scope, next.target, std::move(written), at);
    walk.facts.assignments.back().key = next.key;
    if (shape.shape != Shape::container) continue;
    std::vector<Pending> elements;
    int position = 0;
    for (NodeId child = walk.tree.first_named(shape.object);
         child != no_node && position < container_elements; child = walk.tree.next_named(child), ++position) {
      Expression entry = walk.expression(child);
      bool keyed = entry.shape == Shape::entry;
      if (entry.shape == Shape::spread) {
        Value all = value_of(walk, entry.object);
        if (all.kind != ValueKind::name && all.kind != ValueKind::member && all.kind != ValueKind::call)
          continue;
        walk.assign_in(scope, next.target + "[]", std::move(all), at);
        walk.facts.assignments.back().key = "*";  // the elements of another
        continue;
      }
      elements.push_back({next.target + "[]", element_key(walk, child, shape.literal, position),
                          keyed ? entry.object : child});
    }
    pending.insert(pending.end(), elements.rbegin(), elements.rend());
  }
}

void assign_elements(Walk& walk, std::int32_t scope, const std::string& target, NodeId literal, NodeId at) {
  std::size_t first = walk.facts.assignments.size();
  assign_expression(walk, scope, target, literal, at);
  std::vector<Assignment>& rows = walk.facts.assignments;
  rows.erase(std::remove_if(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(),
                            [&](const Assignment& row) { return row.target == target; }),
             rows.end());
}

namespace {

// A pattern and what it stands for: a node, or an element of something that has a text.
struct Match {
  NodeId pattern = no_node;
  NodeId value = no_node;
  std::string of, key;  // value is no_node: element `key` of `of`
  int place = -1;       // of the value among those that a starred name takes: a, *b = f, g, h
};

std::string text_of(const Walk& walk, const Match& match) {
  if (match.value != no_node) return expression_text(walk, match.value);
  return match.of.empty() ? std::string() : match.of + "[]";
}

void assign_one(Walk& walk, std::int32_t scope, const Match& match, NodeId at) {
  Expression pattern = expression_of(walk, match.pattern);
  bool element = pattern.shape == Shape::element;
  std::string target = element ? expression_text(walk, pattern.object) : expression_text(walk, match.pattern);
  if (match.place == 0) walk.assign_in(scope, target, Value{ValueKind::container, "list", {}}, at);
  element = element || match.place >= 0;
  if (target.empty()) return;
  if (target.ends_with("()")) target.resize(target.size() - 2);  // a setter: x.y = v
  if (element) target += "[]";
  std::size_t first = walk.facts.assignments.size();
  if (match.value != no_node) {
    assign_expression(walk, scope, target, match.value, at);
  } else {
    walk.assign_in(scope, target,
                   match.of.empty() ? Value{} : Value{ValueKind::member, match.of + "[]", match.key}, at);
  }
  if (!element) return;
  std::string key = match.place >= 0 ? std::to_string(match.place) : literal_key(walk, pattern.key);
  for (std::size_t row = first; row < walk.facts.assignments.size(); ++row) {
    if (walk.facts.assignments[row].target == target) walk.facts.assignments[row].key = key;
  }
}

// a, *b, c
bool has_one_spread(const Walk& walk, NodeId list) {
  int spreads = 0;
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child))
    spreads += walk.expression(child).shape == Shape::spread ? 1 : 0;
  return spreads == 1;
}

// The parts of a container pattern, each with its part of the value.
std::vector<Match> parts_of(const Walk& walk, const Match& match) {
  std::vector<Match> parts;
  Expression pattern = expression_of(walk, match.pattern);
  NodeId list = pattern.object;
  Expression value = expression_of(walk, match.value);
  bool in_order = pattern.literal != "object" && value.shape == Shape::container;
  int spare = in_order ? static_cast<int>(walk.tree.named_count(value.object)) -
                             static_cast<int>(walk.tree.named_count(list))
                       : -1;
  bool pairwise = in_order && (spare == 0 || (spare > 0 && has_one_spread(walk, list)));
  NodeId paired = pairwise ? walk.tree.first_named(value.object) : no_node;
  std::string whole = pairwise ? std::string() : text_of(walk, match);
  int position = 0;
  for (NodeId child = walk.tree.first_named(list); child != no_node && position < container_elements;
       child = walk.tree.next_named(child), ++position) {
    if (walk.tree.node(child).field ==
        "type"_f) {  // Some in Some(x); Err(e) holds the second of Result<T, E>
      if (walk.tree.text(child) != "Err") --position;
      continue;
    }
    Expression part = walk.expression(child);
    if (part.shape == Shape::entry) {
      parts.push_back({part.object, no_node, whole, element_key(walk, child, pattern.literal, position)});
    } else if (part.shape == Shape::spread) {
      if (!pairwise) parts.push_back({part.object, no_node, {}, {}});
      for (int taken = 0; pairwise && taken <= spare; ++taken) {
        parts.push_back({part.object, paired, {}, {}, taken});
        if (taken < spare) paired = walk.tree.next_named(paired);
      }
    } else {
      parts.push_back({child, paired, whole, element_key(walk, child, pattern.literal, position)});
    }
    if (pairwise) paired = walk.tree.next_named(paired);
  }
  return parts;
}

void assign_matches(Walk& walk, std::int32_t scope, Match whole, NodeId at) {
  std::vector<Match> pending{std::move(whole)};
  int budget = container_elements;
  while (!pending.empty() && budget-- > 0) {
    Match match = std::move(pending.back());
    pending.pop_back();
    if (expression_of(walk, match.pattern).shape != Shape::container) {
      assign_one(walk, scope, match, at);
      continue;
    }
    std::vector<Match> parts = parts_of(walk, match);
    pending.insert(pending.end(), std::make_move_iterator(parts.rbegin()),
                   std::make_move_iterator(parts.rend()));
  }
}

}  // namespace

void assign_pattern(Walk& walk, std::int32_t scope, NodeId pattern, NodeId value, NodeId at) {
  assign_matches(walk, scope, {pattern, value, {}, {}}, at);
}

void assign_pattern_of_element(Walk& walk, std::int32_t scope, NodeId pattern, NodeId container, NodeId at) {
  assign_matches(walk, scope, {pattern, no_node, expression_text(walk, container), {}}, at);
}

void describe_receiver(const Walk& walk, NodeId receiver, CallSite& site) {
  bool asserted = false;
  Expression object = unwrapped(walk, receiver, asserted);
  if (asserted) site.key = "as";
  if (object.shape == Shape::self) {
    site.receiver_kind = ReceiverKind::self;
  } else if (object.shape == Shape::super_) {
    site.receiver_kind = ReceiverKind::super_;
  } else if (object.shape == Shape::construct || object.shape == Shape::typed) {
    site.receiver_kind = ReceiverKind::new_;
    site.receiver = path_text(walk.tree.text(object.name));
  } else if (object.shape == Shape::literal || object.shape == Shape::container) {
    site.receiver_kind = ReceiverKind::literal;
    site.receiver = object.literal;
  } else if (object.shape == Shape::call) {
    site.receiver_kind = ReceiverKind::call;
    site.receiver = called_text(walk, receiver, object);
  } else if (object.shape == Shape::path) {
    site.receiver_kind = ReceiverKind::scope;
    site.receiver = path_text(walk.tree.text(object.object));
  } else if (object.shape == Shape::name || object.shape == Shape::member || object.shape == Shape::own ||
             object.shape == Shape::element) {
    site.receiver_kind = ReceiverKind::name;
    site.receiver = expression_text(walk, receiver);
    if (object.shape == Shape::element) site.key = literal_key(walk, object.key);
  }
  bool told = site.receiver_kind == ReceiverKind::self || site.receiver_kind == ReceiverKind::super_;
  if (!told && site.receiver.empty()) {
    site.receiver_kind = ReceiverKind::expression;
    site.receiver = short_text(walk.tree.text(receiver));
  }
}

namespace {

// object . name ( ... ) where the grammar gives the call both.
NodeId describe_named_call(const Walk& walk, const Expression& call, CallSite& site) {
  site.name = walk.text(call.name);
  if (call.object == no_node) return call.name;
  describe_receiver(walk, call.object, site);
  if (call.literal == "::" && site.receiver_kind == ReceiverKind::name)
    site.receiver_kind = ReceiverKind::scope;
  return call.name;
}

}  // namespace

// `(f as any)(x)`, `(x as any).f()`: the key "as" says that no compiler vouches for the callee.
NodeId describe_callee(const Walk& walk, NodeId callee, CallSite& site) {
  bool asserted = false;
  Expression at = unwrapped(walk, callee, asserted);
  if (asserted) site.key = "as";
  switch (at.shape) {
    case Shape::name:
      site.name = walk.text(at.name);
      return at.name;
    case Shape::super_:
      site.receiver_kind = ReceiverKind::super_;
      return callee;
    case Shape::path:
      site.name = path_text(walk.tree.text(at.name));
      site.receiver = scope_before(walk, at);
      site.receiver_kind = ReceiverKind::scope;
      return at.name;
    case Shape::call:
      site.receiver_kind = ReceiverKind::call;
      site.receiver = called_text(walk, callee, at);
      return site.receiver.empty() ? no_node : callee;
    case Shape::element:
      site.name = "[]";
      site.key = literal_key(walk, at.key);
      site.receiver = expression_text(walk, at.object);
      site.receiver_kind = ReceiverKind::name;
      return site.receiver.empty() ? no_node : callee;
    case Shape::member:
      site.name = walk.text(at.name);
      break;
    default:
      return no_node;
  }
  describe_receiver(walk, at.object, site);
  return at.name;
}

void describe_arguments(const Walk& walk, NodeId list, CallSite& site) {
  for (NodeId child = walk.tree.first_named(list); child != no_node; child = walk.tree.next_named(child)) {
    site.passed.push_back(argument_of(walk, child));
    bool spread = site.passed.back().keyword == "*";
    site.arguments = spread || site.arguments < 0 ? -1 : site.arguments + 1;
  }
}

void emit_call(Walk& walk, NodeId node, CallKind kind) {
  Expression at = walk.expression(node);
  CallSite site;
  site.kind = at.shape == Shape::construct ? CallKind::construct : kind;
  NodeId place = no_node;
  if (at.shape == Shape::construct) {
    Expression type = walk.expression(at.name);
    place = type.shape == Shape::other ? at.name : describe_callee(walk, at.name, site);
    if (type.shape == Shape::other) site.name = path_text(walk.tree.text(at.name));
  } else if (at.shape == Shape::call) {
    place = at.name == no_node ? describe_callee(walk, at.object, site) : describe_named_call(walk, at, site);
  }
  for (NodeId child = walk.tree.first_named(at.arguments); child != no_node;
       child = walk.tree.next_named(child)) {
    Expression argument = expression_of(walk, child);
    bool named = argument.shape == Shape::keyword || argument.shape == Shape::entry;
    emit_reference(walk, named ? argument.object : child);
  }
  if (place == no_node) return;
  describe_arguments(walk, at.arguments, site);
  walk.call(std::move(site), place);
}

void emit_reference(Walk& walk, NodeId node) {
  Expression at = expression_of(walk, node);
  if (at.shape == Shape::typed && at.object != no_node) {
    node = at.object;
    at = expression_of(walk, node);
  }
  if (at.shape != Shape::name && at.shape != Shape::member && at.shape != Shape::path) return;
  if (is_shouted(walk.tree.text(at.name))) return;    // a constant
  if (walk.tree.text(node).starts_with('$')) return;  // in PHP no function is named by a variable
  CallSite site;
  site.kind = CallKind::reference;
  NodeId place = describe_callee(walk, node, site);
  if (place == no_node || site.receiver_kind == ReceiverKind::expression) return;
  walk.call(std::move(site), place);
}

void emit_use(Walk& walk, NodeId callee, CallKind kind) {
  CallSite site;
  site.kind = kind;
  NodeId place = describe_callee(walk, callee, site);
  if (place == no_node) return;
  walk.call(std::move(site), place);
}

}  // namespace mira::code
