#!/bin/bash
# Check everything that can be checked without hardware. The last line counts: N passed, N failed, N skipped.
# A tool that is missing makes its checks "skipped", never "passed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
. scripts/setup.sh
set_up test

passed=0 failed=0 skipped=0
logs=target/test-logs
mkdir -p "$logs"

title() { printf '\n== %s\n' "$*"; }

skip() {
    printf 'SKIPPED: %s\n' "$*"
    skipped=$((skipped + 1))
}

# One check that either holds or does not.
check() { # title, command…
    title "$1"
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        printf 'FAILED: %s\n' "$*"
        failed=$((failed + 1))
    fi
}

# Add up a report of nextest. A test that says SKIPPED: on its output is counted as skipped, once.
count_junit() {
    local tests failures without_tool
    read -r tests failures without_tool < <(awk '
        /<testcase / { tests++; told = 0 }
        /<(failure|error)[ >]/ { failures++ }
        /(^|>)[ \t]*SKIPPED:/ { if (!told) without_tool++; told = 1 }
        END { print tests + 0, failures + 0, without_tool + 0 }' "$1")
    passed=$((passed + tests - failures - without_tool))
    failed=$((failed + failures))
    skipped=$((skipped + without_tool))
    grep -o 'SKIPPED:.*' "$1" | sort | uniq -c
}

# Add up the output of cargo test.
count_libtest() {
    local good bad ignored without_tool
    read -r good bad ignored without_tool < <(awk '
        /^test result:/ { good += $4; bad += $6; ignored += $8 }
        /^---- .* ----$/ { told = 0 }
        /^[ \t]*SKIPPED:/ { if (!told) without_tool++; told = 1 }
        END { print good + 0, bad + 0, ignored + 0, without_tool + 0 }' "$1")
    passed=$((passed + good - without_tool))
    failed=$((failed + bad))
    skipped=$((skipped + ignored + without_tool))
}

# Tests under nextest; its summary also names those that are switched off.
run_nextest() {
    local report=target/nextest/ci/junit.xml ignored status
    rm -f "$report"
    cargo nextest run --workspace --locked --profile ci 2>&1 | tee "$logs/nextest.txt"
    status=${PIPESTATUS[0]}
    if [ -f "$report" ]; then
        count_junit "$report"
        ignored=$(sed -n 's/.*Summary .* \([0-9][0-9]*\) skipped.*/\1/p' "$logs/nextest.txt" | tail -n 1)
        skipped=$((skipped + ${ignored:-0}))
    fi
    return "$status"
}

run_libtest() { # log, arguments of cargo test…
    local log=$logs/$1.txt status
    shift
    cargo test --quiet --locked --no-fail-fast "$@" -- --show-output 2>&1 | tee "$log" | grep -v '^$'
    status=${PIPESTATUS[0]}
    count_libtest "$log"
    return "$status"
}

# Run counted tests; a run that ends badly without naming a failed test did not compile, which is a failure too.
tests() { # title, command…
    local before=$failed
    title "$1"
    shift
    "$@" || [ "$failed" -gt "$before" ] || failed=$((failed + 1))
}

if cargo fmt --version >/dev/null 2>&1; then
    check "format" cargo fmt --all --check
else
    skip "rustfmt is not installed"
fi

if cargo clippy --version >/dev/null 2>&1; then
    # A newer clippy knows lints that the code was never held to: there they are advice.
    lints=(-D warnings)
    [ "$(cargo_version)" = "$RUST_TESTED" ] || lints=()
    check "lints" cargo clippy --workspace --all-targets --locked -- "${lints[@]}"
else
    skip "clippy is not installed"
fi

if cargo nextest --version >/dev/null 2>&1; then
    tests "tests" run_nextest
    tests "examples in the documentation" run_libtest doc --workspace --doc
else
    tests "tests" run_libtest all --workspace
fi

# The laboratory counts for itself, in its last line.
run_usb_lab() {
    local log=$logs/usb-lab.txt status good bad without
    # Card readers on the emulated bus stop answering now and then, which nobody has explained yet: a person runs
    # those tests, and looks.
    skip "card readers in the USB laboratory (tests/usb-lab/run card_reader)"
    tests/usb-lab/run --skip=card_reader 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r good bad without < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped.*/\1 \2 \3/p' "$log" | tail -n 1)
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-0}))
    skipped=$((skipped + ${without:-0}))
    return "$status"
}
tests "USB devices, in an emulated machine" run_usb_lab

scripts=(demo.sh test.sh scripts/*.sh benches/*.sh tests/usb-lab/run assets/icons/build.sh)
if command -v shellcheck >/dev/null; then
    check "shell scripts" shellcheck -x "${scripts[@]}"
else
    skip "shellcheck is not installed"
fi

if cargo deny --version >/dev/null 2>&1; then
    check "licences and origins of dependencies" cargo deny --locked check licenses bans sources
    # The list of advisories comes over the network, which a test must be able to do without.
    if cargo deny --locked fetch db >/dev/null 2>&1; then
        check "advisories on dependencies" cargo deny --locked --offline check advisories
    else
        skip "the list of security advisories cannot be fetched"
    fi
else
    skip "cargo-deny is not installed"
fi

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
