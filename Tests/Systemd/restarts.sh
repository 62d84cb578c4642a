#!/bin/bash
# Restarts the installed service 30 times while 2,000 files are copied into its folder and a client asks every 5 ms: no
# question may fail, no file be missed, none be decoded twice, and no folder be looked through again.
set -uo pipefail
scratch=$(mktemp -d /tmp/timbred-restarts.XXXXXX)
chmod 755 "$scratch"
# shellcheck source=Tests/EndToEnd/checks.sh
source ./checks.sh

samples=/var/lib/timbred/Samples
journal() { journalctl --no-pager --unit timbred --boot "$@"; }
systemd-sysusers
systemd-tmpfiles --create --prefix=/var/lib/timbred
./make-sound $samples/low.wav 110
./make-sound $samples/high.wav 880
# Sounds that differ in their last samples.
mkdir "$scratch/new"
perl -e '
    local $/;
    open my $in, "<:raw", $ARGV[0] or die;
    my $sound = <$in>;
    for my $number (1 .. 2000) {
        substr($sound, -2000 + 2 * ($number % 900), 4) = pack("V", $number * 77777);
        open my $out, ">:raw", sprintf("%s/%d-%04d.wav", $ARGV[1], $number % 20, $number) or die;
        print {$out} $sound;
    }' $samples/low.wav "$scratch/new"
systemctl start timbred.socket timbred.service
timbrectl sync

decoded() { # since the boot
    local ended
    ended=$(journal -o json | grep -oE '"TIMBRED_DECODED":"[0-9]+' | grep -oE '[0-9]+$' | awk '{ sum += $1 } END { print sum }')
    echo $((${ended:-0} + $(timbrectl status --json | grep -oE '"decoded":[0-9]+' | grep -oE '[0-9]+$')))
}
before=$(decoded)
mkfifo "$scratch/end"
./ask-often /run/timbred/timbred.sock $samples/low.wav 300 <"$scratch/end" >"$scratch/asked" &
client=$!
exec {end}>"$scratch/end"
{
    for file in "$scratch"/new/*; do
        folder=$samples/$(basename "${file%%-*}")
        [[ -d $folder ]] || mkdir "$folder"
        cp "$file" "$folder/"
    done
    touch "$scratch/copied"
} &
copier=$!
for _ in {1..30}; do systemctl restart timbred || touch "$scratch/failed"; done
check "30 restarts" '[[ ! -e $scratch/failed ]]'
wait $copier
restarts_left=10
while ((restarts_left-- > 0)); do systemctl restart timbred; done
exec {end}>&-
wait $client
asked=$?
echo "       $(cat "$scratch/asked")"
check "no question failed" '((asked == 0))'
check "all are found" 'timeout 120 timbrectl sync && (($(timbrectl list --jsonl | grep -c "\"state\":\"indexed\"") == 2002))'
after=$(decoded)
echo "       $((after - before)) decoded, $(journal | grep -c 'stopped$') stops"
check "none was decoded twice" '((after - before == 2000))'
check "none was left half-way" '! journal | grep -q "have to be once more"'
check "the watches were kept each time" \
    '(($(journal -o json | grep -c "\"TIMBRED_WATCHES\":\"kept\"") == 40))'
check "verify holds" 'timbrectl verify'
if ((failed)); then journal | tail -n 40; fi
finish
