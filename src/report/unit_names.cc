// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/unit_names.h"

#include <fmt/format.h>

namespace pcargo::report {

using pcargo::cargo::CompileMode;
using pcargo::cargo::TargetKind;

std::string target_description(const cargo::Target& target) {
  switch (target.kind) {
    case TargetKind::kLib:
      return "lib";
    case TargetKind::kBin:
      return fmt::format("bin \"{}\"", target.name);
    case TargetKind::kTest:
      return fmt::format("test \"{}\"", target.name);
    case TargetKind::kBench:
      return fmt::format("bench \"{}\"", target.name);
    case TargetKind::kExample:
      return fmt::format("example \"{}\"", target.name);
    case TargetKind::kCustomBuild:
      return "build script";
  }
  return {};
}

bool is_rustc_test(CompileMode mode) {
  return mode == CompileMode::kTest || mode == CompileMode::kCheckTest;
}

bool is_test_of_ordinary_target(const cargo::Target& target, CompileMode mode) {
  return is_rustc_test(mode) && target.kind != TargetKind::kTest && target.kind != TargetKind::kBench;
}

namespace {

std::string described(const cargo::Target& target, CompileMode mode) {
  std::string_view suffix;
  if (is_test_of_ordinary_target(target, mode)) {
    suffix = " test";
  } else if (mode == CompileMode::kDoctest) {
    suffix = " doctest";
  } else if (mode == CompileMode::kDoc) {
    suffix = " doc";
  }
  return target_description(target) + std::string(suffix);
}

}  // namespace

std::string unit_description(std::string_view package_name, const cargo::Target& target, CompileMode mode) {
  return fmt::format("`{}` ({})", package_name, described(target, mode));
}

std::string unit_kind(const cargo::Target& target, CompileMode mode) {
  return described(target, mode) + (mode == CompileMode::kRunCustomBuild ? " run" : "");
}

std::string progress_name(std::string_view package_name, const cargo::Target& target, CompileMode mode) {
  if (mode == CompileMode::kDoc) {
    return fmt::format("{}(doc)", package_name);
  }
  if (mode == CompileMode::kRunCustomBuild) {
    return fmt::format("{}(build)", package_name);
  }
  const bool test = is_rustc_test(mode);
  switch (target.kind) {
    case TargetKind::kLib:
      return test ? target.name + "(test)" : std::string(package_name);
    case TargetKind::kBin:
      return target.name + (test ? "(bin test)" : "(bin)");
    case TargetKind::kTest:
      return target.name + "(test)";
    case TargetKind::kBench:
      return target.name + "(bench)";
    case TargetKind::kExample:
      return target.name + (test ? "(example test)" : "(example)");
    case TargetKind::kCustomBuild:
      return fmt::format("{}(build.rs)", package_name);
  }
  return {};
}

}  // namespace pcargo::report
