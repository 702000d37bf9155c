// toml++ as Mira uses it. Compiled into the sources that include it, with exceptions: without them the parser
// of 3.x goes on after some errors ("[[[[") into what it takes to be impossible, which is undefined in a
// release build. Here they end at parse_toml. Its assertions stand before the checks that refuse such text,
// and would end a debug build on what a person wrote.
#pragma once

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

#include <expected>
#include <string>
#include <string_view>

namespace mira::base {

struct TomlFault {
  std::string description;  // of toml++: what it met and what it had expected
  std::uint32_t line = 0;   // from 1
};

inline std::expected<toml::table, TomlFault> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return std::unexpected(TomlFault{std::string(error.description()), error.source().begin.line});
  }
}

}  // namespace mira::base
