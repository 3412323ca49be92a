# SPDX-License-Identifier: MIT OR Apache-2.0
# Sourced by the two commands beside this file: brings a Debian 12 machine to where pcargo can be built and tested.
# Nothing is installed that is already there, and apt is not called at all when nothing is missing.
# shellcheck shell=bash

# shellcheck source=tests/setup/toolchains.sh
. "$(dirname "${BASH_SOURCE[0]}")/toolchains.sh"

say() { printf '\n==> %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

home_directory() { echo "${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"; }

has_command() { command -v "$1" >/dev/null 2>&1; }

# has_library NAME MINIMUM: does pkg-config know it, new enough?
has_library() { has_command pkg-config && pkg-config --atleast-version="$2" "$1" 2>/dev/null; }

has_meson() {
  has_command meson && [ "$(printf '%s\n' 1.0.0 "$(meson --version)" | sort -V | head -n 1)" = 1.0.0 ]
}

# The Debian packages behind what is missing here, one a line.
missing_packages() {
  has_command g++ || has_command c++ || echo g++
  has_meson || echo meson
  has_command ninja || echo ninja-build
  has_command pkg-config || echo pkg-config
  has_command python3 || echo python3
  has_command git || echo git
  has_library libuv 1.44 || echo libuv1-dev
  has_library nlohmann_json 3.11 || echo nlohmann-json3-dev
  has_library tomlplusplus 3.3 || echo libtomlplusplus-dev
  has_library fmt 9.1 || echo libfmt-dev
  has_library CLI11 2.1 || echo libcli11-dev
  has_library libxxhash 0.8 || echo libxxhash-dev
  has_library libcrypto 3.0 || echo libssl-dev
  has_library sqlite3 3.34 || echo libsqlite3-dev
  has_library libgit2 1.1 || echo libgit2-dev
  # Catch2 3 has no <catch2/catch.hpp>; without version 2 Meson takes the wrap.
  has_library catch2 2.13 || echo catch2
  has_command cargo || echo cargo-web
  has_command rustc || echo rustc-web
  [ "${1:-}" = build ] && return
  has_command strace || echo strace
  has_command clang-format-14 || echo clang-format-14
  has_command chromium || echo chromium
  [ -z "$(missing_toolchains)" ] || has_command patchelf || echo patchelf
}

# set_up_machine [build]: with "build", only what building and running needs.
set_up_machine() {
  # rustup's installer leaves this to the login shell, which a script is not.
  local cargo_home
  cargo_home=${CARGO_HOME:-$(home_directory)/.cargo}
  if ! has_command cargo && [ -x "$cargo_home/bin/cargo" ]; then
    PATH="$cargo_home/bin:$PATH"
    export PATH
  fi
  local missing
  missing=$(missing_packages "$@")
  if [ -n "$missing" ]; then
    if ! has_command apt-get; then
      echo "error: missing here, under Debian's names: $(echo "$missing" | tr '\n' ' ')" >&2
      exit 1
    fi
    say "installing $(echo "$missing" | tr '\n' ' ')"
    as_root apt-get update -q
    # shellcheck disable=SC2086  # one word per package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
  fi
  [ "${1:-}" = build ] || set_up_toolchains
  if ! has_command cargo || ! has_command rustc; then
    echo "error: no Rust toolchain (cargo and rustc) was found or could be installed" >&2
    exit 1
  fi
  say "$(c++ --version | head -n 1), meson $(meson --version), $(cargo --version), $(rustc --version)"
}

# configure DIRECTORY MESON-OPTIONS...: makes the build directory, or brings its options up to date.
configure() {
  local directory=$1
  shift
  if [ -f "$directory/build.ninja" ]; then
    meson configure "$directory" "$@"
  else
    meson setup "$directory" . "$@"
  fi
}
