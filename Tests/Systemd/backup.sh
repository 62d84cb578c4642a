#!/bin/bash
# What timbred-administration(7) says of backup and restore, with the installed service in its sandbox: as its administrator, who
# loses the state directory, and as a person with a service of her own.
set -uo pipefail
scratch=$(mktemp -d /tmp/timbred-backup.XXXXXX)
chmod 755 "$scratch"
# shellcheck source=Tests/EndToEnd/checks.sh
source ./checks.sh

state=/var/lib/timbred
samples=$state/Samples
show() { systemctl show -P "$1" timbred; }
sound() { ./make-sound "$@"; }
as() { setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups --no-new-privs -- "${@:2}"; }
journal() { journalctl --no-pager --unit timbred --boot "$@"; }
decoded() { "$@" timbrectl status --json | grep -o '"decoded":[0-9]*'; }
# What people ask for: the list of all sounds with their states, a search, the model that is in use, the folders.
answers() { # [COMMAND...]: who asks, as a command in front
    "$@" timbrectl similar --sync --format paths -n 50 "$asked" 2>&1
    "$@" timbrectl list --jsonl | sort
    "$@" timbrectl model list | grep -o "in use.*sha256:[0-9a-f]*"
    "$@" timbrectl watch list
}
# An answer without a sound in it would be the same before and after.
finds() { grep -q '\.wav$' <<<"$1" && grep -q '"state":"indexed"' <<<"$1"; }
whose() { find "$state" -path "$samples" -prune -o -printf '%u:%g\n' | sort -u; }

systemd-sysusers
systemd-tmpfiles --create --prefix=$state
systemctl daemon-reload
useradd --create-home --shell /bin/sh alice
useradd --create-home --shell /bin/sh --groups timbred member
asked=$samples/110.wav
for hertz in 110 220 330 440 550 660; do sound "$samples/$hertz.wav" $hertz; done
tar -czf $samples/pack.tar.gz -C $samples 220.wav 330.wav
mkdir -m 755 "$scratch/loops"
sound "$scratch/loops/noise.wav" noise
chmod 644 "$scratch/loops/noise.wav"
mkdir -m 700 /root/backups
backup=/root/backups/timbred.tar

# While it runs, and hears something new.
check "it starts" 'systemctl start timbred.socket timbred.service'
check "a folder is added while it runs" 'timbrectl watch add "$scratch/loops" && timbrectl sync'
check "a model is trained" 'timbrectl retrain --seed 7 --wait'
before=$(answers)
check "there are answers to compare" 'finds "$before"'
check "root may write a backup where nobody else can look" \
    'for hertz in {1000..1020}; do sound "$scratch/loops/$hertz.wav" $hertz; done & timbrectl backup $backup; wait;
     [[ $(stat -c "%U %a" $backup) == "root 600" ]]'
check "so may the service's user" 'as timbred timbrectl backup $samples/../own.tar && rm $state/own.tar'
check "but no member of the group, neither this" 'exits 77 as member timbrectl backup /tmp/member.tar'
check "nor restore" 'cp $backup /tmp/theirs.tar && chmod 644 /tmp/theirs.tar && exits 77 as member timbrectl restore /tmp/theirs.tar'
rm -f "$scratch"/loops/1*.wav
check "what came meanwhile is gone again" 'timbrectl sync && diff <(echo "$before") <(answers)'

# All is lost but the sounds.
lose() {
    systemctl stop timbred.socket timbred.service
    find $state -mindepth 1 -maxdepth 1 ! -path $samples -exec rm -rf {} +
}
lose
check "a start without a library finds the sounds, but neither folder nor model" \
    'systemctl start timbred.socket timbred.service && timbrectl sync && [[ $(answers) != "$before" && $(answers) != *"$scratch/loops"* ]]'
pid=$(show MainPID)
check "restore answers when the library is back" '[[ $(timbrectl restore $backup) == *" are back, "*"$state/before-restore-"* ]]'
check "in the same process, which systemd takes for one that runs" \
    'until_true "[[ \$(show ActiveState) == active ]]" && [[ $(show MainPID) == "$pid" && $(show NRestarts) == 0 ]]'
check "the same answers" 'timbrectl sync && diff <(echo "$before") <(answers)'
check "nothing is decoded" '[[ $(decoded) == "\"decoded\":0" ]]'
check "all of it is the service's" '[[ $(whose) == timbred:timbred && $(stat -c %a $state) == 750 ]]'
check "verify holds" 'timbrectl verify'
check "so it is after a restart" \
    'systemctl restart timbred && timbrectl sync && diff <(echo "$before") <(answers) && [[ $(decoded) == "\"decoded\":0" ]]'
check "and after one that a question leads to" \
    'systemctl stop timbred.service && timbrectl status && diff <(echo "$before") <(answers) && [[ $(decoded) == "\"decoded\":0" ]]'
sound $samples/770.wav 770
check "only what is new is decoded" \
    'timbrectl restore $backup && timbrectl sync && [[ $(decoded) == "\"decoded\":1" && $(timbrectl list) == *770.wav* ]]'
rm $samples/770.wav
check "a pipe serves as well" \
    'timbrectl sync && cat $backup | timbrectl restore - && timbrectl sync && diff <(echo "$before") <(answers)'

# Back to the library that gave way, as the manual says.
timbrectl watch remove "$scratch/loops"
without=$(answers)
rm -rf $state/before-restore-*
check "another restore keeps what there was" 'timbrectl restore $backup && [[ -e $(echo $state/before-restore-*/library.sqlite) ]]'
check "which can take its place again" \
    'systemctl stop timbred.socket timbred.service && rm $state/library.sqlite* && mv $state/before-restore-*/* $state/ &&
     systemctl start timbred.socket timbred.service && timbrectl sync && diff <(echo "$without") <(answers)'

# A copy of the file that holds the library.
check "a copy of a library that nobody has open" \
    'systemctl stop timbred.socket timbred.service && cp $state/library.sqlite "$scratch/copy.sqlite"'
lose
check "takes its place, if it is the service's" \
    'install -o timbred -g timbred -m 600 "$scratch/copy.sqlite" $state/library.sqlite &&
     systemctl start timbred.socket timbred.service && timbrectl sync && diff <(echo "$without") <(answers) && [[ $(decoded) == "\"decoded\":0" ]]'
lose
cp "$scratch/copy.sqlite" $state/library.sqlite
chmod 600 $state/library.sqlite
check "one that is root's stops the start, and the journal says why" \
    '! systemctl start timbred.service && journal | grep -q "library.sqlite: .*Permission denied"'
systemctl stop timbred.socket timbred.service

# A person's own service.
uid=$(id -u alice)
install -d -o alice -g alice -m 700 "/run/user/$uid" /home/alice/Samples
for hertz in 200 300 400; do sound /home/alice/Samples/$hertz.wav $hertz; done
chown alice:alice /home/alice/Samples/*
systemd-run --quiet --unit=alice-manager --uid=alice --gid=alice --setenv=XDG_RUNTIME_DIR="/run/user/$uid" \
    --property=Type=notify --property=Delegate=yes --setenv=HOME=/home/alice /lib/systemd/systemd --user
hers() { as alice env XDG_RUNTIME_DIR="/run/user/$uid" HOME=/home/alice "$@"; }
asked=/home/alice/Samples/200.wav
check "her service starts" 'hers systemctl --user start timbred && hers timbrectl sync'
before=$(answers hers)
check "hers as well" 'finds "$before"'
check "she writes a backup into her home" 'hers timbrectl backup /home/alice/timbred.tar'
check "and loses her library" \
    'hers systemctl --user stop timbred && rm -r /home/alice/.local/state/timbred && hers systemctl --user start timbred'
check "she has it back" \
    'hers timbrectl restore /home/alice/timbred.tar && hers timbrectl sync && diff <(echo "$before") <(answers hers)'
check "and nothing of it is decoded" '[[ $(decoded hers) == "\"decoded\":0" ]]'
if ((failed)); then journal | tail -n 40; fi
finish
