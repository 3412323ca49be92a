// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/cause.h"

#include "base/path.h"

namespace pcargo::freshness {

namespace {

// A flag or a variable may be as long as it likes; a line that nobody can read says nothing.
constexpr std::size_t kMostShown = 200;

/// On one line, and not longer than a reader takes.
std::string quoted(std::string_view text) {
  std::string shown = "`";
  for (const char c : text.substr(0, kMostShown)) {
    shown += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return shown + (text.size() > kMostShown ? "...`" : "`");
}

/// " changed from `a` to `b`", " was added: `b`" or " was removed: `a`".
std::string change(const std::optional<std::string>& before, const std::optional<std::string>& after) {
  if (before && after) {
    return " changed from " + quoted(*before) + " to " + quoted(*after);
  }
  return after ? " was added: " + quoted(*after) : before ? " was removed: " + quoted(*before) : " changed";
}

std::string changed_argument(const std::optional<std::string>& before, const std::optional<std::string>& after) {
  if (before && after) {
    return quoted(*before) + " is now " + quoted(*after);
  }
  return after ? quoted(*after) + " is new" : quoted(before.value_or("")) + " is gone";
}

std::string asked_words(Cause::Asked asked, bool is_variable) {
  switch (asked) {
    case Cause::Asked::kByReading:
      return "";
    case Cause::Asked::kByDirective:
      return is_variable ? " (the build script asks for it: rerun-if-env-changed)"
                         : " (the build script asks for it: rerun-if-changed)";
    case Cause::Asked::kForWholePackage:
      return " (the build script does not say what it reads)";
  }
  return "";
}

}  // namespace

std::string Cause::describe(const std::string& workspace_root) const {
  const std::string shown = quoted(path::strip_prefix(subject, workspace_root).value_or(subject));
  switch (kind) {
    case Kind::kNeverBuilt:
      return "there is no record of an earlier run";
    case Kind::kOtherSettings:
      return "it was not built with these settings before: " + subject;
    case Kind::kOtherDependency:
      return "the dependency " + shown + " was not built with these settings before";
    case Kind::kLastRunFailed:
      return "its last run failed";
    case Kind::kLastRunStopped:
      return "its last run was interrupted";
    case Kind::kLastRunUnsettled:
      return "its last run left no record: " + subject;
    case Kind::kRecordDamaged:
      return "the record of its last run is damaged";
    case Kind::kRecordOfOtherKind:
      return "the record of its last run is another pcargo's";
    case Kind::kToolchainChanged:
      return "the toolchain changed: " + subject + change(before, after);
    case Kind::kArgumentsChanged:
      return "the compiler's arguments changed: " + changed_argument(before, after);
    case Kind::kVariableChanged:
      return "the environment variable " + subject + change(before, after) + asked_words(asked, true);
    case Kind::kDirectoryChanged:
      return "the compiler's directory" + change(before, after);
    case Kind::kDependencyAdded:
      return "the dependency " + shown + " is new";
    case Kind::kDependencyRemoved:
      return "the dependency " + shown + " is gone";
    case Kind::kDependencyUnknown:
      return "it is not known what a dependency made";
    case Kind::kDependencyChanged:
      return "the dependency " + shown + " was changed by an earlier build";
    case Kind::kMetadataChanged:
      return "the metadata of " + shown + " changed";
    case Kind::kArtifactChanged:
      return "the artifact of " + shown + " changed";
    case Kind::kScriptCompiled:
      return "the build script of " + shown + " is another program";
    case Kind::kScriptChanged:
      return "the build script of " + shown + " said or made something else";
    case Kind::kInputChanged:
      return "the content of the file " + shown + " changed" + asked_words(asked, false);
    case Kind::kInputTreeChanged:
      return "something in the directory " + shown + " changed" + asked_words(asked, false);
    case Kind::kInputAppeared:
      return "the file " + shown + " is new" + asked_words(asked, false);
    case Kind::kInputMissing:
      return "the file " + shown + " is missing" + asked_words(asked, false);
    case Kind::kOutputMissing:
      return "the output " + shown + " is missing";
    case Kind::kOutputChanged:
      return "the output " + shown + " was changed by something else";
    case Kind::kOutputNotPlaced:
      return "the final file " + shown + " could not be put back";
    case Kind::kRecordRefused:
      return "what the build script said cannot be understood any more";
  }
  return "";
}

}  // namespace pcargo::freshness
