#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Records a small build, plays it again and predicts it: that this works, not what it takes.
#
#   tests/bench/replay_small.sh PCARGO TOOLS PROJECT
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/record_times.py" --pcargo "$1" --work "$work" "$3"
"$here/replay.py" --pcargo "$1" --tools "$2" --work "$work" --jobs 2,16 --pairs 1 "$(basename "$3")-dev"
"$here/predictions.py" --pcargo "$1" --work "$work" replay --tools "$2" --jobs 4 "$(basename "$3")-dev"
"$here/predictions.py" --pcargo "$1" --work "$work" builds "$3"
"$2/local_search" "$work/$(basename "$3")-dev.plan.json" "$work/$(basename "$3")-dev.sqlite" 100
