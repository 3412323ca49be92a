// SPDX-License-Identifier: MIT OR Apache-2.0
// The shape of a build plan's JSON as tables (cargo 1.65: src/cargo/core/compiler/build_plan.rs). Private to the
// reader.
#pragma once

#include "cargo/json_shape.h"

namespace pcargo::cargo::build_plan_format {

using namespace json_shape;  // NOLINT: the words of every line here

// Objects and arrays of the format. The order is that of kPlaces.
namespace at {
enum : Where {
  kPlan = kDocument + 1,
  kInvocations,
  kInvocation,
  kTargetKind,
  kDeps,
  kOutputs,
  kLinks,
  kArgs,
  kEnv,
  kInputs,
};
}  // namespace at

inline constexpr Field kPlanFields[] = {{"invocations", kArray, true, at::kInvocations},
                                        {"inputs", kArray, true, at::kInputs}};

enum InvocationField : unsigned {
  kPackageName,
  kPackageVersion,
  kTargetKind,
  kKind,
  kCompileMode,
  kDeps,
  kOutputs,
  kLinks,
  kProgram,
  kArgs,
  kEnv,
  kCwd,
};
inline constexpr Field kInvocationFields[] = {
    {"package_name", kString, true},
    {"package_version", kString, true},
    {"target_kind", kArray, true, at::kTargetKind},
    {"kind", kString | kNull, true},
    {"compile_mode", kString, true},
    {"deps", kArray, true, at::kDeps},
    {"outputs", kArray, true, at::kOutputs},
    {"links", kObject, true, at::kLinks},
    {"program", kString, true},
    {"args", kArray, true, at::kArgs},
    {"env", kObject, true, at::kEnv},
    {"cwd", kString | kNull, true},
};

inline constexpr Place kPlaces[] = {
    {},                              // kSkipped
    {{}, kObject, at::kPlan},        // kDocument
    {fields(kPlanFields)},           // kPlan
    {{}, kObject, at::kInvocation},  // kInvocations
    {fields(kInvocationFields)},     // kInvocation
    {{}, kString},                   // kTargetKind
    {{}, kIndex},                    // kDeps
    {{}, kString},                   // kOutputs
    {{}, kString, kSkipped, true},   // kLinks
    {{}, kString},                   // kArgs
    {{}, kString, kSkipped, true},   // kEnv
    {{}, kString},                   // kInputs
};

}  // namespace pcargo::cargo::build_plan_format
