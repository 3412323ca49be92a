// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph_values.h"

#include "cargo/package_spec.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace pcargo::cargo::unit_graph_format {
namespace {

bool parse_mode(std::string_view name, CompileMode* mode) {
  for (const auto known : {CompileMode::kBuild,
                           CompileMode::kTest,
                           CompileMode::kCheck,
                           CompileMode::kDoc,
                           CompileMode::kDoctest,
                           CompileMode::kDocscrape,
                           CompileMode::kRunCustomBuild}) {
    if (mode_name(known) == name) {
      *mode = known;
      return true;
    }
  }
  return false;
}

std::string store_debuginfo(Scalar& value, Profile* profile) {
  if (value.kind == kNull) {  // cargo before 1.71
    profile->debuginfo = "0";
    profile->debuginfo_is_given = false;
    return {};
  }
  const bool is_known = value.kind == kIndex ? value.number <= 2
                                             : value.text == "line-tables-only" || value.text == "line-directives-only";
  if (!is_known) {
    return "unknown debuginfo " + nlohmann::json(value.text).dump();
  }
  profile->debuginfo_is_integer = value.kind == kIndex;
  profile->debuginfo = std::move(value.text);
  return {};
}

/// What is wrong with a text that file names are made from; empty: nothing.
std::string mistake_in_file_name(std::string_view name) {
  if (name.empty()) {
    return "empty";
  }
  if (name.find('/') != std::string_view::npos) {
    return nlohmann::json(name).dump() + " contains a path separator";
  }
  if (name == "." || name == "..") {
    return nlohmann::json(name).dump() + " names a directory";
  }
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return nlohmann::json(name).dump() + " contains a control character";
  }
  return {};
}

}  // namespace

void infer_kind(Target* target) {
  static constexpr std::pair<std::string_view, TargetKind> kKinds[] = {
      {"bin", TargetKind::kBin},
      {"example", TargetKind::kExample},
      {"test", TargetKind::kTest},
      {"bench", TargetKind::kBench},
      {"custom-build", TargetKind::kCustomBuild},
  };
  // A library's kinds are its crate types, of which a manifest may name any, or none.
  target->kind = TargetKind::kLib;
  for (const auto& [name, value] : kKinds) {
    if (target->kind_names.size() == 1 && target->kind_names.front() == name) {
      target->kind = value;
    }
  }
}

std::string store_unit(UnitField field, Scalar& value, UnitDraft* unit) {
  switch (field) {
    case kPkgId:
      if (value.text.empty()) {
        return "empty";
      }
      unit->package_id = to_url_form(std::move(value.text));
      break;
    case kPlatform:
      if (value.kind == kString && value.text.empty()) {
        return "empty";
      }
      unit->platform = std::move(value.text);
      break;
    case kMode:
      if (!parse_mode(value.text, &unit->mode)) {
        return "unknown mode " + nlohmann::json(value.text).dump();
      }
      break;
    case kIsStd:
      unit->is_std = value.boolean;
      break;
    default:
      break;
  }
  return {};
}

std::string store_target(TargetField field, Scalar& value, Target* target) {
  switch (field) {
    case kName:
      if (auto mistake = mistake_in_file_name(value.text); !mistake.empty()) {
        return mistake;
      }
      target->name = std::move(value.text);
      break;
    case kSrcPath:
      target->src_path = std::move(value.text);
      break;
    case kEdition:
      target->edition = std::move(value.text);
      break;
    case kDoc:
      target->doc = value.boolean;
      break;
    case kDoctest:
      target->doctest = value.boolean;
      break;
    case kTest:
      target->test = value.boolean;
      break;
    default:
      break;
  }
  return {};
}

std::string store_profile(ProfileField field, Scalar& value, Profile* profile) {
  const auto optional_text = [&] {
    return value.kind == kNull ? std::optional<std::string>() : std::optional<std::string>(std::move(value.text));
  };
  switch (field) {
    case kProfileName:
      profile->name = std::move(value.text);
      break;
    case kOptLevel:
      profile->opt_level = std::move(value.text);
      break;
    case kLto:
      profile->lto = std::move(value.text);
      break;
    case kCodegenBackend:
      profile->codegen_backend = optional_text();
      break;
    case kCodegenUnits:
      if (value.number > std::numeric_limits<std::uint32_t>::max()) {
        return value.text + " is too large";
      }
      if (value.kind == kIndex) {
        profile->codegen_units = static_cast<std::uint32_t>(value.number);
      }
      break;
    case kDebuginfo:
      return store_debuginfo(value, profile);
    case kSplitDebuginfo:
      profile->split_debuginfo = optional_text();
      break;
    case kDebugAssertions:
      profile->debug_assertions = value.boolean;
      break;
    case kOverflowChecks:
      profile->overflow_checks = value.boolean;
      break;
    case kRpath:
      profile->rpath = value.boolean;
      break;
    case kIncremental:
      profile->incremental = value.boolean;
      break;
    case kPanic:
      profile->panic = std::move(value.text);
      break;
    case kStrip:  // a word before cargo 1.77
      profile->strip = {false, value.text == "none" ? "None" : std::move(value.text)};
      break;
    case kTrimPaths:
    case kHintMostlyUnused:
      (field == kTrimPaths ? profile->trim_paths : profile->hint_mostly_unused) = json_text(value);
      break;
    default:
      break;
  }
  return {};
}

}  // namespace pcargo::cargo::unit_graph_format
