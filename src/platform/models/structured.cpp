#include "platform/models/structured.h"

#include <fmt/format.h>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "platform/base/json_depth.h"
#include "platform/base/text.h"

namespace mira::models {
namespace {

using base::ErrorCode;
using nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// Models like to put a fence around it.
std::string_view without_fence(std::string_view text) {
  text = base::trim(text);
  if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 7) return text;
  std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos || line_end + 4 > text.size()) return text;
  return base::trim(text.substr(line_end, text.size() - line_end - 3));
}

std::string first_error(valijson::ValidationResults& results) {
  valijson::ValidationResults::Error error;
  if (!results.popError(error)) return "it does not fit the schema";
  std::string where = base::join(error.context, "");
  return fmt::format("{}: {}", base::display_line(where), base::display_line(error.description));
}

base::Status fits(const json& value, const json& schema) {
  try {
    valijson::Schema parsed;
    valijson::SchemaParser parser;
    parser.populateSchema(Adapter(schema), parsed);
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    if (validator.validate(parsed, Adapter(value), &results)) return {};
    return base::fail(ErrorCode::unavailable, first_error(results));
  } catch (const std::exception& error) {
    return base::fail(ErrorCode::failed,
                      fmt::format("the schema cannot be used: {}", base::display_line(error.what())));
  }
}

}  // namespace

base::Result<json> check_structured(std::string_view text, const json& schema) {
  text = without_fence(text);
  if (text.size() > structured_bytes)
    return base::fail(ErrorCode::unavailable, fmt::format("it is over {} bytes", structured_bytes));
  if (!base::is_valid_utf8(text)) return base::fail(ErrorCode::unavailable, "it is not valid UTF-8");
  if (base::json_nests_deeper_than(text, structured_depth))
    return base::fail(ErrorCode::unavailable, fmt::format("it is nested over {} levels", structured_depth));
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return base::fail(ErrorCode::unavailable, "it is not one JSON value");
  MIRA_TRY(fits(value, schema));
  return value;
}

}  // namespace mira::models
