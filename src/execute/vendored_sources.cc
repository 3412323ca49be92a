// SPDX-License-Identifier: MIT OR Apache-2.0
#include "execute/vendored_sources.h"

#include "base/digest.h"
#include "base/path.h"
#include "cargo/vendored.h"
#include "platform/files.h"
#include "platform/sha256.h"

namespace pcargo::execute {

Result<void> VendoredSources::confirm(UnitId unit) {
  const auto& package = plan_.package(unit);
  auto& is_looked_at = is_looked_at_[plan_.graph().units[unit].package];
  if (is_looked_at != 0 || package.is_local()) {
    return {};
  }
  is_looked_at = 1;
  const std::string list = path::join(package.root, cargo::kVendoredChecksums);
  PCARGO_ASSIGN(const auto text, platform::read_file_if_there(list));
  if (!text) {
    return {};  // it comes from a registry or from Git
  }
  PCARGO_ASSIGN(const auto listed, cargo::read_vendored_checksums(*text));
  for (const auto& [name, expected] : listed) {
    const std::string file = path::join(package.root, name);
    const auto actual = platform::sha256_of_file(file);
    if (!actual) {
      return Error{ErrorKind::kInput, "failed to calculate checksum of: " + file, {actual.error().message}};
    }
    if (to_hex(*actual) != expected) {
      return Error{ErrorKind::kInput,
                   "the listed checksum of `" + file + "` has changed:\nexpected: " + expected +
                       "\nactual:   " + to_hex(*actual) +
                       "\n\ndirectory sources are not intended to be edited, if modifications are required then it is "
                       "recommended that `[patch]` is used with a forked copy of the source\n"};
    }
  }
  return {};
}

}  // namespace pcargo::execute
