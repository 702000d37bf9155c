// Expressions of all languages in one shape, so that calls, receivers, arguments and
// assigned values are written down once. A language says only what a node is
// (Extractor::expression: "a member access, object here, name there"); the text of
// callees ("a.b.f", "g().f", "self.x", "A::b", "x[]") and the rows come from here.
// Chains are followed in loops of bounded length.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/extract_tree.h"
#include "knowledge/code/extract_walk.h"

namespace mira::code {

enum class Shape : std::uint8_t {
  other,
  name,    // name
  self,    // this, self
  own,     // @name: a member of self
  super_,  // super, super(), base
  member,  // object . name
  path,    // a::b::name, object the whole of it; object and name are one for f<T>
  call,  // object ( arguments ); where the grammar has no callee node, name is set: object . name ( arguments
         // )
  construct,  // new name ( arguments )
  typed,      // something of type `name`: casts; object is what was cast
  literal,    // literal: its type
  container,  // literal: its type; the elements are named children of object
  entry,      // key : object, inside a container
  callable,   // lambda; name when it has one
  element,    // object [ key ]
  inner,      // object means the same: (x), await x, x as T, *x, &x
  either,     // object or other: a ? b : c, a or b
  keyword,    // name = object, as an argument
  spread,     // *object, ...object
};

struct Expression {
  Shape shape = Shape::other;
  NodeId object = no_node;
  NodeId name = no_node;
  NodeId arguments = no_node;  // the list, its named children are arguments
  NodeId key = no_node;
  NodeId other = no_node;
  std::string_view literal = {};  // "::" of a call with a name: object is a type, not a value
};

// What a language's reading of a node returns.
namespace shape {
inline Expression name(NodeId name) {
  return {.shape = Shape::name, .name = name};
}
inline Expression self() {
  return {.shape = Shape::self};
}
inline Expression super() {
  return {.shape = Shape::super_};
}
inline Expression literal(std::string_view type) {
  return {.shape = Shape::literal, .literal = type};
}
inline Expression own(NodeId name) {
  return {.shape = Shape::own, .name = name};
}
inline Expression callable(NodeId name) {
  return {.shape = Shape::callable, .name = name};
}
inline Expression inner(NodeId object) {
  return {.shape = Shape::inner, .object = object};
}
inline Expression spread(NodeId object) {
  return {.shape = Shape::spread, .object = object};
}
inline Expression member(NodeId object, NodeId name) {
  return {.shape = Shape::member, .object = object, .name = name};
}
inline Expression path(NodeId whole, NodeId last) {
  return {.shape = Shape::path, .object = whole, .name = last};
}
inline Expression call(NodeId callee, NodeId arguments) {
  return {.shape = Shape::call, .object = callee, .arguments = arguments};
}
inline Expression call_named(NodeId object, NodeId name, NodeId arguments) {
  return {.shape = Shape::call, .object = object, .name = name, .arguments = arguments};
}
inline Expression construct(NodeId type, NodeId arguments) {
  return {.shape = Shape::construct, .name = type, .arguments = arguments};
}
inline Expression typed(NodeId type, NodeId object) {
  return {.shape = Shape::typed, .object = object, .name = type};
}
inline Expression element(NodeId object, NodeId key) {
  return {.shape = Shape::element, .object = object, .key = key};
}
inline Expression either(NodeId one, NodeId other) {
  return {.shape = Shape::either, .object = one, .other = other};
}
inline Expression entry(NodeId key, NodeId value) {
  return {.shape = Shape::entry, .object = value, .key = key};
}
inline Expression keyword(NodeId name, NodeId value) {
  return {.shape = Shape::keyword, .object = value, .name = name};
}
inline Expression container(NodeId list, std::string_view type) {
  return {.shape = Shape::container, .object = list, .literal = type};
}
}  // namespace shape

// The node as it is, parentheses and casts taken off.
Expression expression_of(const Walk& walk, NodeId node);

// "f", "a.b.f", "g().f", "self.x", "A::b::f", "x[].f"; "" when it is nothing of the kind.
std::string expression_text(const Walk& walk, NodeId node);

Value value_of(const Walk& walk, NodeId node);
// One row a value: both sides of a conditional, the elements of a literal container.
void assign_expression(Walk& walk, std::int32_t scope, const std::string& target, NodeId value, NodeId at);
// Only the rows of the elements: `literal` is put into what `target` holds already.
void assign_elements(Walk& walk, std::int32_t scope, const std::string& target, NodeId literal, NodeId at);

// pattern = value, taken apart where the pattern is a container: pairwise with a container, else
// by element of what the value's text names.
void assign_pattern(Walk& walk, std::int32_t scope, NodeId pattern, NodeId value, NodeId at);
// Each name of the pattern is an element (`[]`) of `container`: loops.
void assign_pattern_of_element(Walk& walk, std::int32_t scope, NodeId pattern, NodeId container, NodeId at);

// The first parameter of a lambda that is handed to a member which calls it with each element of its object
// (`items.map(x => ...)`) is such an element; with the object itself for `let` of Kotlin. Nothing otherwise.
void assign_from_holder(Walk& walk, NodeId lambda, const std::string& parameter);

// The row of a call or construction, and a `reference` row for each callable name among its arguments.
// Fills in of what something is called: the receiver's kind, text and key.
void describe_receiver(const Walk& walk, NodeId receiver, CallSite& site);
void emit_call(Walk& walk, NodeId node, CallKind kind = CallKind::call);
// A name or member used as a value where a callable may be meant. Nothing for other nodes.
void emit_reference(Walk& walk, NodeId node);
// A row for `callee` with no argument list: decorators, JSX.
void emit_use(Walk& walk, NodeId callee, CallKind kind);
// Fills name and receiver from the callee; returns the node of the name or no_node.
NodeId describe_callee(const Walk& walk, NodeId callee, CallSite& site);
// Fills arguments and passed.
void describe_arguments(const Walk& walk, NodeId list, CallSite& site);

// The literal key or index as text, "" for anything else.
std::string literal_key(const Walk& walk, NodeId node);
// "a::b" of a path without template arguments and blanks.
std::string path_text(std::string_view text);

}  // namespace mira::code
