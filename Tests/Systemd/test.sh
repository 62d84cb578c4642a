#!/bin/bash
# What systemd does with the installed timbred, checked from inside; runs as root, with this folder's files about it.
set -uo pipefail
scratch=$(mktemp -d /tmp/timbred-systemd.XXXXXX)
chmod 755 "$scratch"
# shellcheck source=Tests/EndToEnd/checks.sh
source ./checks.sh

show() { systemctl show -P "$1" timbred; }
active() { systemctl is-active --quiet "$1"; }
pid() { show MainPID; }
sound() { ./make-sound "$@"; }
as() { setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups --no-new-privs -- "${@:2}"; }
journal() { journalctl --no-pager --unit timbred --boot "$@"; }
similar() { timbrectl similar --format paths "$@"; }
inside() { nsenter --target "$(pid)" --mount --net -- "$@"; }

# The units as they are.
for scope in system user; do
    for unit in timbred.service timbred.socket; do
        file=/usr/local/lib/systemd/$scope/$unit
        check "verify: $scope/$unit" \
            "XDG_RUNTIME_DIR=$scratch systemd-analyze --man=no --$scope verify $file 2>&1 | (! grep .)"
    done
done
check "exposure of the system unit is below 1.0" \
    'systemd-analyze security --offline=yes --threshold=10 /usr/local/lib/systemd/system/timbred.service'
check "exposure of the user unit is below 1.5" \
    'systemd-analyze security --offline=yes --threshold=15 /usr/local/lib/systemd/user/timbred.service'
check "users and folders are made" 'systemd-sysusers && systemd-tmpfiles --create --prefix=/var/lib/timbred'
check "the catalog is taken" 'journalctl --update-catalog'
systemctl daemon-reload
useradd --create-home --shell /bin/sh alice
useradd --create-home --shell /bin/sh mallory
useradd --create-home --shell /bin/sh --groups timbred member

# Life.
samples=/var/lib/timbred/Samples
sound $samples/low.wav 110
sound $samples/high.wav 880
check "start waits until the daemon answers" 'systemctl start timbred && timbrectl status'
check "it runs as timbred" '[[ $(stat -c %U "/proc/$(pid)") == timbred ]]'
check "STATUS= is one line of text" '[[ -n $(show StatusText) ]]'
check "systemd feeds on its watchdog" '[[ $(show WatchdogUSec) == 30s ]] && (($(show WatchdogTimestampMonotonic) > 0))'
check "the state directory is nobody else's" '[[ $(stat -c "%U:%G %a" /var/lib/timbred) == "timbred:timbred 750" ]]'
check "the socket is the group's" '[[ $(stat -c "%G %a" /run/timbred/timbred.sock) == "timbred 660" ]]'
check "what lay there is found" 'timeout 60 timbrectl sync && [[ $(similar $samples/low.wav) == *high.wav* ]]'
check "what is dropped is found at once" \
    'sound $samples/new.wav 200 && [[ $(similar --sync $samples/low.wav) == *new.wav* ]]'

# The units of timbred-administration(7), as they stand there.
example() { # LINE: the manual's example with this line
    awk -v line="$1" '/^\.EX/ { text = ""; found = 0; inside = 1; next } /^\.EE/ { if (found) printf "%s", text; inside = 0 }
        inside { text = text $0 "\n"; if ($0 == line) found = 1 }' /usr/local/share/man/man7/timbred-administration.7 |
        sed 's/\\-/-/g'
}
metrics=/var/lib/prometheus/node-exporter
mkdir -p $metrics
example "Description=Metrics of timbred" >/etc/systemd/system/timbred-metrics.service
example "OnUnitActiveSec=1min" >/etc/systemd/system/timbred-metrics.timer
check "the manual's units are right" \
    'systemd-analyze --man=no verify /etc/systemd/system/timbred-metrics.{service,timer} 2>&1 | (! grep .)'
check "and leave metrics for the node exporter" \
    'systemctl daemon-reload && systemctl start timbred-metrics.timer timbred-metrics.service && grep -qx "timbred_up 1" $metrics/timbred.prom'
check "monitoring is told that all is well" 'timbrectl status --check'

first=$(pid)
sed -i '1i settle = "100ms"' /etc/timbred/timbred.toml
check "reload keeps the process" 'systemctl reload timbred && [[ $(pid) == "$first" ]]'
check "and the journal tells of it" \
    'journal -o json | grep -qF "\"TIMBRED_EVENT\":\"reloaded\""'
cp /etc/timbred/timbred.toml "$scratch/good.toml"
printf 'settle = "fast"\n' >/etc/timbred/timbred.toml
check "a reload with a mistake fails, and the daemon stays" '! systemctl reload timbred && [[ $(pid) == "$first" ]]'
check "the journal names the line" 'journal | grep -q "timbred.toml:1: settle"'
cp "$scratch/good.toml" /etc/timbred/timbred.toml
check "restart" 'systemctl restart timbred && [[ $(pid) != "$first" ]] && [[ $(similar $samples/low.wav) == *new.wav* ]]'

check "kill -9 leads to a restart" \
    'kill -9 "$(pid)"; until_true "[[ \$(show NRestarts) == 1 ]] && active timbred" && timbrectl status'
check "and nothing is lost" '[[ $(similar $samples/low.wav) == *new.wav* ]]'
drop() { # KIND NAME LINE...
    mkdir -p "/etc/systemd/system/timbred.$1.d"
    printf '%s\n' "${@:3}" >"/etc/systemd/system/timbred.$1.d/$2.conf"
}
drop service watchdog '[Service]' WatchdogSec=2
systemctl daemon-reload
systemctl restart timbred
check "a daemon that hangs is replaced" \
    'kill -STOP "$(pid)"; until_true "journal | grep -q \"Watchdog timeout\" && active timbred" && timbrectl status'
rm /etc/systemd/system/timbred.service.d/watchdog.conf
systemctl daemon-reload
check "stop is clean" 'systemctl stop timbred && [[ $(show Result) == success ]] && ! active timbred'

check "a mistake in the configuration stops the start, and is not tried again" \
    'printf "workers = -1\n" >/etc/timbred/timbred.toml; ! systemctl start timbred && [[ $(show ExecMainStatus) == 78 ]] && ! active timbred'
cp "$scratch/good.toml" /etc/timbred/timbred.toml
systemctl reset-failed timbred

# Socket activation.
check "the socket is there before the service" \
    'systemctl start timbred.socket && [[ -S /run/timbred/timbred.sock ]] && ! active timbred.service'
check "a question starts the service" '[[ $(similar $samples/low.wav) == *high.wav* ]] && until_true "active timbred.service"'
check "the service's end leaves the socket" 'systemctl stop timbred.service; [[ -S /run/timbred/timbred.sock ]]'
check "and the next question starts it again" 'timbrectl status && active timbred.service'
check "a restart refuses no question" \
    'systemctl restart timbred & for i in {1..20}; do timbrectl status >/dev/null || exit_status=1; done; wait; ((${exit_status:-0} == 0))'
check "the socket of its own after the socket unit's end" \
    'systemctl stop timbred.socket timbred.service; systemctl start timbred.service && timbrectl status'

# Who may ask.
check "members of the group may ask" 'as member timbrectl status'
check "but not change" 'exits 77 as member timbrectl retry'
check "others may not ask" '! as mallory timbrectl status'

# The sandbox, from inside.
check "nothing outside of the state directory can be written" \
    '! inside touch /usr/x && ! inside touch /etc/x && ! inside touch /home/x && ! inside touch /tmp/x && inside touch /var/lib/timbred/x'
check "there is no network" \
    '[[ $(readlink "/proc/$(pid)/ns/net") == net:* && $(readlink "/proc/$(pid)/ns/net") != $(readlink /proc/self/ns/net) ]]'
check "there are no capabilities" 'grep -qE "^CapBnd:.0{16}$" "/proc/$(pid)/status"'
check "there are no new privileges" 'grep -qE "^NoNewPrivs:.1" "/proc/$(pid)/status"'
check "system calls are filtered" 'grep -qE "^Seccomp:.2" "/proc/$(pid)/status"'
check "a folder under /tmp can be watched" \
    'mkdir -m 755 "$scratch/loops" && sound "$scratch/loops/loop.wav" 250 && chmod 644 "$scratch"/loops/* && timbrectl watch add "$scratch/loops" && [[ $(similar --sync $samples/low.wav) == *loop.wav* ]]'

# The journal.
printf 'RIFF no more' >$samples/broken.wav
timbrectl sync
check "a broken file is in the journal, with its path" \
    'until_true "journal -o json | grep -F file-failed | grep -q broken.wav"'
check "entries have levels" 'journal -p warning | grep -q broken.wav'
check "the catalog explains it" 'journal -x | grep -q "timbrectl retry FILE"'
check "the identifier is timbred" 'journal -o json | grep -qF "\"SYSLOG_IDENTIFIER\":\"timbred\""'

# As the person whose sounds they are.
systemctl stop timbred.socket timbred.service
drop service watch-user '[Service]' User=alice
drop socket watch-user '[Socket]' SocketUser=alice
cp /usr/local/share/timbred/timbred.toml /etc/timbred/timbred.toml
install -d -o alice -g alice -m 700 /home/alice/Samples
sound /home/alice/Samples/hers.wav 300
sound /home/alice/Samples/hers-too.wav 310
chown alice:alice /home/alice/Samples/*
systemctl daemon-reload
check "it starts as alice" 'systemctl start timbred && [[ $(stat -c %U "/proc/$(pid)") == alice ]]'
check "the state directory is hers now" '[[ $(stat -c %U /var/lib/timbred) == alice ]]'
check "and what she has is found" \
    'as alice timbrectl sync && [[ $(as alice timbrectl similar --format paths /home/alice/Samples/hers.wav) == *hers-too.wav* ]]'
check "she may change things" 'as alice timbrectl watch add /home/alice/Samples || as alice timbrectl pause'
check "a restart keeps it" 'systemctl restart timbred && as alice timbrectl list | grep -q hers.wav'
check "socket activation is hers too" \
    'systemctl stop timbred && systemctl start timbred.socket && as alice timbrectl status && [[ $(stat -c "%U %G %a" /run/timbred/timbred.sock) == "alice timbred 660" ]]'
systemctl stop timbred.socket timbred.service

# As a user service: a manager of alice's own, with a sandbox that holds.
uid=$(id -u alice)
install -d -o alice -g alice -m 700 "/run/user/$uid"
systemd-run --quiet --unit=alice-manager --uid=alice --gid=alice --setenv=XDG_RUNTIME_DIR="/run/user/$uid" \
    --property=Type=notify --property=Delegate=yes --setenv=HOME=/home/alice /lib/systemd/systemd --user
hers() { as alice env XDG_RUNTIME_DIR="/run/user/$uid" HOME=/home/alice "$@"; }
user_pid() { hers systemctl --user show -P MainPID timbred; }
check "the user service starts" 'hers systemctl --user start timbred && hers timbrectl status'
check "it finds her samples" \
    'hers timbrectl sync && [[ $(hers timbrectl similar --format paths /home/alice/Samples/hers.wav) == *hers-too.wav ]]'
check "its state is below her home" '[[ -n $(ls /home/alice/.local/state/timbred) ]]'
inside_hers() { as alice nsenter --target "$(user_pid)" --user --mount --preserve-credentials -- "$@"; }
check "its sandbox holds: nothing outside of the state directory can be written" \
    'inside_hers touch /home/alice/.local/state/timbred/x && ! inside_hers touch /home/alice/x && ! inside_hers touch /tmp/x'
check "its sandbox holds: there is no network" \
    '[[ $(readlink "/proc/$(user_pid)/ns/net") == net:* && $(readlink "/proc/$(user_pid)/ns/net") != $(readlink /proc/self/ns/net) ]]'
check "her reload keeps the process" 'before=$(user_pid); hers systemctl --user reload timbred && [[ $(user_pid) == "$before" ]]'
check "her socket is hers alone" '[[ $(stat -c "%U %a" /run/user/$uid/timbred/timbred.sock) == "alice 600" ]]'
check "it stops" 'hers systemctl --user stop timbred && [[ $(user_pid) == 0 ]]'
check "her socket unit starts it" 'hers systemctl --user start timbred.socket && hers timbrectl status'

finish
