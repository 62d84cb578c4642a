#!/bin/bash
# What systemd does with the installed timbre-cluster and four PostgreSQL servers, checked from inside; runs as root, with this
# folder's files about it.
set -uo pipefail
scratch=$(mktemp -d /tmp/timbred-cluster.XXXXXX)
chmod 755 "$scratch"
# shellcheck source=Tests/EndToEnd/checks.sh
source ./checks.sh

show() { systemctl show -P "$1" timbre-cluster; }
journal() { journalctl --no-pager --unit timbre-cluster --boot "$@"; }
everywhere() { timbrectl "$1" --everywhere "${@:2}"; }
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@"); }
bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
server() { as_postgres "$bin/pg_ctl" -w -D "$scratch/$1/data" -l "$scratch/$1/log" "${@:2}" >/dev/null; }
start() { server "$1" -o "-c listen_addresses=127.0.0.1 -c port=$((5500 + $1)) -c unix_socket_directories=$scratch/$1 -c fsync=off" start; }
soon() {
    for _ in {1..300}; do
        "$@" && return
        sleep 0.1
    done
    return 1
}

unit=/usr/local/lib/systemd/system/timbre-cluster.service
check "verify: the unit" "systemd-analyze --man=no verify $unit 2>&1 | (! grep .)"
check "exposure of the unit is below 1.5" "systemd-analyze security --offline=yes --threshold=15 $unit"
systemd-sysusers
systemd-tmpfiles --create --prefix=/var/lib/timbred
systemctl daemon-reload

shards=()
for number in 1 2 3 4; do
    install -d -o postgres -g postgres "$scratch/$number"
    as_postgres "$bin/initdb" --no-sync -A trust -U admin -D "$scratch/$number/data" >/dev/null
    start "$number"
    as_postgres "$bin/createdb" -h "$scratch/$number" -p $((5500 + number)) -U admin sounds
    shards+=("\"host=127.0.0.1 port=$((5500 + number)) dbname=sounds user=USER\"")
done
list=$(IFS=,; echo "${shards[*]}")
printf '[cluster]\nshards = [%s]\n' "${list//USER/admin}" >"$scratch/admin.toml"
check "init sets four shards up" "timbre-cluster init --config $scratch/admin.toml --host here=here"
printf 'watch = ["/var/lib/timbred/Samples"]\n[cluster]\nshards = [%s]\n' "${list//USER/here}" >/etc/timbred/timbred.toml

for pitch in 110 220 330 440 550 660 770 880; do ./make-sound "/var/lib/timbred/Samples/$pitch.wav" $pitch; done
server 4 stop -m fast
systemctl start timbred timbre-cluster
check "it starts with a server away" 'systemctl is-active --quiet timbre-cluster'
is_listed() { [[ $(everywhere list -0 2>/dev/null | tr '\0' '\n' | grep -c .) == "$1" ]]; }
is_current() { [[ $(everywhere status 2>/dev/null | grep -c 'has all of this machine') == "$1" ]]; }
timbrectl sync
check "the other three get what is theirs" 'soon is_current 3'
check "and systemd says what is missing" 'soon grep -q "nothing is published to 4" <(show StatusText)'
check "the journal says so once" '(($(journal | grep -c "nothing is published") == 1))'
check "a question says what is missing" 'everywhere random 2>&1 | grep -q "not everything was asked: shard 4"'
start 4
check "the fourth gets the rest when it is back" 'soon is_current 4 && soon is_listed 8'
check "sounds are found everywhere" \
    '[[ $(everywhere similar --format paths /var/lib/timbred/Samples/440.wav | grep -c "^here:/") == 7 ]]'
check "timbred has no network, and its unit none" \
    '[[ $(systemctl show -P PrivateNetwork timbred) == yes && $(systemctl show -P RestrictAddressFamilies timbred) == AF_UNIX ]]'

systemctl kill --signal=KILL timbre-cluster
check "it is started again after a kill" 'soon systemctl is-active --quiet timbre-cluster && soon is_listed 8'
rm /var/lib/timbred/Samples/110.wav
./make-sound /var/lib/timbred/Samples/990.wav 990
systemctl restart timbre-cluster
systemctl restart timbred
timbrectl sync
check "and follows after restarts of both" 'soon eval "everywhere list -0 | grep -qz 990.wav && ! everywhere list -0 | grep -qz 110.wav"'
check "it stops at once" 'timeout 5 systemctl stop timbre-cluster && [[ $(show Result) == success ]]'
check "its socket goes with it" '[[ ! -e /run/timbre-cluster/cluster.sock ]]'
printf '[cluster]\nshards = ["colour=red"]\n' >/etc/timbred/timbred.toml
systemctl start timbre-cluster 2>/dev/null
check "a mistake in the configuration is not tried again" \
    '[[ $(show ExecMainStatus) == 78 ]] && journal | grep -q "cluster.shards: shard 1: invalid connection option"'
for number in 1 2 3 4; do server $number stop -m immediate; done
finish
