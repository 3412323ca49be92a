// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/memory_limit.h"

#include "base/byte_size.h"
#include "platform/memory.h"

#include <fmt/format.h>

namespace pcargo::cli {

namespace {

/// Of what is available, so many parts stay free: for the files that compilers read and write, which else would be read
/// from disk again, for us, and for the units that take more than was predicted.
constexpr std::uint64_t kReserve = 8;

std::optional<std::int64_t> usual_limit(const FileSystem& files) {
  const auto available = platform::available_memory(files);
  return available ? std::optional(static_cast<std::int64_t>(*available - *available / kReserve)) : std::nullopt;
}

}  // namespace

Result<std::optional<std::int64_t>> memory_limit(const std::optional<std::string>& argument,
                                                 const Environment& environment,
                                                 const cargo::Config& config,
                                                 const FileSystem& files) {
  std::string source = "--memory";
  auto text = argument;
  if (!text) {
    source = "PCARGO_MEMORY";
    text = environment.get(source);
  }
  if (!text) {
    source = "the config value `pcargo.memory`";
    PCARGO_ASSIGN(const auto configured, config.get_string("pcargo.memory"));
    text = configured ? configured->value : "auto";
  }
  if (*text == "auto") {
    return usual_limit(files);
  }
  if (*text == "none" || *text == "unlimited") {
    return std::optional<std::int64_t>();
  }
  const auto size = parse_size(*text);
  if (!size || *size == 0) {
    return Error{ErrorKind::kUsage, source + " must be a size like 4G or 512M, auto or none, but is `" + *text + "`"};
  }
  return size;
}

std::optional<std::string> told_of(const execute::Driver::Shortage& shortage, std::int64_t limit) {
  if (shortage.units == 0) {
    return std::nullopt;
  }
  return fmt::format("{} {} waited for memory, for {:.2f}s together (limit {} MiB)",
                     shortage.units,
                     shortage.units == 1 ? "unit" : "units",
                     1e-9 * static_cast<double>(shortage.nanoseconds),
                     limit >> 20);
}

}  // namespace pcargo::cli
