// checkstyle and JUnit reports. A scanner of tags and attributes, not a parser of XML: it
// reads forward once, expands no entities but the five and character numbers, and
// follows nothing.
#pragma once

#include <optional>
#include <string_view>

#include "knowledge/builds/report.h"

namespace mira::builds {

std::optional<Report> read_xml_report(std::string_view text);

}  // namespace mira::builds
