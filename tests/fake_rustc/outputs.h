// SPDX-License-Identifier: MIT OR Apache-2.0
// What the fake compiler writes. The bytes depend on nothing but the inputs: source, externs, and arguments that
// matter.
#pragma once

#include "arguments.h"
#include "control.h"

#include <string>
#include <vector>

namespace pcargo::fake_rustc {

/// Stands for what was compiled: a digest of the source text, of every extern's bytes and of the meaning of the
/// arguments.
std::string digest_inputs(const Arguments& arguments, const std::string& source_text);

struct OutputNames {
  std::string dep_info;                  ///< empty: not emitted
  std::string metadata;                  ///< empty: not emitted
  std::vector<std::string> linked;       ///< rlib, shared library, archive, executable
  bool first_linked_is_program = false;  ///< a script that a system can run
};

/// rustc's names for what these arguments make.
OutputNames output_names(const Arguments& arguments);

void write_dep_info(const OutputNames& names, const Arguments& arguments);

/// Written under a private name and renamed into place, as rustc does it.
void write_metadata(const OutputNames& names, const std::string& digest);
void write_linked(const OutputNames& names,
                  const Arguments& arguments,
                  const Control& control,
                  const std::string& digest);

void write_whole(const std::string& path, const std::string& bytes, bool executable);

}  // namespace pcargo::fake_rustc
