// SPDX-License-Identifier: MIT OR Apache-2.0
#include "freshness/toolchain_watch.h"

#include "base/path.h"

#include <algorithm>

namespace pcargo::freshness {

namespace {

using platform::FileStamp;

/// A bare name is looked for as the system does when it starts the program.
std::string find_program(const std::string& name, const plan::Settings& settings) {
  if (name.find('/') != std::string::npos) {
    return path::join(settings.current_directory, name);
  }
  const std::string places = settings.environment.get("PATH").value_or("");
  for (std::size_t begin = 0; begin <= places.size();) {
    const std::size_t end = std::min(places.find(':', begin), places.size());
    std::string candidate = path::join(path::join(settings.current_directory, places.substr(begin, end - begin)), name);
    const FileStamp stamp = platform::stamp_of(candidate);
    if (stamp.kind == FileKind::kFile && stamp.is_executable()) {
      return candidate;
    }
    begin = end + 1;
  }
  return name;
}

/// Not by ctime: another link to the file or another owner is no other compiler. One that is gone is told by the unit
/// that cannot start it.
bool is_another(const FileStamp& then, const FileStamp& now) {
  if (now.kind == FileKind::kNone) {
    return false;
  }
  return then.kind != now.kind || then.inode != now.inode || then.device != now.device || then.size != now.size ||
         then.mtime_ns != now.mtime_ns;
}

}  // namespace

ToolchainWatch::ToolchainWatch(const plan::Settings& settings) {
  // rustup's proxy stays as it is while the compiler behind it is replaced.
  for (const auto& program :
       {find_program(settings.toolchain.rustc, settings), path::join(settings.toolchain.sysroot, "bin/rustc")}) {
    programs_.emplace_back(program, platform::stamp_of(program));
  }
}

std::optional<std::string> ToolchainWatch::changed() const {
  for (const auto& [program, then] : programs_) {
    if (is_another(then, platform::stamp_of(program))) {
      return program;
    }
  }
  return std::nullopt;
}

}  // namespace pcargo::freshness
