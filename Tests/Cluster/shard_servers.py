"""PostgreSQL servers for checks of clusters: each in a folder of its own, reached by a Unix socket, ended with the check."""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path


def programs():
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise SystemExit("no PostgreSQL server is installed: make packages, or .make/packages cluster")
    return Path(found[-1]).parent


def has_pgvector():
    """Whether servers can have halfvec, which pgvector knows since 0.7."""
    controls = programs().parents[2].parent / "share/postgresql" / programs().parent.name / "extension/vector.control"
    text = controls.read_text() if controls.exists() else ""
    version = text.partition("default_version = '")[2].partition("'")[0]
    return bool(version) and tuple(map(int, version.split(".")[:2])) >= (0, 7)


class Server:
    """One server. As root it runs as the user postgres, as it refuses to run as root."""

    def __init__(self, place, number, like=None):
        """`like` is a server that has not been started yet: copying it is faster than making another."""
        self.folder = Path(place) / str(number)
        self.folder.mkdir()
        self.data = self.folder / "data"
        self.bin = programs()
        self.as_user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        if like:
            subprocess.run([*self.as_user, "cp", "-r", like.data, self.data], check=True)
            return
        self.run("initdb", "--no-sync", "-A", "trust", "-U", "admin", "-E", "UTF8", "--locale=C", "-D", self.data)

    def run(self, program, *arguments, check=True):
        done = subprocess.run(
            [*self.as_user, self.bin / program, *arguments], cwd="/", capture_output=True, text=True)
        if check and done.returncode:
            raise SystemExit("%s: %s" % (program, (done.stdout + done.stderr)[-2000:]))
        return done

    def start(self, addresses=""):
        settings = [
            "listen_addresses=%s" % addresses, "unix_socket_directories=%s" % self.folder, "fsync=off", "max_wal_size=4GB",
            "shared_buffers=128MB", "log_min_messages=error"]
        options = " ".join('-c "%s"' % setting for setting in settings)
        self.run("pg_ctl", "-w", "-t", "60", "-D", self.data, "-l", self.folder / "log", "-o", options, "start")
        return self

    def make_database(self):
        """The one for a shard. pgvector is in it where it is not used, until somebody lets it be."""
        self.sql("CREATE DATABASE sounds", database="postgres")
        if has_pgvector():
            self.sql("CREATE EXTENSION vector")
        return self

    @property
    def pid(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def processes(self):
        """The server's processes: the first one, and those that it started."""
        found = [self.pid]
        with contextlib.suppress(OSError):
            found += map(int, Path("/proc/%d/task/%d/children" % (self.pid, self.pid)).read_text().split())
        return found

    def send(self, how):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, how)

    def stop(self, mode="fast"):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "-w", "-D", self.data, "-m", mode, "stop", check=False)

    def close(self):
        with contextlib.suppress(OSError, ValueError):
            self.send(signal.SIGCONT)
        self.stop("immediate")

    def holding(self, text):
        """A transaction that has run a statement, and ends when it is closed."""
        return Transaction(self, text)

    def address(self, role="admin", database="sounds"):
        return "host=%s dbname=%s user=%s" % (self.folder, database, role)

    def sql(self, text, role="admin", database="sounds", check=True, **values):
        """The rows of some statements, as text."""
        names = [word for name, value in values.items() for word in ("-v", "%s=%s" % (name, value))]
        done = subprocess.run(
            [self.bin / "psql", "-X", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", *names, "-d",
             self.address(role, database), "-f", "-"], input=text, capture_output=True, text=True)
        if check and done.returncode:
            raise SystemExit("%s: %s" % (text[:200], done.stderr[:2000]))
        return [line.split("\t") for line in done.stdout.splitlines()] if check else done


class Transaction:
    """One that is open, with the locks that a statement has taken, until it is closed."""

    def __init__(self, server, text):
        self.process = subprocess.Popen(
            [server.bin / "psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", server.address()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write("BEGIN; %s; SELECT 'it is held';\n" % text)
        self.process.stdin.flush()
        while (line := self.process.stdout.readline()) != "it is held\n":
            if not line:
                raise SystemExit("%s: refused" % text)

    def close(self):
        self.process.kill()
        self.process.communicate()


class Servers:
    """Some servers, each with a database for a shard."""

    def __init__(self, count):
        # Sockets have short paths.
        self.place = Path(tempfile.mkdtemp(prefix="shards-", dir="/tmp"))
        self.place.chmod(0o755)
        self.all, self.taken_out = [], []
        try:
            for number in range(1, count + 1):
                self.all.append(Server(self.place, number, self.all[0] if self.all else None))
            for server in self.all:
                server.start().make_database()
        except BaseException:
            self.close()
            raise

    def __iter__(self):
        return iter(self.all)

    def __getitem__(self, place):
        return self.all[place]

    def add(self):
        """One more server, behind the others: the one that was taken out last, or a new one."""
        if self.taken_out:
            self.all.append(self.taken_out.pop())
            return
        self.all.append(Server(self.place, len(self.all) + 1))
        self.all[-1].start().make_database()

    def take_out(self):
        self.taken_out.append(self.all.pop())

    def configuration(self, role, deadline="2s"):
        """The section of timbred.toml by which a role reaches all shards."""
        shards = ", ".join('"%s"' % server.address(role) for server in self.all)
        return '[cluster]\nshards = [%s]\ndeadline = "%s"\n' % (shards, deadline)

    def close(self):
        for server in self.all + self.taken_out:
            server.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
