#!/bin/bash
# prometheus_check.sh BINARIES: `timbrectl status --format prometheus` through `promtool check metrics`, which knows the
# conventions for names, units and help; with a daemon that has a library, one that is paused, and none.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$(realpath -e "$1"):$PATH
scratch=$(mktemp -d /tmp/timbred-prometheus.XXXXXX)
daemon=''
end_daemon() {
    [[ -n $daemon ]] || return 0
    kill "$daemon" 2>/dev/null
    wait "$daemon"
}
trap 'end_daemon; rm -rf "$scratch"' EXIT
# shellcheck source=Tests/EndToEnd/checks.sh
source "$here/../EndToEnd/checks.sh"
mkdir -p "$scratch/home" "$scratch/a \"b\\c"$'\n'd
export HOME=$scratch/home TIMBRED_STATE_DIR=$scratch/state TIMBRED_SOCKET=$scratch/timbred.sock
unset TIMBRED_CONFIG XDG_CONFIG_HOME XDG_STATE_HOME NOTIFY_SOCKET LISTEN_FDS LISTEN_PID

conventional() { # promtool complains on standard error, and then exits 3
    timbrectl status --format prometheus >"$scratch/metrics"
    promtool check metrics <"$scratch/metrics" 2>&1 | tee "$scratch/complaints" && [[ ! -s $scratch/complaints ]]
}

check "promtool is there" 'promtool --version'
check "without a daemon" 'conventional && [[ $(cat "$scratch/metrics") == *"timbred_up 0" ]]'
"$here/../EndToEnd/make-sound" "$scratch/a \"b\\c"$'\n'd/low.wav 110
timbred 2>"$scratch/log" &
daemon=$!
check "the daemon starts" 'until_true "timbrectl status >/dev/null 2>&1"'
check "without a library" 'conventional && grep -q "^timbred_up 1" "$scratch/metrics"'
timbrectl watch add "$scratch/a \"b\\c"$'\n'd >/dev/null
timbrectl sync
check "with a folder whose name has a quote, a backslash and a newline" \
    'conventional && grep -qF "timbred_files{state=\"indexed\"} 1" "$scratch/metrics"'
timbrectl pause
check "paused" 'conventional && grep -qF "timbred_state{state=\"paused\"} 1" "$scratch/metrics"'
finish
