"""That a cluster answers as a plain search of all libraries does, by what its servers have and by pgvector. Parts of
cluster_check.py."""

import contextlib

from checked_cluster import Cluster, check
from cluster_answers import GLOBS, duplicates, matches, opened
from cluster_changes import SCHEMA
from cluster_growth import name_all
from cluster_troubles import change, settle
from cluster_truth import OTHER_HALVES, answer, differences, nearest
from private_timbred import PrivateTimbred
from shard_servers import has_pgvector


def exact(arguments):
    """The answers are those of a plain search of all libraries, and mean what one library with all files would say."""
    with Cluster(arguments) as cluster:
        cluster.fill(arguments.files)
        cluster.serve()
        check(differences(cluster.hosts, cluster.servers) == [], "shards hold what the libraries do, row for row")
        questions(arguments, cluster)
        hurry(cluster, "version-3.sql")
        questions(arguments, cluster, "where the bound has to be looked behind")
        one, files = cluster.hosts[0], cluster.files()
        seed = next(file for number, file in files if number == 1 and file["vector"] is not None)
        compare_with_one_library(arguments, cluster)
        drawn = [one.ctl_json("random", "--everywhere", "-n", "5", "--seed", "3") for _ in range(2)]
        check(drawn[0] == drawn[1] and len(drawn[0]["files"]) == 5, "files are drawn, by a seed the same ones")
        listed = one.ctl("list", "--everywhere", "-0").stdout.split(b"\0")[:-1]
        expected = sorted(file["host"].encode() + b":" + file["path"] for _, file in files)
        check(listed == expected, "all %d files are listed, by host and path" % len(files))
        nothing = one.ctl("list", "--everywhere", "two:/nowhere", check=False)
        check(nothing.stderr == b"timbrectl: list: no machine has published a file below two:/nowhere\n", "an empty list says so")
        lost = ["similar", "--everywhere", seed["path"], "--under"], ["random", "--everywhere", "--under"], [
            "duplicates", "--everywhere", "--under"], ["list", "--everywhere"]
        for place, words in (("three:/srv", b"no host is called 'three': there are one and two"),
                             ("two:kicks", b"'kicks' is not a whole path")):
            said = [one.ctl(*words, place, check=False) for words in lost]
            check(all(done.returncode == 1 and words in done.stderr for done in said),
                  "%s is nowhere, which is said: %s" % (place, said[0].stderr))
        alone = next(file for number, file in files if number == 1 and file["vector"] is not None and not any(
            other == 2 and copy["vector"] is not None and not (copy["vector"] - file["vector"]).any() for other, copy in files))
        far = one.ctl("similar", "--everywhere", "--max-distance", "0.0001", "--under", "two:", alone["path"], check=False)
        check(far.returncode == 1 and b"the nearest file is at the distance" in far.stderr,
              "so is how far the nearest is: %s" % far.stderr)
        duplicates(cluster, files)
        opened(cluster, seed)
        for options in (["--segments"], ["--per-folder", "1"], ["--distinct"], ["--metric", "codes"], ["--self"],
                        ["--code", "AAAAAAAAAAAAAAAAAAAAAA=="]):
            refused = one.ctl("similar", "--everywhere", *options, seed["path"], check=False)
            check(refused.returncode == 64 and b"one library only" in refused.stderr, "%s is refused" % options[0])


def questions(arguments, cluster, what=""):
    """Questions of all kinds, each of which is held against all distances."""
    files = cluster.files()
    one = cluster.hosts[0]
    found_with_vector = [file for number, file in files if number == 1 and file["vector"] is not None]
    filters = [
        ([], lambda file: True),
        (["--min-duration", "0.28"], lambda file: file["duration"] >= 0.28),
        (["--max-duration", "0.28"], lambda file: file["duration"] <= 0.28),
        (["--under", "two:"], lambda file: file["host"] == "two"),
        (["--under", str(one.folder / "kicks")], lambda file: file["path"].startswith(bytes(one.folder / "kicks") + b"/")),
        (["--under", "two:%s" % (cluster.hosts[1].folder / "kicks")],
         lambda file: file["path"].startswith(bytes(cluster.hosts[1].folder / "kicks") + b"/")),
        (["--channels", "2"], lambda file: file["channels"] == 2),
        *((["--glob", glob], lambda file, glob=glob: matches(file["path"], glob)) for glob in GLOBS),
    ]
    away = [found_with_vector[3], found_with_vector[-3]]
    wrong = 0
    for question in range(arguments.questions):
        seeds = cluster.chance.sample(found_with_vector, cluster.chance.choice([1, 1, 1, 2, 5]))
        count = cluster.chance.choice([1, 10, 50])
        options, admits = cluster.chance.choice(filters) if question % 2 else filters[0]
        others = cluster.chance.sample(away, cluster.chance.choice([0, 0, 1, 2]))
        options = options + [word for other in others for word in ("--not", other["path"])]
        reply = one.ctl_json(
            "similar", "--everywhere", "-n", str(count), *options, *[seed["path"] for seed in seeds], check=False)
        own = {seed["id"] for seed in seeds + others}
        expected = nearest(
            files, [seed["vector"] for seed in seeds], count,
            lambda file: admits(file) and not (file["host"] == "one" and file["id"] in own),
            away=[other["vector"] for other in others])
        if answer(reply) != [place[:2] for place in expected] or not reply["complete"]:
            wrong += 1
            print("   ", options, count, answer(reply)[:3], expected[:3])
    check(wrong == 0, "%d questions %sare answered exactly" % (arguments.questions, what + " " if what else ""))


def hurry(cluster, script):
    """Has shards begin each search with a list that is much too short, so that what comes behind it counts."""
    text = (SCHEMA / script).read_text()
    start = text.rindex("FUNCTION timbred.near(")
    near = "CREATE OR REPLACE " + text[start:text.index("END $$;", start) + 7]
    short = near.replace("(8 * k + 432)", "(k / 4 + 2)")
    assert short != near
    for server in cluster.servers:
        server.sql(short)


def pgvector(arguments):
    """With pgvector the answers are the same, whenever it came."""
    if not has_pgvector():
        print("left out: the servers have no pgvector, or one older than 0.7")
        return
    with Cluster(arguments) as cluster:
        said = cluster.init().stdout
        check("not used, as it is in the schema public" in said, "pgvector in another schema is left alone, which is said")
        cluster.fill(arguments.files)
        cluster.serve()
        for server in cluster.servers:
            server.sql("ALTER EXTENSION vector SET SCHEMA timbred")
        for _ in range(2):
            said = cluster.init().stdout
        check(said.count("searched by pgvector") == len(cluster.servers.all), "pgvector is used by itself")
        check(differences(cluster.hosts, cluster.servers) == [], "shards hold what the libraries do, row for row")
        questions(arguments, cluster, "by pgvector")
        compare_with_one_library(arguments, cluster)
        # Questions hold such locks while they look.
        with contextlib.closing(cluster.servers[0].holding("SELECT FROM timbred.half LIMIT 1")):
            done = cluster.init(check=False, timeout=30)
        check(done.returncode == 0, "setting it up once more waits for no question")
        hurry(cluster, "halfvec.sql")
        questions(arguments, cluster, "by pgvector, where the bound has to be looked behind,")
        for _ in range(40):
            for host in cluster.hosts:
                change(cluster, host)
        settle(cluster, "files changed")
        cluster.servers.add()
        cluster.servers[-1].sql("DROP EXTENSION vector")
        name_all(cluster)
        cluster.resize()
        settle(cluster, "a shard came")
        other = [server.sql(OTHER_HALVES)[0] for server in cluster.servers]
        check(all(row[0] == "0" and int(row[1]) > 0 for row in other), "what pgvector looks at is what sounds are: %s" % other)
        questions(arguments, cluster, "then")


def compare_with_one_library(arguments, cluster):
    """Distances, scores, bits and places of spans are those of one timbred that watches the same files."""
    one = cluster.hosts[0]
    folders = ", ".join('"%s"' % host.folder for host in cluster.hosts)
    with PrivateTimbred(arguments.binaries) as single:
        single.toml.write_text("watch = [%s]\n" % folders)
        single.start()
        single.ctl("sync")
        names = sorted(one.folder.rglob("*.wav"))
        members = ("distance", "score", "hamming", "start", "end", "duration")
        wrong = 0
        for name in cluster.chance.sample(names, 20):
            asked = [
                host.ctl_json("similar", *more, "-n", "50", name)["results"]
                for host, more in ((one, ["--everywhere"]), (single, []))]
            # Of files that are equally far, each library has its own order of age.
            here, there = [
                sorted((*(r[m] for m in members), r["path"]) for r in results if r["distance"] < results[-1]["distance"])
                for results in asked]
            distances = [[r["distance"] for r in results] for results in asked]
            wrong += here != there or distances[0] != distances[1]
        check(wrong == 0, "one timbred with all files says the same of 20 sounds: distances, scores, spans")


EXACT = {"exact": exact, "pgvector": pgvector}
