// Tools by the names people give them, and what they are for: where one at a time is the
// rule, the next one that is told replaces the last ("we use PostgreSQL", "we use MySQL
// now"). Only within a group: npm and pip are both package managers, and a project has
// both. A name that has several uses (Redis) stands here for none of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mira::memory {

struct KnownTool {
  std::string_view subject;  // "package manager"
  std::string_view group;    // "package manager of python"
  std::string_view name;     // as it is usually written, lower case: "postgresql" for "postgres"
};

// `value`: lower case, as a statement gives it; a version at its end counts for nothing ("postgresql 16").
std::optional<KnownTool> known_tool(std::string_view value);

// Both are known, and they are no alternatives to each other.
bool are_of_different_groups(std::string_view value, std::string_view other);

// "python 3.12", "node.js 20 and up", "c++23": the subject is "python version", the value is "3.12".
struct LanguageVersion {
  std::string subject, value;
};
std::optional<LanguageVersion> language_version(std::string_view value);

// Another word for what a tool of this subject is for: "tests" for a test framework.
bool means_subject(std::string_view word, std::string_view tool_subject);

}  // namespace mira::memory
