// SPDX-License-Identifier: MIT OR Apache-2.0
// May a unit's rustc run before the artifacts below it are made, and link later? It then sees stubs in place of .rlib
// files and a gate in place of the linker. Who may not is held until they are there, as in cargo. Pure: what no
// argument and no plan says (a native library that an attribute in some source bundles whole) is not known here, and
// shows when it fails.
#pragma once

#include "plan/build_plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pcargo::plan {

/// Why a unit is held.
enum class Hold : std::uint8_t {
  kLinksNothing,     ///< runs no rustc, or one that does not link: there is nothing to do late
  kWrapper,          ///< another program stands before rustc (a compiler cache knows units by their arguments)
  kHiddenArgument,   ///< an `@file`, or options in one word: what they say is not looked at
  kCrateType,        ///< dylib, staticlib, or an rlib beside what links
  kTarget,           ///< not Linux with GNU's or musl's C library
  kLinkerName,       ///< no compiler driver that is known, by name: rustc and the linker may mean something else
  kLinkerFlavor,     ///< given by hand
  kLto,              ///< rustc reads the objects below
  kLinkerPluginLto,  ///< so does the linker, as bitcode
  kPackedDebuginfo,  ///< so does the packer
  kRpath,            ///< the places of what is below go into the file
  kSaveTemps,        ///< what is left behind shows the gate
  kPrint,            ///< so may what is printed
  kDepInfo,          ///< so does the list of inputs, with -Z binary-dep-depinfo
  kCodegenBackend,   ///< not LLVM: nobody has looked what it reads
  kMetadataApart,    ///< -Z embed-metadata=no: an .rlib has none
  kWholeArchive,     ///< an .rlib below bundles a native library that rustc takes out again
  kNoMetadata,       ///< something below makes no .rmeta
};
/// For a person: what it is about the unit, as in "held: it runs LTO".
std::string_view hold_text(Hold hold);

/// For every unit: do all libraries that go into it make an .rmeta? One pass, so that the question costs nothing later.
IdMap<UnitId, char> derive_metadata_below(const cargo::UnitGraph& graph);

struct LateLink {
  std::optional<Hold> hold;  ///< nullopt: it may
  std::string linker;        ///< the true one, if it may: `cc` if nobody has said anything else
};

/// `invocation`: what compile_invocation() gave for the unit with these `scripts`.
LateLink late_link(const BuildPlan& plan,
                   UnitId unit,
                   const Invocation& invocation,
                   const ScriptOutputs& scripts,
                   const IdMap<UnitId, char>& metadata_below);

/// The same command with stubs and gate: every `-L dependency=` and `--extern` in one of the directories `real` names
/// that of `stubs` at the same place, and `-C linker=` comes last.
struct StubDirectory {
  std::string real;
  std::string stubs;
};
Invocation late_linked(Invocation invocation, const std::vector<StubDirectory>& directories, const std::string& gate);

}  // namespace pcargo::plan
