// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/parts.h"

#include "record/timeline_estimates.h"
#include "report/crate_groups.h"

namespace pcargo::report {

std::vector<Part> parts_of(const record::Timeline& timeline) {
  enum Index { kFrontend, kCodegen, kPrograms, kLink, kMacros, kScripts, kScriptRuns };
  std::vector<Part> parts{{"frontend", "frontend of libraries", 0},
                          {"codegen", "codegen of libraries", 0},
                          {"programs", "programs and tests", 0},
                          {"link", "their links, where these came late", 0},
                          {"macros", "procedural macros", 0},
                          {"scripts_compiled", "build scripts, compiled", 0},
                          {"scripts_run", "build scripts, run", 0}};
  const auto spans = record::spans_of(timeline);
  for (UnitId unit{0}; unit.value < spans.size(); ++unit.value) {
    const auto& span = spans[unit];
    if (!span) {
      continue;
    }
    const auto& name = timeline.names[unit];
    const auto link = span->finish - span->link;
    const auto before_link = span->objects - span->start;
    if (is_script_run(name)) {
      parts[kScriptRuns].took += before_link + link;
    } else if (is_script(name)) {
      parts[kScripts].took += before_link + link;
    } else if (name.kind == "proc-macro") {
      parts[kMacros].took += before_link + link;
    } else if (timeline.graph.phases(unit) == graph::Phases::kLinking) {
      parts[kPrograms].took += before_link;
      parts[kLink].took += link;
    } else {
      parts[kFrontend].took += span->metadata - span->start;
      parts[kCodegen].took += span->finish - span->metadata;
    }
  }
  return parts;
}

Processor processor_of(const record::Timeline& timeline) {
  Processor processor;
  for (const auto& unit : timeline.units) {
    processor.used += unit.cpu_us;
  }
  processor.available = timeline.end * timeline.head.busy_cores();
  return processor;
}

}  // namespace pcargo::report
