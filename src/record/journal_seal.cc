// SPDX-License-Identifier: MIT OR Apache-2.0
#include "record/journal_seal.h"

#include "base/quick_digest.h"

#include <fmt/format.h>

namespace pcargo::record {

namespace {

constexpr std::string_view kMember = ",\"sum\":\"";
constexpr std::string_view kBehind = "\"}";
constexpr std::size_t kDigits = 8;
constexpr std::size_t kLength = kMember.size() + kDigits + kBehind.size();

std::string sum_of(std::string_view text) {
  const QuickDigest digest = quick_digest(text);
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
}

}  // namespace

std::string sealed(std::string object) {
  object.pop_back();
  const std::string sum = sum_of(object);
  object.append(kMember).append(sum).append(kBehind);
  return object;
}

bool seal_holds(std::string_view line) {
  if (line.size() < kLength) {
    return true;
  }
  const std::string_view seal = line.substr(line.size() - kLength);
  return !seal.starts_with(kMember) || !seal.ends_with(kBehind) ||
         seal.substr(kMember.size(), kDigits) == sum_of(line.substr(0, line.size() - kLength));
}

}  // namespace pcargo::record
