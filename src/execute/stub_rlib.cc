// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/stub_rlib.h"

#include "platform/files.h"

#include <fmt/format.h>

namespace pcargo::execute {

std::optional<StubFrame> stub_frame(std::uint64_t metadata_size) {
  constexpr std::uint64_t kMost = 9'999'999'999;  // ten digits
  if (metadata_size > kMost) {
    return std::nullopt;
  }
  // GNU's archive: a member's name ends with a slash; no time, no owner, so that equal metadata give equal bytes.
  auto head = fmt::format("!<arch>\n{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", "lib.rmeta/", 0, 0, 0, "644", metadata_size);
  return StubFrame{std::move(head), metadata_size % 2 == 0 ? "" : "\n"};
}

Result<void> write_stub_rlib(const std::string& metadata, const std::string& stub) {
  const auto size = platform::file_size(metadata);
  const auto frame = stub_frame(size.value_or(0));
  if (!frame) {
    return Error{ErrorKind::kEnvironment, "`" + metadata + "` is too large for an archive"};
  }
  return platform::write_around_by_rename(stub, frame->head, metadata, size.value_or(0), frame->tail);
}

}  // namespace pcargo::execute
