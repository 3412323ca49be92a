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
std::string digest_inputs(const Arguments& arguments,
                          const std::string& source_text,
                          const std::vector<std::string>& read_files);

/// The files that `// reads PATH` lines of the source name, as `include!` would; `$OUT_DIR` at the begin is replaced.
std::vector<std::string> files_read_by(const std::string& source_text);

struct OutputNames {
  std::string dep_info;                  ///< empty: not emitted
  std::string metadata;                  ///< empty: not emitted
  std::vector<std::string> linked;       ///< rlib, shared library, archive, executable
  bool first_linked_is_program = false;  ///< a script that a system can run
};

/// rustc's names for what these arguments make.
OutputNames output_names(const Arguments& arguments);

void write_dep_info(const OutputNames& names, const Arguments& arguments, const std::vector<std::string>& read_files);

/// Written under a private name and renamed into place, as rustc does it.
void write_metadata(const OutputNames& names, const std::string& digest);
void write_linked(const OutputNames& names,
                  const Arguments& arguments,
                  const Control& control,
                  const std::string& digest);

void write_whole(const std::string& path, const std::string& bytes, bool executable);

/// The bytes of `from` under the name `to`, as rustc writes a .d: truncated and written in place.
void copy_in_place(const std::string& from, const std::string& to);

/// What lies at `path` gives way to "unreadable", a "fifo", a "directory", or a link to "link PATH".
void replace_by(const std::string& kind, const std::string& path);

}  // namespace pcargo::fake_rustc
