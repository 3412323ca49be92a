// SPDX-License-Identifier: MIT OR Apache-2.0
#include "cli/main.h"

int main(int argc, char** argv) {
  return pcargo::cli::main(argc, argv);
}
