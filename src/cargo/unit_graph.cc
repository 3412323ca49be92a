// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cargo/unit_graph.h"

#include <algorithm>

namespace pcargo::cargo {

std::string_view mode_name(CompileMode mode) {
  switch (mode) {
    case CompileMode::kBuild:
      return "build";
    case CompileMode::kTest:
      return "test";
    case CompileMode::kCheck:
    case CompileMode::kCheckTest:
      return "check";
    case CompileMode::kDoc:
      return "doc";
    case CompileMode::kDoctest:
      return "doctest";
    case CompileMode::kDocscrape:
      return "docscrape";
    case CompileMode::kRunCustomBuild:
      return "run-custom-build";
  }
  return "";
}

bool Target::has_crate_type(std::string_view type) const {
  return std::find(crate_types.begin(), crate_types.end(), type) != crate_types.end();
}

bool Target::is_proc_macro() const {
  return kind == TargetKind::kLib && has_crate_type("proc-macro");
}

bool Target::is_executable() const {
  return is_bin() || (is_example() && crate_types == std::vector<std::string>{"bin"});
}

bool Target::is_linkable() const {
  return kind == TargetKind::kLib && std::any_of(crate_types.begin(), crate_types.end(), [](const std::string& type) {
           return type == "lib" || type == "rlib" || type == "dylib" || type == "proc-macro";
         });
}

std::string Target::crate_name() const {
  std::string crate = name;
  std::replace(crate.begin(), crate.end(), '-', '_');
  return crate;
}

}  // namespace pcargo::cargo
