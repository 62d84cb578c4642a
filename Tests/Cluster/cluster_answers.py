"""What is asked of a whole cluster beside a search, and by what files are chosen. Used by cluster_check.py."""

import fnmatch
import os
import subprocess
from pathlib import Path

from checked_cluster import check
from private_timbred import exact as exact_path

GLOBS = ["*1*", "[!1-5]*.wav", "?.wav", "*/kicks/*", "copy\\ *", "[c0-9]*[7.]wav", "[", "*.WAV"]


def matches(path, glob):
    """Whether a shell would have a pattern match a name or, with a slash, a path."""
    name = os.fsdecode(path if "/" in glob else path.rsplit(b"/", 1)[1])
    return fnmatch.fnmatchcase(name, glob.replace("\\ ", " "))


def duplicates(cluster, files):
    """Groups are all files of the same bytes, wherever they lie."""
    one = cluster.hosts[0]
    reply = one.ctl_json("duplicates", "--everywhere")
    groups = {}
    for number, file in files:
        groups.setdefault(file["hash"].hex(), []).append((number, file["id"], file["host"], file["path"]))
    expected = {content: [place[2:] for place in sorted(places)] for content, places in groups.items() if len(places) > 1}
    found = {
        group["files"][0]["content"].removeprefix("sha256:"): [(file["host"], exact_path(file)) for file in group["files"]]
        for group in reply["groups"]}
    check(found == expected and len(found) == len(reply["groups"]), "%d groups of duplicates are all there are" % len(found))
    wasted = sum(
        (len(places) - 1) * os.path.getsize(places[0][1]) for places in expected.values())
    check(reply["wasted"] == wasted, "they waste %d bytes" % wasted)
    for options in (["--near"], ["--spares"]):
        refused = one.ctl("duplicates", "--everywhere", *options, check=False)
        check(refused.returncode == 64, "duplicates %s is refused: %s" % (options[0], refused.stderr.decode().strip()[:90]))


def opened(cluster, seed):
    """The command by which a sound is had does have it, whatever its name."""
    one, two = cluster.hosts
    odd = os.fsdecode(bytes(two.folder) + b"/a 'b\" $c \\ \xff\n.wav")
    Path(odd).write_bytes(Path(os.fsdecode(seed["path"])).read_bytes())
    two.wait_until_published()
    one.end()
    text = one.daemon.toml.read_text()
    fake = one.daemon.place / "ssh"
    # As ssh does: the words behind the host, with spaces between them, go to a shell.
    fake.write_text("#!/bin/sh\nshift\nexec bash -c \"$*\"\n")
    fake.chmod(0o755)
    for template in ("%s {host} cat {path:remote}" % fake, "cat {path}"):
        one.daemon.toml.write_text(text + "open = '%s'\n" % template)
        one.serve()
        reply = one.ctl_json("similar", "--everywhere", "-n", "20", seed["path"])
        commands = [result["open"] for result in reply["results"] if exact_path(result) == os.fsencode(odd)]
        heard = [subprocess.run(["bash", "-c", command], capture_output=True).stdout for command in commands]
        check(heard == [Path(odd).read_bytes()], "a sound of another machine is had by " + " ".join(commands))
        one.end()
    one.daemon.toml.write_text(text + "open = 'ssh {host} cat {path}'\n")
    refused = one.cluster("serve", check=False)
    check(refused.returncode == 78 and "{path:remote}" in refused.stderr, "too few quotes are refused: " + refused.stderr.strip())
    one.daemon.toml.write_text(text)
    Path(odd).unlink()
    one.serve()
    two.wait_until_published()
