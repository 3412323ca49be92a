// SPDX-License-Identifier: MIT OR Apache-2.0
// The shape of the unit graph's JSON as tables: which objects have which fields, and what each takes. Private to the
// reader.
#pragma once

#include <cstdint>
#include <string_view>

namespace pcargo::cargo::unit_graph_format {

// What kinds of JSON values a place takes; also the kind of one value.
enum Kind : unsigned {
  kNull = 1,
  kBoolean = 2,
  kIndex = 4,  // a whole number, not negative
  kString = 8,
  kArray = 16,
  kObject = 32,
  kNegative = 64,
  kFraction = 128,
  kAny = 255,
};

// Objects and arrays of the format. The order is that of kPlaces.
enum class Where : std::uint8_t {
  kDocument,
  kGraph,
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
  kSkipped,
};

struct Field {
  std::string_view name;
  unsigned takes;
  bool required;
  Where inside = Where::kSkipped;  // where an array or object in this field leads
};

enum GraphField : unsigned { kVersion, kUnits, kRoots };
inline constexpr Field kGraphFields[] = {
    {"version", kIndex, true}, {"units", kArray, true, Where::kUnits}, {"roots", kArray, true, Where::kRoots}};

enum UnitField : unsigned { kPkgId, kTarget, kProfile, kPlatform, kMode, kFeatures, kIsStd, kDependencies };
inline constexpr Field kUnitFields[] = {
    {"pkg_id", kString, true},
    {"target", kObject, true, Where::kTarget},
    {"profile", kObject, true, Where::kProfile},
    {"platform", kString | kNull, true},
    {"mode", kString, true},
    {"features", kArray, true, Where::kStrings},
    {"is_std", kBoolean, false},
    {"dependencies", kArray, true, Where::kDependencies},
};

enum TargetField : unsigned { kKind, kCrateTypes, kName, kSrcPath, kEdition, kRequiredFeatures, kDoc, kDoctest, kTest };
inline constexpr Field kTargetFields[] = {
    {"kind", kArray, true, Where::kStrings},
    {"crate_types", kArray, true, Where::kStrings},
    {"name", kString, true},
    {"src_path", kString | kNull, false},
    {"edition", kString, true},
    {"required-features", kArray | kNull, false, Where::kStrings},
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
    {"debuginfo", kIndex | kString, true},
    {"split_debuginfo", kString | kNull, false},
    {"debug_assertions", kBoolean, true},
    {"overflow_checks", kBoolean, true},
    {"rpath", kBoolean, true},
    {"incremental", kBoolean, true},
    {"panic", kString, true},
    {"strip", kObject, true, Where::kStrip},
    {"rustflags", kArray, false, Where::kStrings},
    {"trim_paths", kAny, false},
    {"hint_mostly_unused", kAny, false},
};

enum StripField : unsigned { kDeferred, kResolved };
inline constexpr Field kStripFields[] = {{"deferred", kString | kObject, false, Where::kStripNamed},
                                         {"resolved", kString | kObject, false, Where::kStripNamed}};
inline constexpr Field kStripNamedFields[] = {{"Named", kString, true}};

enum DependencyField : unsigned { kDependencyIndex, kExternCrateName, kPublic, kNoprelude, kNounused };
inline constexpr Field kDependencyFields[] = {
    {"index", kIndex, true},
    {"extern_crate_name", kString, true},
    {"public", kBoolean | kNull, false},
    {"noprelude", kBoolean | kNull, false},
    {"nounused", kBoolean | kNull, false},
};

struct Fields {
  const Field* data = nullptr;
  unsigned count = 0;
};

template <unsigned count>
constexpr Fields fields(const Field (&list)[count]) {
  return {list, count};
}

struct Place {
  Fields fields = {};              // of an object
  unsigned elements = kAny;        // what an array takes
  Where inside = Where::kSkipped;  // where an element leads
};

inline constexpr Place kPlaces[] = {
    {{}, kObject, Where::kGraph},       // kDocument
    {fields(kGraphFields)},             // kGraph
    {{}, kObject, Where::kUnit},        // kUnits
    {fields(kUnitFields)},              // kUnit
    {fields(kTargetFields)},            // kTarget
    {fields(kProfileFields)},           // kProfile
    {fields(kStripFields)},             // kStrip
    {fields(kStripNamedFields)},        // kStripNamed
    {{}, kObject, Where::kDependency},  // kDependencies
    {fields(kDependencyFields)},        // kDependency
    {{}, kIndex},                       // kRoots
    {{}, kString},                      // kStrings
    {},                                 // kSkipped
};

inline constexpr Field kUnknownField = {"", kAny, false};
}  // namespace pcargo::cargo::unit_graph_format
