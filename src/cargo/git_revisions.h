// SPDX-License-Identifier: MIT OR Apache-2.0
// Which commit a git package was taken from. Its package id does not say; Cargo.lock does, and so does the checkout.
#pragma once

#include "base/result.h"
#include "cargo/manifest_store.h"
#include "cargo/package.h"

#include <map>
#include <string>
#include <tuple>

namespace pcargo::cargo {

class GitRevisions {
 public:
  /// From the text of a Cargo.lock; one that is missing or damaged leaves the question to the checkouts.
  static GitRevisions from_lock_file(const std::string& text);

  /// The commit in hexadecimal, perhaps shortened; empty if nobody knows.
  std::string find(const PackageSpec& spec, const std::string& package_root, const FileSystem& files) const;

 private:
  // (name, version, url with its query) -> commit
  std::map<std::tuple<std::string, std::string, std::string>, std::string> locked_;
};

}  // namespace pcargo::cargo
