// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/difference.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace pcargo::freshness {

namespace {

using Kind = GivenField::Kind;
using Fields = std::vector<GivenField>;
using Words = std::vector<std::string>;
using MaybeText = std::optional<std::string>;

/// Words of a command with each option's value joined to it: "--cfg", "a" -> "--cfg a".
Words flags_of(const Fields& fields) {
  Words words;
  for (const auto& field : fields) {
    if (field.kind == Kind::kArgument) {
      words.push_back(field.value);
    }
  }
  const auto is_option = [](const std::string& word) { return word.starts_with("-"); };
  Words flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    flags.push_back(words[i]);
    const bool has_value_of_its_own = words[i].find('=') != std::string::npos;
    if (is_option(words[i]) && !has_value_of_its_own && i + 1 < words.size() && !is_option(words[i + 1])) {
      flags.back() += " " + words[++i];
    }
  }
  return flags;
}

/// What a flag is about: flags about one thing are one flag that changed. "-C opt-level=3" -> "-C opt-level".
std::string topic(const std::string& flag) {
  if (!flag.starts_with("-")) {
    return "";  // a program or a file
  }
  return flag.starts_with("--cfg ") ? flag : flag.substr(0, flag.find_first_of("=,"));
}

/// Those of `flags` that are not among `others`, each counted.
Words only_in(const Words& flags, Words others) {
  Words result;
  for (const auto& flag : flags) {
    if (const auto found = std::find(others.begin(), others.end(), flag); found != others.end()) {
      others.erase(found);
    } else {
      result.push_back(flag);
    }
  }
  return result;
}

Cause argument_cause(MaybeText before, MaybeText after) {
  return Cause{Cause::Kind::kArgumentsChanged, "", std::move(before), std::move(after)};
}

Cause argument_difference(const Fields& before, const Fields& after) {
  const Words then = flags_of(before);
  const Words now = flags_of(after);
  const Words gone = only_in(then, now);
  const Words added = only_in(now, then);
  if (!added.empty()) {
    const auto is_about_it = [&added](const std::string& flag) { return topic(flag) == topic(added.front()); };
    const auto was = std::find_if(gone.begin(), gone.end(), is_about_it);
    return argument_cause(was != gone.end() ? MaybeText(*was) : std::nullopt, added.front());
  }
  if (!gone.empty()) {
    return argument_cause(gone.front(), std::nullopt);
  }
  const auto [was, is] = std::mismatch(then.begin(), then.end(), now.begin(), now.end());  // the same, in another order
  return argument_cause(was != then.end() ? MaybeText(*was) : std::nullopt,
                        is != now.end() ? MaybeText(*is) : std::nullopt);
}

Cause::Kind cause_of(Kind kind, bool was_there, bool is_there) {
  switch (kind) {
    case Kind::kToolchain:
      return Cause::Kind::kToolchainChanged;
    case Kind::kArgument:
      return Cause::Kind::kArgumentsChanged;
    case Kind::kVariable:
      return Cause::Kind::kVariableChanged;
    case Kind::kDirectory:
      return Cause::Kind::kDirectoryChanged;
    case Kind::kDependency:
    case Kind::kLinked:
    case Kind::kScript:
      if (!was_there || !is_there) {
        return was_there ? Cause::Kind::kDependencyRemoved : Cause::Kind::kDependencyAdded;
      }
      return kind == Kind::kScript ? Cause::Kind::kScriptChanged : Cause::Kind::kDependencyChanged;
  }
  return Cause::Kind::kNeverBuilt;
}

/// The first line that differs, of texts with many.
std::pair<std::string, std::string> differing_lines(std::string_view before, std::string_view after) {
  while (true) {
    const auto left = before.substr(0, before.find('\n'));
    const auto right = after.substr(0, after.find('\n'));
    if (left != right || left.size() == before.size() || right.size() == after.size()) {
      return {std::string(left), std::string(right)};
    }
    before.remove_prefix(left.size() + 1);
    after.remove_prefix(right.size() + 1);
  }
}

Cause difference(const GivenField* before, const GivenField* after) {
  const GivenField& named = after != nullptr ? *after : *before;
  Cause cause{cause_of(named.kind, before != nullptr, after != nullptr), named.name};
  if (named.kind == Kind::kDependency || named.kind == Kind::kLinked || named.kind == Kind::kScript ||
      named.name == "target specification") {
    return cause;  // the values are digests
  }
  if (before != nullptr) {
    cause.before = before->value;
  }
  if (after != nullptr) {
    cause.after = after->value;
  }
  if (named.kind == Kind::kToolchain && before != nullptr && after != nullptr) {
    std::tie(cause.before, cause.after) = differing_lines(before->value, after->value);
  }
  return cause;
}

bool is_named_in(const GivenField& field, const Fields& fields) {
  return std::any_of(fields.begin(), fields.end(), [&field](const GivenField& other) {
    return other.kind == field.kind && other.name == field.name;
  });
}

}  // namespace

std::optional<Cause> first_difference(const Fields& before, const Fields& after) {
  const auto [was, is] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const GivenField* left = was != before.end() ? &*was : nullptr;
  const GivenField* right = is != after.end() ? &*is : nullptr;
  if (left == nullptr && right == nullptr) {
    return std::nullopt;
  }
  if ((left != nullptr && left->kind == Kind::kArgument) || (right != nullptr && right->kind == Kind::kArgument)) {
    return argument_difference(before, after);
  }
  if (left != nullptr && right != nullptr && (left->kind != right->kind || left->name != right->name)) {
    return is_named_in(*right, before) ? difference(left, nullptr) : difference(nullptr, right);
  }
  return difference(left, right);
}

}  // namespace pcargo::freshness
