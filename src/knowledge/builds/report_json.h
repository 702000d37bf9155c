// Findings and test results that tools write as JSON, each format a row: where its list
// stands and what its fields are called. pylint, shellcheck, hadolint, ruff, stylelint,
// rubocop, pyright, terraform, biome and phpstan; the tests of jest, vitest, mocha and RSpec.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "knowledge/builds/report.h"

namespace mira::builds {

// nullopt for text that is no JSON, or nests deeper than a report does.
std::optional<nlohmann::json> bounded_json(std::string_view bytes);
// nullopt: none of these formats.
std::optional<Report> read_json_report(const nlohmann::json& document);

}  // namespace mira::builds
