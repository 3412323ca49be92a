// SPDX-License-Identifier: MIT OR Apache-2.0
// The shape of the unit graph's JSON as tables: which objects have which fields, and what each takes. Private to the
// reader.
#pragma once

#include "cargo/json_shape.h"

namespace pcargo::cargo::unit_graph_format {

using namespace json_shape;  // NOLINT: the words of every line here

// Objects and arrays of the format. The order is that of kPlaces.
namespace at {
enum : Where {
  kGraph = kDocument + 1,
  kUnits,
  kUnit,
  kTarget,
  kProfile,
  kStrip,
  kStripNamed,
  kDependencies,
  kDependency,
  kRoots,
  kStrings,
};
}  // namespace at

enum GraphField : unsigned { kVersion, kUnits, kRoots };
inline constexpr Field kGraphFields[] = {
    {"version", kIndex, true}, {"units", kArray, true, at::kUnits}, {"roots", kArray, true, at::kRoots}};

enum UnitField : unsigned { kPkgId, kTarget, kProfile, kPlatform, kMode, kFeatures, kIsStd, kDependencies };
inline constexpr Field kUnitFields[] = {
    {"pkg_id", kString, true},
    {"target", kObject, true, at::kTarget},
    {"profile", kObject, true, at::kProfile},
    {"platform", kString | kNull, true},
    {"mode", kString, true},
    {"features", kArray, true, at::kStrings},
    {"is_std", kBoolean, false},
    {"dependencies", kArray, true, at::kDependencies},
};

enum TargetField : unsigned { kKind, kCrateTypes, kName, kSrcPath, kEdition, kRequiredFeatures, kDoc, kDoctest, kTest };
inline constexpr Field kTargetFields[] = {
    {"kind", kArray, true, at::kStrings},
    {"crate_types", kArray, true, at::kStrings},
    {"name", kString, true},
    {"src_path", kString | kNull, false},
    {"edition", kString, true},
    {"required-features", kArray | kNull, false, at::kStrings},
    {"doc", kBoolean, true},
    {"doctest", kBoolean, true},
    {"test", kBoolean, true},
};

enum ProfileField : unsigned {
  kProfileName,
  kOptLevel,
  kLto,
  kCodegenBackend,
  kCodegenUnits,
  kDebuginfo,
  kSplitDebuginfo,
  kDebugAssertions,
  kOverflowChecks,
  kRpath,
  kIncremental,
  kPanic,
  kStrip,
  kRustflags,
  kTrimPaths,
  kHintMostlyUnused,
};
inline constexpr Field kProfileFields[] = {
    {"name", kString, true},
    {"opt_level", kString, true},
    {"lto", kString, true},
    {"codegen_backend", kString | kNull, false},
    {"codegen_units", kIndex | kNull, false},
    {"debuginfo", kIndex | kString | kNull, true},
    {"split_debuginfo", kString | kNull, false},
    {"debug_assertions", kBoolean, true},
    {"overflow_checks", kBoolean, true},
    {"rpath", kBoolean, true},
    {"incremental", kBoolean, true},
    {"panic", kString, true},
    {"strip", kObject | kString, true, at::kStrip},
    {"rustflags", kArray, false, at::kStrings},
    {"trim_paths", kAny, false},
    {"hint_mostly_unused", kAny, false},
};

enum StripField : unsigned { kDeferred, kResolved, kNamed };  // the last one: cargo before 1.77
inline constexpr Field kStripFields[] = {{"deferred", kString | kObject, false, at::kStripNamed},
                                         {"resolved", kString | kObject, false, at::kStripNamed},
                                         {"named", kString, false}};
inline constexpr Field kStripNamedFields[] = {{"Named", kString, true}};

enum DependencyField : unsigned { kDependencyIndex, kExternCrateName, kPublic, kNoprelude, kNounused };
inline constexpr Field kDependencyFields[] = {
    {"index", kIndex, true},
    {"extern_crate_name", kString, true},
    {"public", kBoolean | kNull, false},
    {"noprelude", kBoolean | kNull, false},
    {"nounused", kBoolean | kNull, false},
};

inline constexpr Place kPlaces[] = {
    {},                              // kSkipped
    {{}, kObject, at::kGraph},       // kDocument
    {fields(kGraphFields)},          // kGraph
    {{}, kObject, at::kUnit},        // kUnits
    {fields(kUnitFields)},           // kUnit
    {fields(kTargetFields)},         // kTarget
    {fields(kProfileFields)},        // kProfile
    {fields(kStripFields)},          // kStrip
    {fields(kStripNamedFields)},     // kStripNamed
    {{}, kObject, at::kDependency},  // kDependencies
    {fields(kDependencyFields)},     // kDependency
    {{}, kIndex},                    // kRoots
    {{}, kString},                   // kStrings
};

}  // namespace pcargo::cargo::unit_graph_format
