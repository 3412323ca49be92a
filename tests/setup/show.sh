#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The first of the two commands: from a clean clone, builds pcargo and builds a real workspace of fixtures/ with it.
#   tests/setup/show.sh [WORKSPACE]
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/setup/machine.sh
. tests/setup/machine.sh

set_up_machine build

say "building pcargo"
configure build-release --buildtype=release
ninja -C build-release src/pcargo src/pcargo-gate
pcargo=$PWD/build-release/src/pcargo

# A copy, so that the clone stays as it is.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pcargo-show.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cp -R "${1:-fixtures/small-app}" "$scratch/workspace"
cd "$scratch/workspace"
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

say "pcargo build, in ${1:-fixtures/small-app}"
"$pcargo" build --workspace --offline

say "what it made"
found=0
for program in target/debug/*; do
  if [ -f "$program" ] && [ -x "$program" ] && [[ $program != *.so ]]; then
    found=$((found + 1))
    echo "\$ $program"
    "./$program"
  fi
done
if [ "$found" = 0 ]; then
  echo "error: pcargo built no program" >&2
  exit 1
fi
