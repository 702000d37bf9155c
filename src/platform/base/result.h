// Errors as values. Every function that can fail returns Result<T> (or Status);
// exceptions end inside the call of the library that throws them. An Error has
// a code from a closed set (the process exit code is one mapping of it), a
// sentence for a person, and a hint that says what to do next. MIRA_TRY is a
// statement expression, a GNU extension that g++ and clang share.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mira::base {

enum class ErrorCode {
  failed,       // exit 1: anything without a better name
  usage,        // exit 2: the request itself is wrong
  not_found,    // exit 3: the one thing asked for does not exist
  unavailable,  // exit 4: store damaged, of a newer version, full, forbidden
  locked,       // exit 5: somebody else holds the lock, or a revision moved on
  over_budget,  // exit 6: a spending cap would be passed
  provider,     // exit 7: a model or vector server refused
  timeout,      // exit 124
  interrupted,  // exit 130
};

struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;                 // one sentence, no trailing newline
  std::string hint = {};               // what to do next, may be empty
  std::vector<std::string> next = {};  // commands or names to try, best first
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// Shorthand for `return fail(ErrorCode::usage, "...")`.
inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(hint), {}});
}

// "failed", "usage", ...: the value of error.code in --json.
std::string_view code_name(ErrorCode code);
// The process exit code of an error (1..130).
int exit_code(ErrorCode code);

}  // namespace mira::base

// Value of a Result, or return its error from the enclosing function.
#define MIRA_TRY(expression)                                                          \
  ({                                                                                  \
    auto&& mira_try_result = (expression);                                            \
    if (!mira_try_result) return std::unexpected(std::move(mira_try_result).error()); \
    std::move(mira_try_result).value();                                               \
  })
