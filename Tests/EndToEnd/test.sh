#!/bin/bash
# test.sh BINARIES: the real programs, from outside: a private daemon, its CLI, and what the shell sees of them.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=$(realpath -e "$1")
PATH=$bin:$PATH
scratch=$(mktemp -d /tmp/timbred-e2e.XXXXXX)
daemon=''
end_daemon() {
    [[ -n $daemon ]] || return 0
    kill "$daemon" 2>/dev/null
    wait "$daemon"
}
trap 'end_daemon; rm -rf "$scratch"' EXIT
# shellcheck source=Tests/EndToEnd/checks.sh
source "$here/checks.sh"

samples=$scratch/home/Samples
mkdir -p "$samples/strings"
export HOME=$scratch/home TIMBRED_STATE_DIR=$scratch/state TIMBRED_SOCKET=$scratch/timbred.sock
unset TIMBRED_CONFIG XDG_CONFIG_HOME XDG_STATE_HOME NOTIFY_SOCKET LISTEN_FDS LISTEN_PID
odd=$samples/odd$'\n'name.wav
sound() { "$here/make-sound" "$@"; }
listed() { timbrectl list -0 | tr '\0\n' '|_'; }
similar() { timbrectl similar --format paths "$@"; }
distance() { timbrectl "$@" --json | grep -oE '("results":\[|"timbre":)\{"distance":[^,]+' | sed 's/.*://'; }
shares() { # of an explanation's ten groups of descriptors: what they add up to
    timbrectl explain "$@" --json | grep -o '"groups":\[[^]]*' | grep -o '"share":[^,}]*' |
        awk -F: '{ sum += $2 } END { printf "%d %.6f", NR, sum }'
}
is_json() { # an object on one line, or on several
    local answer
    answer=$(timbrectl "$@" --json) && [[ $answer == "{"*"}" ]]
}
start_daemon() {
    timbred "$@" 2>>"$scratch/log" &
    daemon=$!
    until_true 'timbrectl status >/dev/null 2>&1 || ! kill -0 "$daemon" 2>/dev/null'
    timbrectl status >/dev/null
}

sound "$samples/strings/low.wav" 110
sound "$samples/strings/high.wav" 880
sound "$odd" 330
printf 'RIFF no more' >"$samples/broken.wav"

# Before there is a daemon.
check "status exits 3 when no daemon answers" 'exits 3 timbrectl status'
check "other verbs exit 69" 'exits 69 timbrectl list'
check "a wrong option exits 64" 'exits 64 timbrectl similar --no-such-option'
check "so it does for timbred" 'exits 64 timbred --no-such-option'
check "--version is one line" '[[ $(timbred --version | wc -l) == 1 && $(timbrectl --version | wc -l) == 1 ]]'
printf '\nsettle = "fast"\n' >"$scratch/bad.toml"
check "a mistake in the configuration ends --check-config" '! timbred --config "$scratch/bad.toml" --check-config'
check "and is one line that names the line" \
    '[[ $(timbred --config "$scratch/bad.toml" --check-config 2>&1) == *"bad.toml:2: settle: \"fast\" is not a duration"* ]]'
check "a mistake in the configuration ends the start, with 78" 'exits 78 timbred --config "$scratch/bad.toml"'
printf 'watch = ["%s/none"]\nsettle = "fast"\nworkers = 999\n' "$scratch" >"$scratch/worse.toml"
check "--check-config tells all mistakes, each with its line" \
    '[[ $(timbred --config "$scratch/worse.toml" --check-config 2>&1) == *"worse.toml:2: settle:"*"worse.toml:3: workers:"*"warning: "*"worse.toml:1: watch: "*" does not exist"* ]] &&
     exits 78 timbred --config "$scratch/worse.toml" --check-config'
printf 'watch = ["%s/none"]\n' "$scratch" >"$scratch/away.toml"
check "a folder that is not there is no mistake" \
    '[[ $(timbred --config "$scratch/away.toml" --check-config 2>&1) == *"warning: "*"no mistake found; warnings: 1"* ]]'
check "--check is critical when no daemon answers" \
    'exits 2 timbrectl status --check && [[ $(timbrectl status --check) == "TIMBRED CRITICAL - "* ]]'
check "and the metrics say that it is down" \
    'exits 3 timbrectl status --format prometheus && [[ $(timbrectl status --format prometheus 2>/dev/null) == *"timbred_up 0" ]]'
check "a configuration that is named must exist" '! timbred --config "$scratch/none.toml" --check-config'
check "the shipped configuration is right" 'timbred --config "$here/../../Config/timbred.toml" --check-config'
check "without a configuration there is none to be wrong" 'timbred --check-config'
check "timbre-extract prints the features of a file" 'timbre-extract "$samples/strings/low.wav" --json | grep -q "^{"'
check "timbre-extract writes the samples of a WAV file as they are" \
    'timbre-extract --wav "$samples/strings/low.wav" | cmp - "$samples/strings/low.wav"'
check "timbre-extract writes no samples of what is no audio" \
    'exits 65 timbre-extract --wav "$samples/broken.wav" && [[ -z $(timbre-extract --wav "$samples/broken.wav" 2>/dev/null) ]]'
check "timbre-extract writes samples or JSON" 'exits 64 timbre-extract --wav --json "$samples/strings/low.wav"'
check "timbre-extract exits 65 for what is no audio" 'exits 65 timbre-extract "$samples/broken.wav"'
check "timbre-extract exits 66 for what is not there" 'exits 66 timbre-extract "$samples/none.wav"'

# A library.
check "the daemon starts" 'start_daemon'
check "a second daemon names the first" '[[ $(timbred --socket "$scratch/other.sock" 2>&1) == *"process $daemon"* ]]'
check "sync returns" 'timeout 60 timbrectl sync'
check "what is known is found" '[[ $(listed) == *low.wav* ]]'
check "names keep their newline" '[[ $(listed) == *"/odd_name.wav|"* ]]'
check "similar finds the other" '[[ $(similar "$samples/strings/low.wav") == *high.wav* ]]'
check "the query itself is left out" '[[ $(similar "$samples/strings/low.wav") != *low.wav* ]]'
check "--self keeps it, and it is the first" \
    '[[ $(similar --self "$samples/strings/low.wav" | head -n 1) == *low.wav ]]'
check "two askings have one answer" \
    '[[ $(timbrectl similar --json "$samples/strings/low.wav") == "$(timbrectl similar --json "$samples/strings/low.wav")" ]]'
check "a file outside of the library can be asked for" \
    'sound "$scratch/outside.wav" 120 && [[ $(similar "$scratch/outside.wav") == *low.wav* ]]'
check "and standard input" '[[ $(similar - <"$scratch/outside.wav") == *low.wav* ]]'
check "a higher sound is found, and told by its note" \
    '[[ $(timbrectl similar "$samples/strings/low.wav" --higher) == *" differs "*high.wav ]]'
check "what is beyond it in no way is left out" 'exits 1 timbrectl similar "$samples/strings/low.wav" --higher=119'
check "amounts are not taken for files" \
    '[[ $(similar --higher "$samples/strings/low.wav") == *high.wav && $(similar --higher 1 "$samples/strings/low.wav") == *high.wav ]]'
check "a contradiction exits 64" 'exits 64 timbrectl similar "$samples/strings/low.wav" --darker --brighter'
check "info tells the pitch" '[[ $(timbrectl info "$samples/strings/low.wav") == *pitch*Hz* ]]'
check "list tells figures" '[[ $(timbrectl list --jsonl) == *"\"figures\":{"*brightness* ]]'
near() { timbrectl similar --json "$@" | grep -c '"near":true'; }
check "what sounds alike is near" '(($(near "$scratch/outside.wav") == 1))'
check "and noise is near to none of them, and says so" \
    'sound "$scratch/noise.wav" noise && (($(near "$scratch/noise.wav") == 0)) &&
     [[ $(timbrectl similar "$scratch/noise.wav" 2>&1) == *"nothing near"* ]]'
check "a search that finds nothing names the filter that leaves nothing, and how many there were" \
    'exits 1 timbrectl similar "$samples/strings/low.wav" --glob "*HIGH*" &&
     [[ $(timbrectl similar "$samples/strings/low.wav" --glob "*HIGH*" 2>&1) == *"no file matches '"'*HIGH*'"': case matters, or 1 would; 0 of 2 other files" ]] &&
     [[ $(timbrectl random --channels 7 2>&1) == *"no file has 7 channels; 0 of 3" ]]'
check "a pattern that matches whole paths alone is told how" \
    '[[ $(timbrectl random --glob "*strings*low*" 2>&1) == *"for whole paths it takes a slash, '"'/*strings*low*'"', which matches 1; 0 of 3" ]] &&
     (($(timbrectl random --glob "/*strings*low*" --jsonl | wc -l) == 1))'
check "an attack that is as hard as can be told is named" \
    '[[ $(timbrectl similar "$samples/strings/low.wav" --harder-attack=1000x 2>&1) == *"and less than 10 ms cannot be told; 0 of 2 other files" ]]'
check "allowed values are named" \
    '[[ $(timbrectl similar "$odd" --format x 2>&1) == *"table"*"elan"* && $(timbrectl duplicates --spares --keep x 2>&1) == *"largest, oldest, newest and path=GLOB"* ]] &&
     [[ $(timbrectl evaluate --labels x 2>&1) == *"the word folder, or a table"* ]] && exits 66 timbrectl evaluate --labels x'
check "what dies away is a one-shot, and a file without tags has no word in them" \
    '(($(timbrectl list --one-shots --max-length 2 --jsonl | wc -l) == 3)) && exits 1 timbrectl list --loops &&
     exits 1 timbrectl list --tag kick && exits 64 timbrectl list --key H'
check "a folder can be left out, and so can a file" \
    '[[ $(similar "$odd" --not-under "$samples/strings" 2>/dev/null) == "" ]] &&
     [[ $(similar "$odd" --not-under "$samples/strings/low.wav") == */high.wav ]]'
check "so many of each folder" \
    '(($(timbrectl similar "$odd" --per-folder 1 --jsonl | wc -l) == 1)) &&
     (($(timbrectl similar "$odd" --per-folder 2 --jsonl | wc -l) == 2))'
check "a folder is near to what its sounds have in common" \
    '[[ $(timbrectl similar "$samples/strings" --jsonl) == *"/odd"* && $(timbrectl similar "$samples/strings" --json) == *"\"sounds\":2"* ]]'
check "one that the library does not have is no query" \
    'mkdir -p "$scratch/empty" && exits 66 timbrectl similar "$scratch/empty" && exits 64 timbrectl similar "$samples/strings" --at 0-1'
check "a blend of a sound with itself is the sound" \
    '[[ $(timbrectl similar "$odd" "$odd" --blend --jsonl) == "$(timbrectl similar "$odd" --jsonl)" ]]'
mkdir "$samples/pairs"
cp "$samples/strings/low.wav" "$samples/pairs/copy.wav"
sound "$samples/pairs/hiss.wav" noise
check "two folders are compared, sound by sound" \
    'timbrectl sync && [[ $(timbrectl compare "$samples/strings" "$samples/pairs") == *"copy.wav"*"no counterpart in $samples/strings: 1 file"*"hiss.wav"* ]]'
check "and what is missing is told alone" \
    '[[ $(timbrectl compare "$samples/strings" "$samples/pairs" --missing -0 | tr "\0" "|") == *"/hiss.wav|" ]]'
check "a folder with itself is not compared" 'exits 64 timbrectl compare "$samples/pairs" "$samples/pairs/."'
check "noise among strings is odd, and copies are one sound" \
    '[[ $(timbrectl odd -n 1 --jsonl) == *"/hiss.wav\""* && $(timbrectl odd --jsonl | wc -l) == 4 ]]'
check "one sound alone cannot be odd" \
    'exits 1 timbrectl odd "$samples/pairs" --glob "c*" && [[ $(timbrectl odd "$samples/pairs" --glob "c*" 2>&1) == *"only 1 file"* ]]'
check "each sound comes once, if that is wanted" \
    '[[ $(similar "$odd" | grep -c "low\|copy") == 2 && $(similar "$odd" --distinct | grep -c "low\|copy") == 1 ]] &&
     [[ $(similar "$samples/strings/low.wav" --distinct) != *copy.wav* ]]'
check "so many pairs are compared as one wants" '(($(timbrectl compare "$samples/strings" "$samples/pairs" -n 2 --jsonl | wc -l) == 2))'
rm -r "$samples/pairs"
timbrectl sync >/dev/null
check "a verb that is written wrongly is recognised" \
    'exits 64 timbrectl simlar && [[ $(timbrectl simlar 2>&1) == *"did you mean '"'similar'"'?" && $(timbrectl model lst 2>&1) == *"'"'model list'"'?" ]]'
check "tables begin with the score, and have bits only for codes" \
    '[[ $(timbrectl similar "$odd" | head -n 1) == "score  distance  length  file" ]] &&
     [[ $(timbrectl similar "$odd" --metric codes | head -n 1) == "score  distance  bits  length  file" ]]'
late() { # FILE: the same with 200 ms of silence in front
    { head -c 44 "$1"; head -c 17640 /dev/zero; tail -c +45 "$1"; } |
        perl -0777 -pe 'substr($_, 40, 4) = pack "V", length() - 44; substr($_, 4, 4) = pack "V", length() - 8'
}
check "silence in front of a sound makes no difference" \
    'late "$samples/strings/low.wav" >"$scratch/late.wav" &&
     [[ $(timbrectl similar --jsonl "$scratch/late.wav" | head -n 1) == "{\"distance\":0"[.,]*low.wav* ]]'
check "codes are another metric" \
    '[[ $(timbrectl similar --json --metric codes "$scratch/outside.wav") == *"\"metric\":\"codes\""* ]] &&
     [[ $(timbrectl similar --json "$scratch/outside.wav") == *"\"metric\":\"timbre\""* ]]'
check "explain tells what the distance is made of" \
    '[[ $(timbrectl explain "$samples/strings/"{low,high}.wav) == *"kind of sound"*"spectral envelope"* ]]'
check "and first in words" \
    '[[ $(timbrectl explain "$samples/strings/"{low,high}.wav | head -n 1) == "alike"*"; B is "*"higher (A5, not A2)"* ]]'
check "their shares add up to one" '[[ $(shares "$samples/strings/"{low,high}.wav) == "16 1.000000" ]]'
check "explain takes files from outside, and standard input" \
    '[[ $(timbrectl explain "$samples/strings/low.wav" - <"$scratch/outside.wav") == *"standard input, "*"not in the library"* ]]'
found=$(distance similar "$samples/strings/low.wav" -n 1 --glob high.wav 2>/dev/null)
check "the distance is that of similar" '[[ $found == *.* && $(distance explain "$samples/strings/"{low,high}.wav) == "$found" ]]'
check "explain is JSON on request" 'is_json explain "$samples/strings/low.wav" "$odd"'
check "plot draws a file of the library and one from outside, beside each other" \
    '[[ $(timbrectl plot "$samples/strings/low.wav" "$scratch/outside.wav" --width 140 | head -n 1) == "A  "*low.wav*"B  "*outside.wav ]]'
check "in letters, as nobody asks for colours" '! timbrectl plot "$odd" | grep -q $'"'"'\e'"'"''
check "plot writes SVG, and PNG" \
    'timbrectl plot "$odd" -o "$scratch/a.svg" && [[ $(tail -n 1 "$scratch/a.svg") == "</svg>" ]] &&
     timbrectl plot "$odd" --at 0.1-0.3 -o "$scratch/a.png" && [[ $(tail -c 8 "$scratch/a.png") == IEND* ]]'
check "plot is JSON on request" 'is_json plot "$samples/strings/low.wav"'
check "a part behind the end is named" '[[ $(timbrectl plot "$odd" --at 7-8 2>&1) == *"the sound ends after 0.50 s"* ]]'
check "what is no audio is not drawn" 'exits 65 timbrectl plot "$samples/broken.wav"'
check "similar draws its results" '(($(timbrectl similar "$samples/strings/low.wav" -n 1 --plot 2>/dev/null | wc -l) == 6))'
check "explain may hear a part of the second alone" \
    '[[ $(distance explain "$samples/strings/"{low,low}.wav --at 0.2-0.4) != "$(distance explain "$samples/strings/"{low,low}.wav)" ]]'
check "and a part of the first" \
    '[[ $(distance explain "$samples/strings/"{low,low}.wav --at-a 0.2-0.4) == "$(distance explain "$samples/strings/"{low,low}.wav --at 0.2-0.4)" ]]'
check "a part behind the end is one clear line" \
    '[[ $(timbrectl explain "$samples/strings/"{low,high}.wav --at 5-6 2>&1) == "timbrectl: explain: there is nothing to compare: "*"high.wav ends before that part begins: it is 0.5 s long" ]]'
check "a file may be all that is searched" \
    '[[ $(similar "$samples/strings/low.wav" --segments --under "$samples/strings/high.wav" | sort -u) == */high.wav ]]'
places() { timbrectl similar "$samples/strings/low.wav" --segments "$@" 2>/dev/null; }
check "places are labels" '[[ $(places --under "$odd" --format audacity) =~ ^[0-9.]+$'"'\t'"'[0-9.]+$'"'\t'"'[01].[0-9]+\ low.wav ]]'
check "and regions" '[[ $(places --under "$odd" --format reaper) == "#,Name,Start,End,Length
R1,"*" low.wav,0:00:00."*",0:00:0"* ]]'
check "and an ELAN document of a file whose name has a newline" \
    '[[ $(places --under "$odd" --format elan) == *"<MEDIA_DESCRIPTOR MEDIA_URL=\"file://$samples/odd%0Aname.wav\""*"TIER_ID=\"low.wav\""*"</ANNOTATION_DOCUMENT>" ]]'
check "those in several recordings are not, and it says what to do" \
    'exits 64 places --format elan && [[ $(timbrectl similar "$odd" --segments --format elan 2>&1) == *"--under FILE"* ]]'
check "they are a table all the same" '[[ $(places --format csv | head -n 1) == path,start,end,score,distance,* ]]'
check "a playlist has them as offsets" '[[ $(places --format m3u) == "#EXTM3U
#EXTINF:"*"#EXTVLCOPT:start-time="*"#EXTVLCOPT:stop-time="* ]]'

# Parts of recordings. A header has 44 bytes.
low=$samples/strings/low.wav
cut() { timbrectl cut "$@"; }
check "a part is these samples, exactly" \
    'cut "$low" 0.1-0.25 -o - | cmp - <(head -c 4 "$low"; printf "\xd2\x33\0\0"; tail -c +9 "$low" | head -c 32
         printf "\xae\x33\0\0"; tail -c +$((45 + 2 * 4410)) "$low" | head -c 13230)'
flac=$(find "$here/../../Config/demo/" -name crash-hard.flac) vorbis=$(find "$here/../../Config/demo/" -name hands-1.ogg)
for file in "$flac" "$vorbis"; do
    check "two parts of ${file##*/} are the part that they make" \
        'cmp <(cut "$file" 0.05-0.15 -o - | tail -c 1000) <(cut "$file" 0.1-0.15 -o - | tail -c 1000) &&
         cmp <(cut "$file" 0.05-0.15 -o - | tail -c +60 | head -c 4000) <(cut "$file" 0.05-0.1 -o - | tail -c +60 | head -c 4000)'
done
check "places are cut out, named by their time" \
    'places --jsonl -n 2 | cut - -d "$scratch/cuts" --margin 0.01 && [[ $(find "$scratch/cuts" -name "*0h00m0*s.wav" -printf x) == xx ]]'
check "nothing is replaced unasked" \
    'exits 64 timbrectl cut "$low" 0-0.1 -o "$samples/strings/high.wav" &&
     ! places --jsonl -n 2 | cut - -d "$scratch/cuts" && places --jsonl -n 2 | cut - -d "$scratch/cuts" --force'
check "a part that is cut into a watched folder is searchable when sync returns" \
    'cut "$low" 0-0.2 -o "$samples/part.wav" && timbrectl sync && timbrectl list --jsonl | grep "/part.wav" | grep -q "\"indexed\"" &&
     rm "$samples/part.wav" && timbrectl sync'
check "what is cut out can be heard" 'for cut in "$scratch/cuts/"*; do timbre-extract "$cut" || exit; done'
check "a part that reaches beyond the end is told" \
    '[[ $(cut "$low" 0.4-0.9 -o "$scratch/end.wav" 2>&1) == *"low.wav ends at 0.50 s, before 0.90 s: what was written is shorter" ]] &&
     [[ -z $(cut "$low" 0.3-0.5 --margin 1 -o "$scratch/margin.wav" 2>&1) ]]'
check "beyond the end there is nothing" 'exits 64 timbrectl cut "$low" 5-6 -o "$scratch/none.wav" && [[ ! -e $scratch/none.wav ]]'

# Sounds in archives.
pack=$samples/pack.tar.gz
tar -C "$samples" -czf "$scratch/pack.tar.gz" strings && mv "$scratch/pack.tar.gz" "$pack"
check "sounds in an archive are files, and the archive is none" \
    'timbrectl sync && [[ $(timbrectl list "$pack" -0 | tr "\0" "|") == "$pack/strings/high.wav|$pack/strings/low.wav|" ]]'
check "they are answered as those beside it" \
    '[[ $(timbrectl similar "$pack/strings/low.wav" --under "$samples/strings" --jsonl) == "$(timbrectl similar "$low" --self --under "$samples/strings" --jsonl)" ]] &&
     [[ $(similar "$low" --under "$pack" | head -n 1) == "$pack/strings/low.wav" ]]'
check "an archive is a folder, when it is searched by" '[[ $(timbrectl similar "$pack" --jsonl | wc -l) == 3 ]]'
check "and info knows it" '[[ $(timbrectl info "$pack") == *"an archive"* && $(timbrectl info "$pack/strings/low.wav") == *"copy"*"$low"* ]]'
check "a path may be relative, and lead through a link" \
    'ln -s "$samples" "$scratch/link" && (cd "$scratch/link/strings" && [[ $(timbrectl info ../pack.tar.gz/strings/low.wav) == *"$pack/strings/low.wav"* ]])'
check "cat has their bytes" 'timbrectl cat "$pack/strings/low.wav" | cmp - "$low" && timbrectl cat "$low" | cmp - "$low"'
mkdir "$scratch/copies"
check "copy takes them out, and replaces nothing unasked" \
    'timbrectl copy "$pack/strings/low.wav" "$pack/strings/high.wav" "$scratch/copies" && cmp "$scratch/copies/low.wav" "$low" &&
     exits 64 timbrectl copy "$pack/strings/high.wav" "$scratch/copies" && timbrectl copy --force "$pack/strings/high.wav" "$scratch/copies"'
check "a playlist leaves them out, and says so" \
    'timbrectl similar "$odd" --format m3u >"$scratch/list.m3u" 2>"$scratch/list.err" && grep -q "^$low" "$scratch/list.m3u" &&
     ! grep -q "pack.tar.gz" "$scratch/list.m3u" && grep -q "2 sounds lie in archives.*are left out; .timbrectl copy. unpacks them" "$scratch/list.err"'
check "one that is marked is said not to be played" \
    '[[ $(timbrectl favourite add "$pack/strings/low.wav" 2>&1) == *"1 more is marked"*"lies in an archive"* ]] &&
     [[ $(timbrectl favourite add "$pack/strings/low.wav" 2>&1) == *"it was marked already"* ]] &&
     timbrectl favourite remove "$pack/strings/low.wav" && [[ $(timbrectl favourite remove "$pack/strings/low.wav") == "it was not marked" ]]'
check "parts of them are cut out, and pictures drawn" \
    'cmp <(cut "$pack/strings/low.wav" 0.1-0.25 -o -) <(cut "$low" 0.1-0.25 -o -) && timbrectl plot "$pack/strings/low.wav" "$low"'
check "an archive that is watched by nobody can be asked for" \
    'cp "$pack" "$scratch/other.tar.gz" && [[ $(similar "$scratch/other.tar.gz/strings/low.wav" --under "$samples/strings" | head -n 1) == "$low" ]]'
check "an archive instead of a sound exits 65, and says how the sounds in it are named" \
    'exits 65 timbrectl similar "$scratch/other.tar.gz" && [[ $(timbrectl similar "$scratch/other.tar.gz" 2>&1) == *"an archive, and no sound; name a sound in it, such as $scratch/other.tar.gz/Kicks/kick.wav" ]]'
check "what is not in it exits 66" \
    'exits 66 timbrectl cat "$pack/strings/none.wav" && exits 66 timbrectl info "$pack/none.wav" && exits 66 timbrectl similar "$pack/none.wav"'
head -c 2000 "$pack" >"$samples/broken.zip"
check "what is wrong with an archive is told" 'timbrectl sync && [[ $(timbrectl errors) == *broken.zip*archive* ]]'
check "an archive that moves takes its sounds along" \
    'mv "$pack" "$samples/strings/moved.tgz" && timbrectl sync && [[ $(timbrectl list -0 | tr "\0" "|") == *"$samples/strings/moved.tgz/strings/low.wav|"* && $(timbrectl list -0) != *pack.tar* ]]'
check "and one that is deleted is gone with them" \
    'rm "$samples/strings/moved.tgz" "$samples/broken.zip" && timbrectl sync && (($(timbrectl list --jsonl | wc -l) == 4))'
check "a file that is not there exits 66" 'exits 66 timbrectl similar "$scratch/none.wav"'
check "a file that is no audio exits 65" 'printf x >"$scratch/x.wav"; exits 65 timbrectl similar "$scratch/x.wav"'
check "no match exits 1" 'exits 1 timbrectl similar "$samples/strings/low.wav" --glob "*.none"'
check "a broken file is listed, with a reason" '[[ $(timbrectl errors) == *broken.wav* ]]'
check "a new file is found at once" \
    'sound "$samples/new.wav" 200 && [[ $(similar --sync "$samples/strings/low.wav") == *new.wav* ]]'
check "a deleted file is gone at once" \
    'rm "$samples/new.wav" && timbrectl sync && [[ $(listed) != *new.wav* ]]'
latin=$samples/lat$'\xe9'n.wav
sound "$latin" 210
check "a pattern may have bytes that are not UTF-8" \
    'timbrectl sync && [[ $(timbrectl list --glob $'"'"'lat\xe9*'"'"' -0 | tr "\0" "|") == "$latin|" ]]'
rm "$latin"
timbrectl sync
check "reasons are counted, in JSON as well" \
    '[[ $(timbrectl errors --group) == *"error"*"1  "* && $(timbrectl errors --group --json) == "{\"groups\":[{"* ]] &&
     [[ $(timbrectl errors --group --jsonl) == "{\"error\":"*"\"files\":1,\"reason\":"* ]] && exits 64 timbrectl errors --group -0'
check "a folder is no file, and what is not there was not left out" \
    'exits 66 timbrectl info "$samples/strings" && [[ $(timbrectl info "$samples/strings" 2>&1) == *": it is a folder" ]] &&
     exits 66 timbrectl retry "$samples/none" && [[ $(timbrectl retry "$samples/none" 2>&1) == *": there is no such file" ]] &&
     exits 66 timbrectl list "$samples/none" && exits 66 timbrectl list "$samples/none" --glob "*"'
check "cat and copy take files, and say so" \
    '[[ $(timbrectl cat "$samples/strings" 2>&1) == *"/strings: a folder; cat takes files" ]] &&
     [[ $(timbrectl copy "$samples/strings" "$scratch/copies" 2>&1) == *"/strings: a folder; copy takes files" ]]'
check "a model that is there stays, but for --force" \
    'timbrectl model export "$scratch/model.json" && exits 64 timbrectl model export "$scratch/model.json" &&
     timbrectl model export --force "$scratch/model.json" && timbrectl model export - | cmp - "$scratch/model.json"'
for verb in status list errors 'watch list' 'model list'; do
    check "$verb is JSON on request" "is_json $verb"
done
check "--check says that all is well" \
    'exits 0 timbrectl status --check && [[ $(timbrectl status --check) == "TIMBRED OK - "*" | indexed="* ]]'
check "and warns of a pause" 'timbrectl pause; exits 1 timbrectl status --check; timbrectl resume'
check "and of files that cannot be read, if it should" \
    'exits 1 timbrectl status --check --max-failed 0 && exits 0 timbrectl status --check --max-failed 1'
check "the metrics are there" '[[ $(timbrectl status --format prometheus) == *"timbred_files{state=\"failed\"} 1"* ]]'
ln -s low.wav "$samples/strings/linked.wav"
check "info says what a link is and where it leads" \
    '[[ $(timbrectl info "$samples/strings/linked.wav" 2>&1) == *"symbolic link to low.wav, and follow_symlinks is off"* ]]'
rm "$samples/strings/linked.wav"
check "verify finds no difference" 'timbrectl verify'

# Folders inside others: one that is seen as a part, and a hidden one that is watched on its own.
mkdir -p "$scratch/nest/kit" "$scratch/nest/.own"
sound "$scratch/nest/kit/in.wav" 150
sound "$scratch/nest/.own/own.wav" 160
watch() { timbrectl watch "$@" >/dev/null && timbrectl sync; }
nested() { timbrectl list --all --jsonl | grep -F "$scratch/nest" | grep -o "[a-z]*\.wav" | sort | tr "\n" " "; }
check "each file is listed once" \
    'watch add "$scratch/nest" && watch add "$scratch/nest/kit" && watch add "$scratch/nest/.own" && [[ $(nested) == "in.wav own.wav " ]]'
check "a scan of the outer folder leaves the hidden one alone" \
    'timbrectl scan "$scratch/nest" --wait && [[ $(nested) == "in.wav own.wav " ]]'
check "the part is removed without a trace" 'watch remove "$scratch/nest/kit" && [[ $(nested) == "in.wav own.wav " ]]'
check "and so is the hidden one" 'watch remove "$scratch/nest/.own" && [[ $(nested) == "in.wav " ]]'
check "in the other order, too" \
    'watch add "$scratch/nest/.own" && watch remove "$scratch/nest" && [[ $(nested) == "own.wav " ]] &&
     watch add "$scratch/nest" && [[ $(nested) == "in.wav own.wav " ]] && watch remove "$scratch/nest" &&
     watch remove "$scratch/nest/.own" && [[ -z $(nested) ]]'
check "a part that is not there is offline" \
    'mkdir "$scratch/nest/gone"; watch add "$scratch/nest" && watch add "$scratch/nest/gone" && rmdir "$scratch/nest/gone" &&
     [[ $(timbrectl watch list) == *offline*"/nest/gone (it does not exist)"* ]]; timbrectl watch remove "$scratch/nest/gone"; watch remove "$scratch/nest"'
check "evaluate says what it lacks" \
    'exits 1 timbrectl evaluate && [[ $(timbrectl evaluate 2>&1) == "timbrectl: evaluate: a file"*"--labels" ]]'
mkdir "$samples/drones"
for hertz in 60 65 70; do sound "$samples/drones/$hertz.wav" "$hertz" 2; done
check "evaluate goes by folders" \
    'timbrectl sync && [[ $(timbrectl evaluate --json) == *"\"labels\":2,"*"\"queries\":5,"* ]]'
printf 'path,label,pitch\r\nstrings/low.wav,"a ""b""",1\r\n"strings/high.wav","a ""b""",2\r\n' >"$scratch/labels.csv"
printf 'drones/60.wav,c,1\r\ndrones/65.wav,c,1\r\ndrones/none.wav,c,\r\n' >>"$scratch/labels.csv"
evaluated() { timbrectl evaluate --labels "$scratch/labels.csv" --root "$samples" "$@"; }
check "and by a table" '[[ $(evaluated --json) == *"\"files\":4,"*"\"queries\":4,"*"\"unknown\":1,"* ]]'
check "a table's lines are told" '[[ $(evaluated) == "Of the ten nearest"*"a \"b\""* ]]'
check "what is excluded is not counted" \
    '[[ $(evaluated --exclude-same pitch --json) == *"\"queries\":2,"*"\"skipped\":2,"* ]]'
rm -r "$samples/drones"
duplicates() { timbrectl duplicates "$@"; }
check "without duplicates it is said among how many files" 'exits 1 timbrectl duplicates && [[ $(timbrectl duplicates 2>&1) == "timbrectl: duplicates: no two of "*" files hold the same bytes"* ]]'
cp "$samples/strings/low.wav" "$samples/copy.wav"
check "files of the same bytes are duplicates" \
    'timbrectl sync && [[ $(duplicates) == "2 files of the same bytes"*"/copy.wav"*"1 group, 2 files"* ]]'
check "-0 lists their paths" '[[ $(duplicates -0 | tr "\0" "\n" | sort) == "$samples/copy.wav
$samples/strings/low.wav" ]]'
check "one of them can go, in the form that xargs takes" \
    '[[ $(duplicates --spares -0 | tr "\0" "|") == "$samples/"*".wav|" && $(duplicates --spares --keep "path=*/strings/*" -0 | tr "\0" "|") == "$samples/copy.wav|" ]]'
check "never both" \
    'exits 1 timbrectl duplicates --spares --keep "path=*.wav" -0 && exits 1 timbrectl duplicates --spares --keep "path=*.none" -0'
check "what is gone meanwhile is not what is kept" \
    'timbrectl pause && mv "$samples/copy.wav" "$scratch/copy.wav" && exits 1 timbrectl duplicates --spares --keep "path=copy.wav" -0;
     mv "$scratch/copy.wav" "$samples/copy.wav"; timbrectl resume && timbrectl sync'
ln "$samples/copy.wav" "$samples/link.wav"
check "another name of a file is no spare" \
    'timbrectl sync && [[ $(duplicates --spares --keep path=copy.wav) == *"keep "*"/copy.wav"*"spare "*"/strings/low.wav"*"stays "*"/link.wav: another name"* ]]'
rm "$samples/link.wav"
timbrectl sync
check "a folder can be chosen" 'exits 1 timbrectl duplicates --under "$samples/strings"'
check "with --near they still are" '[[ $(duplicates --near --json) == *"\"kind\":\"exact\""* ]]'
rm "$samples/copy.wav"
timbrectl sync
check "reload works" 'timbrectl reload && kill -0 "$daemon"'
mkdir "$scratch/drive"
sound "$scratch/drive/far.wav" 180
timbrectl watch add "$scratch/drive" >/dev/null
timbrectl sync
mv "$scratch/drive" "$scratch/unplugged"
timbrectl sync
check "a folder that is away is searched if that is wanted" \
    '[[ $(similar "$low" --under "$scratch/drive" --offline) == "$scratch/drive/far.wav" && $(timbrectl odd --under "$scratch/drive" --offline 2>&1) == *"only 1 file"* ]] &&
     [[ $(similar "$low") != *far.wav* && $(similar "$low" --offline) == *far.wav* ]]'
check "it is listed, and not said to be no folder" \
    '[[ $(timbrectl list "$scratch/drive" -0 | tr "\0" "|") == "$scratch/drive/far.wav|" ]] && exits 1 timbrectl list "$scratch/drive" --glob "*.none"'
check "and no line of a table ends with blanks" '! timbrectl watch list | grep -q " $" && ! timbrectl list | grep -q " $"'
mv "$scratch/unplugged" "$scratch/drive"
timbrectl sync
timbrectl watch remove "$scratch/drive" >/dev/null

# What happens, as it happens. In the background of a script SIGINT is ignored; perl gives it back.
follow() { exec perl -e '$SIG{INT} = q(DEFAULT); exec @ARGV' timbrectl follow "$@"; }
follow --jsonl --snapshot >"$scratch/told" 2>"$scratch/told.err" &
follower=$!
follow --jsonl --like "$samples/strings/low.wav" >"$scratch/alike" 2>&1 &
waiter=$!
told() { until_true "grep -qE '$1' '$scratch/told'"; }
check "follow lists what is there, and says where events begin" \
    'told "\"event\":\"ready\"" && [[ $(head -n 1 "$scratch/told") == "{\"event\":\"listed\""* ]]'
check "who waits for what is alike is told so, too" 'until_true "grep -q ready \"\$scratch/alike\""'
sound "$samples/heard.wav" 112
sound "$samples/noise.wav" noise
check "follow tells of a new file, and when it can be found" \
    'told "\"event\":\"found\".*/heard.wav" && told "\"event\":\"indexed\".*/heard.wav" && told "\"indexed\".*/noise.wav"'
mv "$samples/heard.wav" "$samples/again.wav"
check "of another name" 'told "\"before\":.*/heard.wav.*\"renamed\".*/again.wav"'
rm "$samples/again.wav" "$samples/noise.wav"
check "and that it has gone" 'told "\"removed\".*/again.wav" && told "\"removed\".*/noise.wav"'
check "with --like it tells of the one that is alike, and how near" \
    'until_true "grep -qE \"distance.*/heard.wav.*score\" \"\$scratch/alike\"" && ! grep -q noise "$scratch/alike"'
check "Ctrl-C ends it with 0" 'kill -INT "$waiter" && wait "$waiter"'
check "a reader who has read enough ends it" '[[ $(timeout 20 bash -c "timbrectl follow --jsonl | head -n 1") == *ready* ]]'
check "what cannot be waited for is said" 'exits 66 timbrectl follow --like "$scratch/nowhere.wav"'

# Results that can be used. A program of the desktop's name writes down what it is to open.
mkdir "$scratch/desktop"
printf '#!/bin/sh\nprintf "%%s\\n" "$1" >"%s"\n' "$scratch/opened" >"$scratch/desktop/xdg-open"
chmod +x "$scratch/desktop/xdg-open"
opened() { until_true '[[ -s $scratch/opened ]]' && cat "$scratch/opened" && rm "$scratch/opened"; }
check "--open has the desktop open the one sound" \
    'PATH="$scratch/desktop:$PATH" similar "$low" -n 1 --open && [[ $(opened) == "$samples/"* ]]'
check "or several as a playlist" \
    'PATH="$scratch/desktop:$PATH" similar "$low" -n 2 --open && [[ $(opened) == */timbrectl/results.m3u ]] &&
     (($(grep -c wav "$HOME/.local/state/timbrectl/results.m3u") == 2))'
check "without a desktop it says so" '[[ $(PATH=$bin:/nowhere timbrectl similar "$low" -n 1 --open 2>&1) == *"xdg-open cannot be started"* ]]'
check "--copy gives the terminal the paths" \
    'script -qec "timbrectl similar \"$low\" -n 1 --glob high.wav --format paths --copy" "$scratch/copied" >/dev/null &&
     [[ $(tr -d "\n" <"$scratch/copied") == *"]52;c;$(printf %s "$samples/strings/high.wav" | base64 -w 0)"* ]]'
check "the map tells how it stands" 'timbrectl map | grep -q "^map" && timbrectl map --json | grep -q "\"state\""'
check "what is not there is no favourite" 'exits 66 timbrectl favourite add "$samples/none.wav"'
check "nor is a folder" '[[ $(timbrectl favourite add "$samples" 2>&1) == *"a folder; favourite takes files" ]]'
check "and keeps no other from being one" \
    'exits 66 timbrectl favourite add "$low" "$samples/none.wav" "$odd" && timbrectl favourite remove "$low" &&
     [[ $(timbrectl favourite list) == "$samples/odd\\nname.wav" ]] && timbrectl favourite remove "$odd"'
check "favourites are a playlist" \
    'timbrectl favourite add "$low" "$odd" && timbrectl favourite add "$low" &&
     [[ $(<"$HOME/.local/state/timbrectl/favourites.m3u") == "#EXTM3U
$low
file://$samples/odd%0Aname.wav" ]]'
check "and listed, and taken away" \
    '[[ $(timbrectl favourite list -0 | tr "\0\n" "|_") == "$low|$samples/odd_name.wav|" ]] &&
     timbrectl favourite remove "$low" && exits 1 timbrectl favourite remove "$low"'

# What a shell may do to a program.
check "a sound may come out of a pipe that the shell makes" \
    '[[ $(similar <(cat "$samples/strings/low.wav") -n 1) == "$samples/strings/low.wav" ]]'
check "and two may" 'similar <(cat "$samples/strings/low.wav") <(cat "$samples/strings/high.wav") -n 1'
check "a folder for temporary files that is not there does not matter" \
    '[[ $(TMPDIR=/nowhere similar - -n 1 <"$samples/strings/low.wav") == "$samples/strings/low.wav" ]]'
mkdir "$scratch/gone"
check "in a folder that is gone absolute paths are what they are" \
    '(cd "$scratch/gone" && rmdir "$scratch/gone" && similar "$samples/strings/low.wav" && mkdir "$scratch/gone")'
check "and relative ones are not guessed" \
    '(cd "$scratch/gone" && rmdir "$scratch/gone" && exits 66 timbrectl similar low.wav 2>&1) |
        grep "timbrectl: the working directory: it is gone"'
mkfifo "$scratch/nobody"
check "a reader of complaints that ends does not change how a call ends" \
    '(exec 8<>"$scratch/nobody" 9>"$scratch/nobody" 8<&- && exits 66 timbrectl similar /nowhere.wav 2>&9)'
check "a reader who has read enough ends all verbs alike, without a word" \
    '(exec 8<>"$scratch/nobody" 9>"$scratch/nobody" 8<&-
      for call in "cat $low" "cut $low 0-0.4 -o -" "similar $low" "model export -" "backup -"; do
          exits 141 timbrectl $call >&9 2>>"$scratch/words" || exit
      done) && [[ ! -s $scratch/words ]]'
check "a name that begins with a dash is not taken for options" \
    '(cp "$low" "$scratch/-dash.wav" && cd "$scratch" && exits 64 timbrectl similar -dash.wav &&
     [[ $(timbrectl similar -dash.wav 2>&1) == *"if it is a file, write ./-dash.wav, or -- before it" ]] &&
     similar ./-dash.wav && similar -- -dash.wav && timbrectl similar -h)'

# Clients that leave. A sync waits for a file that workers have who do nothing.
threads() { find "/proc/$daemon/task" -mindepth 1 -maxdepth 1 | wc -l; }
workers=$(timbrectl status --json | grep -o '"workers":\[[^]]*' | grep -oE '[0-9]+')
kill -STOP $workers
sound "$samples/waiting.wav" 262
for round in 1 2; do
    syncs=()
    for _ in {1..100}; do
        timbrectl sync 2>>"$scratch/syncs" &
        syncs+=($!)
    done
    check "a hundred syncs wait ($round)" 'until_true "((\$(threads) > 100))"'
    # In the background of a script they would ignore SIGINT.
    kill -TERM "${syncs[@]}"
    wait "${syncs[@]}" 2>/dev/null
    check "interrupted, they are gone ($round)" 'until_true "((\$(threads) < 50))"'
done
# A person waits at a terminal; perl gives back the SIGINT that a script's background has not.
script -qfec "echo \$\$ >'$scratch/pid'; exec perl -e '\$SIG{INT} = q(DEFAULT); exec @ARGV' timbrectl sync" \
    "$scratch/screen" >/dev/null 2>&1 &
check "at a terminal it shows what it waits for" 'until_true "grep -q \"reading files\" \"\$scratch/screen\""'
check "and Ctrl-C leaves nothing behind" \
    'kill -INT "$(<"$scratch/pid")" && until_true "! kill -0 \$(<\"\$scratch/pid\") 2>/dev/null" &&
     screen=$(<"$scratch/screen") && [[ ${screen##*reading files} == *$'"'\r\e[K'"'* ]]'
check "in a pipe it is silent for as short a time as that" '[[ $(timeout --foreground -s INT 2 timbrectl sync 2>&1) == "" ]]'
check "and nobody is locked out" 'timbrectl status && timbrectl list'
kill -CONT $workers
check "what they waited for is indexed" 'timbrectl sync && timbrectl info "$samples/waiting.wav"'
rm "$samples/waiting.wav"

# The page.
timbrectl browse --no-open >"$scratch/address" &
page=$!
check "browse prints the address of its page" \
    'until_true "[[ -s \$scratch/address ]]" && [[ $(<"$scratch/address") =~ ^http://127\.0\.0\.1:[0-9]+/#t=[-_A-Za-z0-9]{43}$ ]]'
check "and ends with SIGTERM" 'exits 143 eval "kill -TERM $page && wait $page"'

# Endings.
check "SIGTERM ends it with 0" 'kill -TERM "$daemon" && wait "$daemon"'
daemon=''
check "its socket is gone" '[[ ! -e $TIMBRED_SOCKET ]]'
check "who follows is told" 'told "\"event\":\"stopping\"" && until_true "grep -q \"the daemon has gone\" \"\$scratch/told.err\""'
check "it starts again" 'start_daemon'
check "and who followed gets another list" 'until_true "((\$(grep -c ready \"\$scratch/told\") == 2))" && kill -INT "$follower" && wait "$follower"'
check "without a daemon, nobody begins to follow" 'exits 69 timbrectl follow --socket "$scratch/nobody.sock"'
before=$(timbrectl list --jsonl | sort)
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=''
check "after kill -9 it starts again" 'start_daemon'
end_daemon
exec 8<>"$scratch/nobody" 9>"$scratch/nobody" 8<&-
timbred 2>&9 &
daemon=$!
exec 9<&-
check "it starts though nobody reads what it says" 'until_true "timbrectl status >/dev/null 2>&1"'
printf 'RIFF no less' >"$samples/broken too.wav"
check "and goes on" 'timbrectl sync && [[ $(timbrectl errors) == *"broken too.wav"* ]]'
rm "$samples/broken too.wav"
check "and knows what it knew" 'timbrectl sync && [[ $(timbrectl list --jsonl | sort) == "$before" ]]'
end_daemon
daemon=''

# Moving house, with an archive.
printf 'watch = ["%s"]\n' "$samples" >"$scratch/moving.toml"
check "it starts with a configuration" \
    'tar -czf "$samples/moving.tar.gz" -C "$samples" strings/low.wav && start_daemon --config "$scratch/moving.toml" && timbrectl sync'
known=$(timbrectl list --jsonl | sort)
decoded() { timbrectl status --json | grep -o '"decoded":[0-9]*'; }
check "a backup is one file, for its owner alone" \
    '[[ $(timbrectl backup "$scratch/b.tar") == *" are in $scratch/b.tar" && $(stat -c %a "$scratch/b.tar") == 600 ]]'
check "which tar and sha256sum can read" \
    'mkdir "$scratch/unpacked" && tar xf "$scratch/b.tar" -C "$scratch/unpacked" && (cd "$scratch/unpacked" && sha256sum -c SHA256SUMS)'
check "a file that is there stays, but for --force" \
    'exits 64 timbrectl backup "$scratch/b.tar" && timbrectl backup --force "$scratch/b.tar"'
check "a full disk is one line" \
    '[[ $(timbrectl backup /dev/full 2>&1) == "timbrectl: /dev/full: No space left on device" ]]'
check "a folder does not take it, nor does a terminal" \
    '[[ $(timbrectl backup "$scratch" 2>&1) == *": a folder; name a file in it" ]] && exits 64 script -qec "timbrectl backup -" /dev/null'
check "a pipe takes a backup, too" 'timbrectl backup - | tar t | grep -x library.sqlite'
check "a backup that was cut short is refused, and so is anything else" \
    'head -c 50000 "$scratch/b.tar" >"$scratch/short.tar" && exits 65 timbrectl restore "$scratch/short.tar" &&
     exits 65 timbrectl restore "$samples/strings/low.wav" && exits 66 timbrectl restore "$scratch/none.tar" &&
     [[ $(ls "$scratch/state") != *restore* ]]'
check "a restore answers when the library is back" \
    '[[ $(timbrectl restore "$scratch/b.tar") == *" are back, "*"$scratch/state/before-restore-"* ]]'
check "with all that was in it, and nothing is decoded" \
    'timbrectl sync && [[ $(timbrectl list --jsonl | sort) == "$known" && $(decoded) == "\"decoded\":0" ]]'
check "and the one that was there is kept" '[[ -s $(echo "$scratch"/state/before-restore-*/library.sqlite) ]]'
check "a restore reads a pipe, too" 'timbrectl restore --copy - <"$scratch/b.tar" | grep -q "are back"'
mv "$samples" "$scratch/home/Moved"
check "a folder that the configuration names is moved there first" \
    '[[ $(timbrectl rebase "$samples" "$scratch/home/Moved" 2>&1) == *"name $scratch/home/Moved in its place in $scratch/moving.toml"* ]]'
printf 'watch = ["%s"]\n' "$scratch/home/Moved" >"$scratch/moving.toml"
check "rebase tells first, and does it then" \
    '[[ $(timbrectl rebase -n "$samples" "$scratch/home/Moved") == *" would be under $scratch/home/Moved" ]] &&
     [[ $(timbrectl rebase "$samples" "$scratch/home/Moved") == *" now under $scratch/home/Moved" ]]'
check "all is known at the new place, and nothing is decoded" \
    'timbrectl sync && [[ $(timbrectl list --jsonl | sed "s|home/Moved|home/Samples|g" | sort) == "$known" && $(decoded) == "\"decoded\":0" ]]'
check "what is known nowhere is not moved" 'exits 64 timbrectl rebase "$scratch/none" "$scratch/empty"'
check "what is known at the new place already need not be" \
    '[[ $(timbrectl rebase "$samples" "$scratch/home/Moved") == *" known under $scratch/home/Moved already; nothing is known of $samples" ]]'
configured() { printf 'watch = ["%s"]\n%s\n' "$scratch/home/Moved" "$1" >"$scratch/moving.toml"; }
check "when reload returns, what is excluded is gone" \
    'configured "exclude = [\"low*\"]" && [[ $(timbrectl reload) == "changed: exclude" && $(listed) != *Moved/strings/low.wav* && $(listed) == *Moved/strings/high.wav* ]]'
check "and what is not excluded any more is there" \
    'configured "" && timbrectl reload && [[ $(listed) == *Moved/strings/low.wav* ]] && timbrectl sync && [[ $(decoded) == "\"decoded\":0" ]]'
end_daemon
daemon=''
mv "$scratch/home/Moved" "$samples"
rm "$samples/moving.tar.gz"

# `make run`, once all is built.
mkdir "$scratch/run"
ln -s "$bin" "$scratch/run/bin"
try() { timeout 60 "$@" "$here/../../.make/try" "$scratch/run" >"$scratch/tried"; }
kinds() { awk -F/ '/^score/ { n = 0 } /^[01]\.[0-9]+  / && n++ < 3 { printf "%s ", $(NF - 1) }' "$scratch/tried"; }
check "without a folder, ~/Samples is tried" 'try && grep -qF "$samples: 3 indexed" "$scratch/tried"'
check "without ~/Samples, what comes with timbred" 'try env HOME=/nonexistent && grep -q "own sounds: make run FOLDER" "$scratch/tried"'
check "without a home, too" 'try env -u HOME'
check "and there kicks are near a kick, pianos near a piano" '[[ $(kinds) == "kick kick kick piano piano piano " ]]'
check "a folder that is not there is an error" 'exits 1 "$here/../../.make/try" "$scratch/run" "$scratch/none"'
check "no sanitizer, if the programs are built with one, has a word to say" \
    '! grep -a -A 20 Sanitizer "$scratch/log" "$scratch/run/state/"*/log'

if ((failed)); then
    echo "The daemon's last words:"
    tail -n 20 "$scratch/log"
fi
finish
