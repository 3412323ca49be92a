// SPDX-License-Identifier: MIT OR Apache-2.0
#pragma once

namespace pcargo::cli {

/// The whole program; returns its exit code.
int main(int argc, char** argv);

}  // namespace pcargo::cli
