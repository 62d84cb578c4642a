#!/bin/bash
# idle.sh BINARIES: a daemon with nothing to do sleeps, and carries no Unicode data. For one that is linked statically, as
# it is shipped: libdispatch would wake it up every second, and ICU bring its data; see CDispatchMonitor and CNoUnicodeData.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PATH=$(realpath -e "$1"):$PATH
scratch=$(mktemp -d /tmp/timbred-idle.XXXXXX)
# shellcheck source=Tests/EndToEnd/checks.sh
source "$here/checks.sh"

mkdir -p "$scratch/home/Samples"
export HOME=$scratch/home TIMBRED_STATE_DIR=$scratch/state TIMBRED_SOCKET=$scratch/timbred.sock
unset TIMBRED_CONFIG XDG_CONFIG_HOME XDG_STATE_HOME NOTIFY_SOCKET LISTEN_FDS LISTEN_PID
"$here/make-sound" "$HOME/Samples/kick.wav" 220

wake_ups() { # of all threads since they began
    cat "/proc/$daemon/task/"*/status | awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'
}
sleeps() { # for three seconds, within twenty
    until_true 'before=$(wake_ups); read -rt 3 <>"$scratch/silence"; (($(wake_ups) == before))'
}

mkfifo "$scratch/silence"
timbred 2>"$scratch/log" &
daemon=$!
trap 'kill "$daemon" && wait "$daemon"; rm -rf "$scratch"' EXIT
check "what lies there is indexed" 'until_true "timbrectl sync 2>/dev/null" && [[ $(timbrectl list) == *kick.wav* ]]'
check "then the daemon sleeps" sleeps
check "and wakes up when it is asked" 'timbrectl status'
check "it carries no Unicode data" '(($(nm --print-size "$(command -v timbred)" | awk "/ icudt[0-9]+_dat$/ { print \"0x\" \$2 }") < 1000))'
if ((failed)); then tail -n 20 "$scratch/log"; fi
finish
