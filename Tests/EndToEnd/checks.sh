# shellcheck shell=bash disable=SC2154
# Sourced by test scripts: counts checks, and waits for what takes its time.
passed=0
failed=0

check() { # NAME CONDITION
    local status=0
    eval "$2" >"$scratch/check" 2>&1 </dev/null || status=$?
    if ((status == 0)); then
        echo "ok   - $1"
        ((passed += 1))
    else
        echo "FAIL - $1   [$2] ended with $status:"
        tail -n 12 "$scratch/check" | sed 's/^/         /'
        ((failed += 1))
    fi
}

until_true() { # CONDITION, for 20 s at most
    local deadline=$((SECONDS + 20))
    until eval "$1"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

exits() { # STATUS COMMAND...
    local expected=$1 status=0
    shift
    "$@" || status=$?
    if ((status != expected)); then
        echo "exit status $status instead of $expected"
        return 1
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}
