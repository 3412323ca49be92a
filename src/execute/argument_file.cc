// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/argument_file.h"

#include "platform/files.h"

#include <cstddef>
#include <utility>

namespace pcargo::execute {

Result<std::optional<plan::Invocation>> with_argument_file(const plan::Invocation& invocation,
                                                           const std::string& rustc,
                                                           const std::string& file) {
  std::size_t programs = 0;
  while (invocation.argv[programs] != rustc) {
    ++programs;
  }
  std::string lines;
  for (std::size_t i = programs + 1; i < invocation.argv.size(); ++i) {
    if (invocation.argv[i].find('\n') != std::string::npos) {
      return std::optional<plan::Invocation>();
    }
    lines += invocation.argv[i] + "\n";
  }
  PCARGO_TRY(platform::write_file_by_rename(file, lines));
  auto shortened = invocation;
  shortened.argv.resize(programs + 1);
  shortened.argv.push_back("@" + file);
  return std::optional(std::move(shortened));
}

}  // namespace pcargo::execute
