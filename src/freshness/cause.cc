// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/cause.h"

#include "base/path.h"

namespace pcargo::freshness {

namespace {

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

/// " from `a` to `b`", " was added: `b`" or " was removed: `a`".
std::string change(const std::optional<std::string>& before, const std::optional<std::string>& after) {
  if (before && after) {
    return " changed from " + quoted(*before) + " to " + quoted(*after);
  }
  return after ? " was added: " + quoted(*after) : before ? " was removed: " + quoted(*before) : " changed";
}

}  // namespace

std::string Cause::describe(const std::string& workspace_root) const {
  const std::string shown = quoted(path::strip_prefix(subject, workspace_root).value_or(subject));
  switch (kind) {
    case Kind::kNeverBuilt:
      return "never built";
    case Kind::kToolchainChanged:
      return "the toolchain changed (" + subject + ")";
    case Kind::kArgumentsChanged:
      return "the compiler's arguments changed: " + (before && after ? quoted(*before) + " is now " + quoted(*after)
                                                     : after         ? quoted(*after) + " is new"
                                                                     : quoted(before.value_or("")) + " is gone");
    case Kind::kVariableChanged:
      return "the environment variable " + subject + change(before, after);
    case Kind::kDirectoryChanged:
      return "the compiler's directory" + change(before, after);
    case Kind::kDependencyChanged:
      return "the dependency " + subject + " changed";
    case Kind::kScriptChanged:
      return "the build script of " + subject + " made something else";
    case Kind::kInputChanged:
      return "the file " + shown + " has changed";
    case Kind::kInputMissing:
      return "the file " + shown + " is missing";
    case Kind::kOutputMissing:
      return "the output " + shown + " is missing";
    case Kind::kOutputChanged:
      return "the output " + shown + " was changed by something else";
  }
  return "";
}

}  // namespace pcargo::freshness
