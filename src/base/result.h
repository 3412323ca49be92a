// SPDX-License-Identifier: MIT OR Apache-2.0
// A value or an Error. Members are a subset of std::expected, so that it can become an alias one day.
#pragma once

#include "base/check.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pcargo {

/// Decides the exit code and nothing else. Never branch on message text.
enum class ErrorKind {
  kUsage,          ///< the command line is wrong: exit 1, as cargo
  kInput,          ///< a graph, manifest or config is wrong: 101
  kEnvironment,    ///< the machine said no (missing program, full disk): 101
  kCommandFailed,  ///< a compiler or build script failed: 101
  kInterrupted,    ///< a signal: die of it
};

/// What went wrong, for a person: one sentence, no full stop. `causes` are printed under "Caused by:", outermost first.
struct Error {
  ErrorKind kind = ErrorKind::kInput;
  std::string message;
  std::vector<std::string> causes = {};

  /// The same error with what we were doing when it happened in front; the old message becomes the first cause.
  [[nodiscard]] Error context(std::string doing) && {
    causes.insert(causes.begin(), std::move(message));
    message = std::move(doing);
    return std::move(*this);
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit, like std::expected
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    PCARGO_CHECK(has_value());
    return std::get<0>(state_);
  }
  const T& value() const {
    PCARGO_CHECK(has_value());
    return std::get<0>(state_);
  }
  const Error& error() const& {
    PCARGO_CHECK(!has_value());
    return std::get<1>(state_);
  }
  Error&& error() && {
    PCARGO_CHECK(!has_value());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT

  explicit operator bool() const { return !error_.has_value(); }
  bool has_value() const { return !error_.has_value(); }
  const Error& error() const& {
    PCARGO_CHECK(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    PCARGO_CHECK(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace pcargo

/// Evaluates an expression that gives a Result; leaves the function with its error, if it is one.
#define PCARGO_TRY(expression)                               \
  do {                                                       \
    if (auto pcargo_result = (expression); !pcargo_result) { \
      return std::move(pcargo_result).error();               \
    }                                                        \
  } while (false)

#define PCARGO_CONCAT_INNER(a, b) a##b
#define PCARGO_CONCAT(a, b) PCARGO_CONCAT_INNER(a, b)
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration and its name cannot stand in them
#define PCARGO_ASSIGN_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                                \
  if (!temporary) {                                             \
    return std::move(temporary).error();                        \
  }                                                             \
  declaration = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)

/// PCARGO_ASSIGN(auto text, read(path)); declares `text`, or leaves the function with the error.
#define PCARGO_ASSIGN(declaration, expression) \
  PCARGO_ASSIGN_INNER(PCARGO_CONCAT(pcargo_assigned_, __LINE__), declaration, expression)
