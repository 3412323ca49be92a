# SPDX-License-Identifier: MIT OR Apache-2.0
# Sourced by machine.sh: Debian's two Rust toolchains, old and new, for the tests that go over a range of them.
# Both are unpacked into a cache directory, not installed: their packages exclude each other and rustup, and nobody's `cargo`
# changes. Of what they need only shared libraries are installed. Tests find them through tests/conformance/harness/toolchains.py.
# shellcheck shell=bash

# The directory of all; tests/conformance/harness/toolchains.py has the same rule.
toolchains_directory() {
  echo "${PCARGO_TEST_TOOLCHAINS:-${XDG_CACHE_HOME:-$(home_directory)/.cache}/pcargo-test/toolchains}"
}

# The packages of a toolchain, without versions.
toolchain_packages() {
  case $1 in
    debian-cargo) echo cargo rustc libstd-rust-dev ;;
    debian-cargo-web) echo cargo-web rustc-web libstd-rust-web-dev ;;
  esac
}

missing_toolchains() {
  local name
  for name in debian-cargo debian-cargo-web; do
    [ -e "$(toolchains_directory)/$name/complete" ] || echo "$name"
  done
}

# dependencies_of DEB...: the packages that they depend on, first alternatives, one a line.
dependencies_of() {
  local deb
  for deb in "$@"; do
    dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed -E 's/\|.*//; s/\(.*//; s/[[:space:]]//g'
  done | sort -u
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# missing_libraries DEB...: the shared libraries that they depend on and that are not here. What is here is not upgraded.
missing_libraries() {
  local library
  for library in $(dependencies_of "$@" | grep '^lib' | grep -Ev '^(libstd-rust|libc-dev$)'); do
    is_installed "$library" || echo "$library"
  done
}

# unpack_toolchain NAME: downloads its packages and unpacks them; `complete` comes last.
unpack_toolchain() {
  local place name=$1
  place=$(toolchains_directory)/$name
  rm -rf "$place"
  mkdir -p "$place/debs"
  (
    set -e
    cd "$place/debs"
    # shellcheck disable=SC2046  # one word per package
    apt-get download -q $(toolchain_packages "$name")
    # The library with rustc in it is in a package whose name holds the version.
    # shellcheck disable=SC2046
    apt-get download -q $(dependencies_of ./*.deb | grep -E '^libstd-rust-.*[0-9]$')
    libraries=$(missing_libraries ./*.deb)
    # shellcheck disable=SC2086
    [ -z "$libraries" ] ||
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $libraries
    for deb in ./*.deb; do
      dpkg-deb -x "$deb" "$place"
    done
  )
  # Where the packages would be installed the loader finds the compiler's library by itself; here it has to be told.
  # shellcheck disable=SC2016  # $ORIGIN is the loader's
  patchelf --set-rpath '$ORIGIN/../lib/'"$(gcc -print-multiarch)" "$place"/usr/bin/rustc "$place"/usr/bin/rustdoc
  # shellcheck disable=SC2016
  patchelf --set-rpath '$ORIGIN' "$place"/usr/lib/*/librustc_driver-*.so
  rm -rf "$place/debs" "$place/usr/share/doc" "$place/usr/share/man"
  "$place/usr/bin/cargo" -V
  "$place/usr/bin/rustc" -vV
  touch "$place/complete"
}

set_up_toolchains() {
  local missing name
  missing=$(missing_toolchains)
  [ -n "$missing" ] || return 0
  if ! has_command apt-get; then
    echo "error: missing here, unpacked from Debian's packages: $missing" >&2
    exit 1
  fi
  as_root apt-get update -q
  for name in $missing; do
    say "unpacking the toolchain $name: $(toolchain_packages "$name")"
    unpack_toolchain "$name"
  done
}
