// SPDX-License-Identifier: MIT OR Apache-2.0
// Cargo's predicates on units, each a line or two, in one place so that no other file decides them again.
// (cargo 1.95: core/compiler/unit.rs, crate_type.rs, build_runner/mod.rs)
#pragma once

#include "cargo/unit_graph.h"

#include <optional>
#include <vector>

namespace pcargo::plan {

bool is_check(cargo::CompileMode mode);
/// Test, check of a test, doctest (cargo: CompileMode::is_any_test).
bool is_any_test(cargo::CompileMode mode);
bool is_doc(cargo::CompileMode mode);

/// Does making it need object code of what is below: anything but a plain library built as such.
/// With -Z no-embed-metadata: are the unit's metadata kept beside its artifact (cargo 1.97:
/// benefits_from_no_embed_metadata)?
bool keeps_metadata_apart(const cargo::UnitGraph& graph, UnitId unit);

bool requires_upstream_objects(const cargo::UnitGraph& graph, UnitId unit);

/// Is the dependency's .rmeta all that the parent needs from it.
bool only_requires_rmeta(const cargo::UnitGraph& graph, UnitId parent, UnitId dependency);

/// The build-script runs of a unit's own package, in the unit's order; a run unit is its own.
std::vector<UnitId> own_script_runs(const cargo::UnitGraph& graph, UnitId unit);

/// The unit that compiles what `run` executes; nullopt when config overrides the script.
std::optional<UnitId> script_compile_unit(const cargo::UnitGraph& graph, UnitId run);

/// Every unit after all of its dependencies, ties by id. The graph has no cycle (its reader refuses one).
std::vector<UnitId> dependency_order(const cargo::UnitGraph& graph);

}  // namespace pcargo::plan
