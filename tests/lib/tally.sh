# tally.sh - runs parts of the tests, and adds up what passed and what failed.
# Sourced after scripts/common.sh, by bash.
#
# SPDX-License-Identifier: MIT

tally_passed=0 tally_failed=0

# tally LOG TITLE COMMAND... - run a part, its output in LOG; then show its figures, and
# what it said when something failed: all at once, for others may run beside it.
tally() {
    local log=$1 title=$2 start=$SECONDS status=0 passed failed
    shift 2
    "$@" > "$log" 2>&1 < /dev/null || status=$?
    read -r passed failed < <(tally_count "$log")
    # A part that counts nothing is one test; one that broke off has failed.
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    elif [ "$status" -eq 0 ] && [ "$((passed + failed))" -eq 0 ]; then
        passed=1
    fi
    {
        flock 8
        printf '%-32s%5d passed, %d failed, %d s\n' "$title" "$passed" "$failed" $((SECONDS - start))
        if [ "$failed" -gt 0 ]; then
            # Not by head: awk would die of a closed pipe, and the run with it.
            tally_failures "$log" | sed -n 1,200p
            tail -n 20 "$log"
            echo "(all of it: $log)"
        fi
    } 8> "${log%/*}/tally.lock"
    tally_passed=$((tally_passed + passed))
    tally_failed=$((tally_failed + failed))
}

# tally_failures LOG - what failed and why: cmocka's lines, those of sanitizers, and of Node's
# the innermost tests with the block below each, not the suites around them.
tally_failures() {
    awk '
        /^\[  FAILED  \]|^\[   LINE   \]|runtime error:|ERROR: [A-Za-z]*Sanitizer/ { print }
        is_block && /^ *(not )?ok / { if (!is_suite) print block; is_block = 0 }
        /^ *not ok / { block = $0; is_block = 1; is_suite = 0; next }
        is_block && /^ *(type: .suite.|failureType: .subtestsFailed.)/ { is_suite = 1 }
        is_block { block = block "\n" $0 }
        is_block && /^ *\.\.\.$/ { if (!is_suite) print block; is_block = 0 }
        END { if (is_block && !is_suite) print block }' "$1"
}

# tally_count LOG - what passed and failed, by the closing lines of cmocka, of
# Node's test runner and of our own.
tally_count() {
    awk '
        /^\[  PASSED  \] [0-9]+ test/        { passed += $4 }
        /^\[  FAILED  \] [0-9]+ test/        { failed += $4 }
        /^# pass [0-9]+$/                    { passed += $3 }
        /^# (fail|cancelled) [0-9]+$/        { failed += $3 }
        /(^|[ :])[0-9]+ passed, [0-9]+ failed/ {
            match($0, /[0-9]+ passed, [0-9]+ failed/)
            split(substr($0, RSTART, RLENGTH), word, " ")
            passed += word[1]
            failed += word[3]
        }
        END { print passed + 0, failed + 0 }' "$1"
}

# tally_end - the last line, and the exit status.
tally_end() {
    echo "$tally_passed passed, $tally_failed failed"
    [ "$tally_failed" -eq 0 ]
}
