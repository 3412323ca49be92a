#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The second of the two commands: from a clean clone, builds pcargo and passes the whole offline suite.
# Twice built: with the address and undefined-behaviour sanitizers for the tests of our own code, and as users have it for
# the tests that compare with cargo. The last line counts the tests of both.
#   tests/setup/check.sh
set -uo pipefail
cd "$(dirname "$0")/../.."
# A closed standard input would leave its number to the next file that is opened; what comes in is nobody's business here.
exec </dev/null
# shellcheck source=tests/setup/machine.sh
. tests/setup/machine.sh

set -e
set_up_machine test
configure build-release --buildtype=release
configure build-sanitized --buildtype=debug -Db_sanitize=address,undefined -Db_lundef=false
set +e

# A test that finds no cargo or no browser would skip itself; here that is a failure, because set_up_machine promised one.
export PCARGO_TEST_REQUIRE_CARGO=1
export PCARGO_TEST_REQUIRE_BROWSER=1
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:exitcode=99

status=0
rm -f build-sanitized/meson-logs/testlog.json build-release/meson-logs/testlog.json
say "our own code, with sanitizers"
meson test -C build-sanitized --no-suite registry --suite unit --suite property --suite e2e --print-errorlogs || status=1
say "beside cargo, and everything else"
# Only what these tests start: the test programs of our own code are built once, above.
ninja -C build-release src/pcargo src/pcargo-gate tests/conformance/librecorder.so tests/fake_rustc/fake_rustc \
  tests/bench/{planning_cost,graph_reading,history_cost,decision_cost,timings_cost} \
  tests/bench/{sleeping_rustc,replay_script,simulated_builds,local_search} || status=1
meson test -C build-release --no-rebuild --no-suite registry --no-suite unit --no-suite property --no-suite e2e --print-errorlogs || status=1

python3 tests/setup/count_results.py build-sanitized build-release || status=1
exit "$status"
