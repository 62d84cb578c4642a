#!/bin/bash
# The life of the Debian package, checked from inside a booted system: installed, upgraded while its library is in use,
# removed, installed again, purged. Runs as root, with the package and this folder's helpers about it.
set -uo pipefail
scratch=$(mktemp -d /tmp/timbred-package.XXXXXX)
chmod 755 "$scratch"
# shellcheck source=Tests/EndToEnd/checks.sh
source ./checks.sh

package=$(realpath ./timbred_*.deb)
samples=/var/lib/timbred/Samples
export DEBIAN_FRONTEND=noninteractive
# What containers forbid, whose first process is no systemd.
rm -f /usr/sbin/policy-rc.d
install() { dpkg --install "$1" >"$scratch/dpkg.log" 2>&1; }
pid() { systemctl show -P MainPID timbred; }
listed() { timbrectl list --jsonl; }
answers() { timbrectl similar --format paths "$samples/low.wav"; }

# The same as if it were the version before, but for what says which it is.
dpkg-deb --raw-extract "$package" "$scratch/before"
sed -i 's/^Version: .*/Version: 0.0.1/' "$scratch/before/DEBIAN/control"
dpkg-deb -Znone --build "$scratch/before" "$scratch/before.deb" >/dev/null

check "it is installed" 'install "$scratch/before.deb" && [[ $(dpkg-query -W -f "\${Version}" timbred) == 0.0.1 ]]'
check "nothing runs that nobody has asked for" '! systemctl is-active --quiet timbred && ! systemctl is-enabled --quiet timbred'
check "its user, its group and its folder are there" \
    'id timbred && [[ $(stat -c "%U:%G %a" $samples) == "timbred:timbred 2770" ]]'
check "its manuals are there" 'man --where timbrectl timbred timbred.toml timbre-extract timbre-web'
check "the units are as systemd wants them" \
    'systemd-analyze --man=no verify /usr/lib/systemd/system/timbred.service 2>&1 | (! grep timbred)'

./make-sound $samples/low.wav 110
./make-sound $samples/high.wav 880
chown timbred:timbred $samples/*.wav
check "it starts when it is asked to" 'systemctl enable --now timbred && timeout 60 timbrectl sync && [[ $(answers) == *high.wav* ]]'
sed -i '1i settle = "100ms"' /etc/timbred/timbred.toml
check "and again with a changed configuration" 'systemctl restart timbred && timbrectl status'
before=$(listed) earlier=$(pid)

check "an upgrade restarts what runs" \
    'install "$package" && systemctl is-active --quiet timbred && [[ $(pid) != "$earlier" ]]'
check "and keeps the configuration" 'grep -q "100ms" /etc/timbred/timbred.toml'
check "and the library, without reading a sound again" '[[ $(listed) == "$before" ]] &&
    journalctl --no-pager --unit timbred -o json _PID="$(pid)" | (! grep -q "\"TIMBRED_EVENT\":\"indexed\"")'
check "what comes afterwards is found" \
    './make-sound $samples/new.wav 200 && chown timbred:timbred $samples/new.wav && timbrectl sync && [[ $(answers) == *new.wav* ]]'
systemctl stop timbred
check "an upgrade starts nothing that was stopped" 'install "$package" && ! systemctl is-active --quiet timbred'
systemctl start timbred
before=$(listed)

check "removing it ends it, and keeps configuration, library and sounds" 'dpkg --remove timbred &&
    ! systemctl is-active --quiet timbred && ! pgrep -x timbred && [[ ! -e /usr/bin/timbred ]] &&
    [[ -e /etc/timbred/timbred.toml && -e /var/lib/timbred/library.sqlite && -e $samples/new.wav ]]'
check "installed again, it goes on where it ended" \
    'install "$package" && systemctl enable --now timbred && [[ $(listed) == "$before" ]]'
check "purging it forgets all that it made, and leaves the sounds" 'dpkg --purge timbred &&
    [[ ! -e /etc/timbred && ! -e /var/lib/timbred/library.sqlite && -e $samples/low.wav ]]'
check "nothing of it is left running or waiting" \
    '! systemctl cat timbred.service && ! systemctl is-active --quiet timbred.socket && [[ ! -e /run/timbred ]]'
finish
