#include "platform/base/result.h"

namespace mira::base {

std::string_view code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::failed:
      return "failed";
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::locked:
      return "locked";
    case ErrorCode::over_budget:
      return "over_budget";
    case ErrorCode::provider:
      return "provider";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::interrupted:
      return "interrupted";
  }
  return "failed";
}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::failed:
      return 1;
    case ErrorCode::usage:
      return 2;
    case ErrorCode::not_found:
      return 3;
    case ErrorCode::unavailable:
      return 4;
    case ErrorCode::locked:
      return 5;
    case ErrorCode::over_budget:
      return 6;
    case ErrorCode::provider:
      return 7;
    case ErrorCode::timeout:
      return 124;
    case ErrorCode::interrupted:
      return 130;
  }
  return 1;
}

}  // namespace mira::base
