// SPDX-License-Identifier: MIT OR Apache-2.0
// The control file of the fake compiler: which crate misbehaves, and how. Named by PCARGO_FAKE_RUSTC; without it every
// crate behaves.
//
// One order a line: `crate mode [argument]`, where `crate` is rustc's --crate-name or `*`. Lines that begin with `#`
// are comments. `script PACKAGE LINE` makes the build script of a package print LINE, `shell PACKAGE LINE` makes it run
// LINE. README.md lists the modes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pcargo::fake_rustc {

std::string shell_quoted(const std::string& text);

class Control {
 public:
  /// The orders for one crate from the file that the environment names. Ends the process if the file cannot be read.
  static Control from_environment(const std::string& crate);

  bool has(const std::string& mode) const { return argument(mode).has_value(); }

  /// The first order's argument; empty if it has none, nullopt if there is no such order.
  std::optional<std::string> argument(const std::string& mode) const;

  long number(const std::string& mode, long otherwise) const;

  /// The shell lines that are the build script of `package`.
  std::vector<std::string> script_lines(const std::string& package) const;

 private:
  struct Order {
    std::string mode;
    std::string argument;
  };
  std::vector<Order> orders_;
  std::vector<Order> script_;  // mode: the package
};

}  // namespace pcargo::fake_rustc
