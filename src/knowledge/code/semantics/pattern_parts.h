// What the rules of patterns share: looking at one operation.
#pragma once

#include <functional>
#include <set>

#include "knowledge/code/semantics/patterns.h"

namespace mira::semantics {

bool contains_word(std::string_view name, std::initializer_list<std::string_view> words);  // any case
bool starts_with_word(std::string_view name,
                      std::initializer_list<std::string_view> words);  // "addX", "add_x", "add"

// "x" of "self.x", "" for all else and for longer ways.
std::string_view own_field(std::string_view receiver);
bool returns_self(const Operation& operation);
// Types of the project whose new objects are returned, directly or by a variable of the operation.
std::set<TypeId> returned_types(const TypeModel& model, const std::string& path, code::Family family,
                                const Operation& operation);
// Calls in the operation that go to this field, or to what is taken out of it.
std::vector<const Use*> uses_of_field(const Operation& operation, std::string_view field);
// Variables that hold elements of the field in turn: `for x in self.field`.
std::set<std::string, std::less<>> elements_of_field(const Operation& operation, std::string_view field);
// Operations that run and are not constructors.
bool is_plain(const Operation& operation);

// The nearest type above both that the first is declared with; unbound: none.
TypeId shared_base(const TypeModel& model, TypeId one, TypeId other);
Member member_of(std::string_view role, const Type& type);
Member member_of(std::string_view role, const Operation& operation);
Hit hit_at(std::string_view pattern, const Type& type);
Witness witness_of(const Operation& operation, std::int32_t line, std::string says);
void add_members(Hit& hit, std::string_view role, const TypeModel& model, const std::vector<TypeId>& types);

inline constexpr std::size_t most_members = 12;  // of one role; a hit is evidence, not a listing

}  // namespace mira::semantics
