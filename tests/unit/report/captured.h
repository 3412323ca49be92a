// SPDX-License-Identifier: MIT OR Apache-2.0
// A sink that keeps what it is given, and the workspace that the captures from cargo 1.95 were taken in: library `a`
// with a build script, program `b` that uses it.
#pragma once

#include "cargo/package.h"
#include "cargo/unit_graph.h"
#include "plan/settings.h"
#include "report/sink.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::test {

class CaptureSink : public report::Sink {
 public:
  void write(std::string_view bytes) override {
    text.append(bytes);
    writes.emplace_back(bytes);
  }

  /// What came since the last call.
  std::string take() {
    std::string taken = std::move(text);
    text.clear();
    return taken;
  }

  std::string text;
  std::vector<std::string> writes;
};

/// rustc's `unused_mut` and its two-warnings line, as rustc 1.95 printed them for a/src/lib.rs.
extern const std::string_view kUnusedMutJson;
extern const std::string_view kUnusedMutRendered;
extern const std::string_view kUnusedMutRewritten;
extern const std::string_view kSummaryJson;

struct Workspace {
  static constexpr UnitId kCompileScript{0};
  static constexpr UnitId kRunScript{1};
  static constexpr UnitId kLibrary{2};
  static constexpr UnitId kProgram{3};

  Workspace();

  cargo::UnitGraph graph;
  IdMap<cargo::PackageId, cargo::Package> packages;
  plan::Settings settings;
};

}  // namespace pcargo::test
