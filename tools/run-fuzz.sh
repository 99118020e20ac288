#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs each libFuzzer target for a while, from its seeds and what earlier runs found.
# usage: tools/run-fuzz.sh BUILD SECONDS [TARGET...]
set -eu

build=$1
seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(python3 tests/list.py fuzz | sed 's/^fuzz-//')
[ $# -gt 0 ] || { echo "run-fuzz.sh: no fuzz/fuzz-*.c" >&2; exit 1; }

passed=0
failed=0
mkdir -p fuzz/artifacts
for target; do
	corpus=fuzz/corpus/$target
	seeds=fuzz/seeds/$target
	log=$build/fuzz-$target.log
	mkdir -p "$corpus"
	[ -d "$seeds" ] || seeds=
	if "$build/fuzz/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="fuzz/artifacts/$target-" \
		"$corpus" $seeds >"$log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		echo "$target: $runs inputs, no fault"
	else
		failed=$((failed + 1))
		echo "$target: FAULT, see $log"
		grep -E -A12 'ERROR|runtime error|SUMMARY|Test unit written' "$log" | head -40 || :
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
