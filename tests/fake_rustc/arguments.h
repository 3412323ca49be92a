// SPDX-License-Identifier: MIT OR Apache-2.0
// rustc's command line as the fake compiler needs it. Unknown flags are kept for the digest and otherwise ignored.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pcargo::fake_rustc {

struct Arguments {
  bool version = false;             ///< -vV, --version
  std::vector<std::string> prints;  ///< --print=..., in order
  std::string crate_name;
  std::vector<std::string> crate_types;
  std::vector<std::string> emits;  ///< "dep-info", "metadata", "link"
  std::string source;
  std::string out_dir = ".";
  std::string extra_filename;
  std::string target;
  bool test = false;
  bool json_artifacts = false;
  std::vector<std::pair<std::string, std::string>> externs;  ///< name, path
  std::vector<std::string> meaning;  ///< every argument that changes what is compiled: not where it is written

  bool emits_kind(const std::string& kind) const;
};

/// `@file` arguments are replaced by the file's lines.
Arguments parse_arguments(int argc, char** argv);

}  // namespace pcargo::fake_rustc
