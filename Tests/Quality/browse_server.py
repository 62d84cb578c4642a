"""What the server of the page does with requests that no page of ours makes. See browse_check.py."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import browse_check
import made_archives
from browser import until
from private_timbred import noise


def listening(process):
    """The addresses of TCP on which a process listens."""
    inodes = set()
    for descriptor in Path("/proc/%d/fd" % process).iterdir():
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(descriptor))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net/" + table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and "socket:[%s]" % fields[9] in inodes:
                found.append(fields[1])
    return found


def check_only_the_page_has_a_port_and_only_on_loopback(daemon, browse):
    assert listening(daemon.process.pid) == [], "the daemon listens"
    try:
        ports = listening(browse.process.pid)
    except PermissionError:
        return "skipped: only root can look into the server"
    assert ports == ["0100007F:%04X" % browse.port], ports


def check_the_key_is_in_no_argument_and_no_environment(daemon, browse):
    assert len(browse.key) == 43
    for name in ("cmdline", "environ"):
        try:
            text = Path("/proc/%d/%s" % (browse.process.pid, name)).read_bytes()
        except PermissionError:
            # Nobody but root may look.
            continue
        assert browse.key.encode() not in text


def check_other_sites_are_refused(daemon, browse):
    own = "127.0.0.1:%d" % browse.port
    cases = [({"Host": "evil.example:%d" % browse.port}, 421), ({"Host": "127.0.0.1"}, 421),
             ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
             ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
             ({"Host": own, "Origin": "http://" + own, "Sec-Fetch-Site": "same-origin"}, 200)]
    for headers, wanted in cases:
        status, _ = browse.request("/api/status", headers=headers)
        assert status == wanted, (headers, status)
        assert "Access-Control-Allow-Origin" not in browse.headers and "Set-Cookie" not in browse.headers
    for key in ("", "x", browse.key[:-1], browse.key + "x"):
        assert browse.request("/api/status", key=key)[0] == 401
    assert browse.request("/api/status", method="GET")[0] == 405


def check_another_user_is_not_answered(daemon, browse):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return "skipped: only root can be another user"
    program = ("import socket; s = socket.create_connection(('127.0.0.1', %d)); s.settimeout(10)\n"
               "s.sendall(b'GET / HTTP/1.1\\r\\nHost: 127.0.0.1:%d\\r\\n\\r\\n')\n"
               "try: print(len(s.recv(100)))\nexcept ConnectionError: print(0)" % (browse.port, browse.port))
    # A server of root's answers root alone.
    for user, answered in ((1234, False), (0, True)):
        said = subprocess.run(["setpriv", "--reuid", str(user), "--clear-groups", sys.executable, "-c", program],
                              capture_output=True, text=True)
        assert (said.stdout.strip() not in ("", "0")) == answered, (user, said)


def raw(browse, data, patience=10):
    """All that is answered to some bytes."""
    with socket.create_connection(("127.0.0.1", browse.port), patience) as client:
        client.sendall(data)
        answer = b""
        with contextlib.suppress(OSError):
            while piece := client.recv(65536):
                answer += piece
        return answer


def check_what_is_no_http_is_refused(daemon, browse):
    head = b"POST /api/status HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nConnection: close\r\n" % (
        browse.port, browse.key.encode())
    assert raw(browse, head + b"Content-Length: 2\r\n\r\n{}").startswith(b"HTTP/1.1 200")
    for name, data in {
        "chunks": head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "two lengths": head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "no length that is one": head + b"Content-Length: +2\r\n\r\n{}",
        "an earlier version": head.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Content-Length: 2\r\n\r\n{}",
        "a long head": head + b"X: " + b"y" * 50000 + b"\r\n\r\n", "many fields": head + b"X: y\r\n" * 101 + b"\r\n",
        "a body that is too long": head + b"Content-Length: 2000000\r\n\r\n",
        "TLS": bytes.fromhex("16030100c8010000c40303") + b"\r\n\r\n", "rubbish": os.urandom(4000) + b"\r\n\r\n",
    }.items():
        answer = raw(browse, data)
        assert not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")), (name, answer[:100])
    pipelined = raw(browse, (b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % browse.port) * 20 + os.urandom(2000))
    assert pipelined.count(b"HTTP/1.1 200") == 20
    assert browse.request("/api/status")[0] == 200


def check_slow_clients_hold_up_nobody(daemon, browse):
    slow = []
    try:
        for _ in range(64):
            client = socket.create_connection(("127.0.0.1", browse.port), 10)
            client.sendall(b"POST /api/status HTTP/1.1\r\nHo")
            slow.append(client)
        longest = 0
        for _ in range(50):
            start = time.monotonic()
            assert browse.request("/", method="GET")[0] == 200
            longest = max(longest, time.monotonic() - start)
            for client in slow[:8]:
                with contextlib.suppress(OSError):
                    client.sendall(b"s")
        assert longest < 1, longest
        return "64 slow ones; the longest wait of a polite one %.0f ms" % (1000 * longest)
    finally:
        for client in slow:
            client.close()


def check_what_is_slow_for_too_long_is_hung_up_on(daemon, browse):
    with socket.create_connection(("127.0.0.1", browse.port), 30) as client:
        client.sendall(b"GET / HT")
        start = time.monotonic()
        assert client.recv(100) == b""
        waited = time.monotonic() - start
        assert 3 < waited < 15, waited
        return "after %.1f s" % waited


def check_sounds_are_served_in_parts(daemon, browse):
    path = daemon.folder / "containers" / "wave.wav"
    whole = path.read_bytes()
    offer = browse.ask("sound", path=str(path))
    assert offer["size"] == len(whole) and offer["file"]["channels"] == 2
    for field, wanted in {None: (200, whole), "bytes=0-99": (206, whole[:100]), "bytes=100-": (206, whole[100:]),
                          "bytes=-50": (206, whole[-50:]), "bytes=0-1,5-6": (200, whole), "bytes=5-4": (400, None),
                          "bytes=%d-" % len(whole): (416, None), "bytes=0-99999999999999999999": (400, None)}.items():
        status, body = browse.request(offer["url"], method="GET", key="", headers={"Range": field} if field else {})
        assert status == wanted[0] and (wanted[1] is None or body == wanted[1]), (field, status, len(body))
    assert browse.request("/sound/" + "x" * 24, method="GET")[0] == 404
    for other in ("/etc/passwd", str(daemon.folder), str(daemon.folder / "no.wav"), str(daemon.toml)):
        assert browse.request("/api/sound", body=json.dumps({"path": other}))[0] in (403, 404, 409), other
    assert browse.request("/api/sound/../../etc/passwd", method="GET")[0] in (404, 405)


def check_sounds_of_archives_are_served(daemon, browse):
    sound, pack = noise(), daemon.folder / "pack.tar.gz"
    pack.write_bytes(made_archives.make("tar.gz", [("k/a.wav", sound), ("b.wav", noise())]))
    daemon.call("Sync")
    offer = browse.ask("sound", path=str(pack / "k/a.wav"))
    assert offer["size"] == len(sound) and offer["decodable"], offer
    for field, wanted in {None: (200, sound), "bytes=50-99": (206, sound[50:100])}.items():
        status, body = browse.request(offer["url"], method="GET", key="", headers={"Range": field} if field else {})
        assert (status, body) == wanted, (field, status, len(body))
    status, body = browse.request(offer["url"] + "?from=0.1&to=0.2", method="GET", key="")
    assert status == 200 and body[:4] == b"RIFF" and sound[44 + 4410:44 + 4500] in body, (status, len(body))
    assert browse.request("/api/sound", body=json.dumps({"path": str(pack / "no.wav")}))[0] in (403, 404, 409)
    daemon.call("Pause")
    try:
        pack.write_bytes(made_archives.make("tar.gz", [("k/a.wav", noise())]))
        assert browse.request(offer["url"], method="GET")[0] == 409
    finally:
        pack.unlink()
        daemon.call("Resume")
        daemon.call("Sync")


def check_a_file_that_changed_is_not_served(daemon, browse):
    path = daemon.folder / "changing.wav"
    path.write_bytes(noise())
    daemon.call("Sync")
    offer = browse.ask("sound", path=str(path))
    daemon.call("Pause")
    try:
        path.write_bytes(noise() + b"more")
        assert browse.request(offer["url"], method="GET")[0] == 409
        path.unlink()
        os.symlink("/etc/passwd", path)
        assert browse.request(offer["url"], method="GET")[0] in (403, 409)
    finally:
        path.unlink()
        daemon.call("Resume")
        daemon.call("Sync")


def check_the_server_reads_no_other_folder(daemon, browse):
    other = daemon.place / "Later"
    other.mkdir()
    (other / "a.wav").write_bytes(noise())
    daemon.call("AddFolder", path=str(other))
    try:
        daemon.call("Sync")
        status, body = browse.request("/api/sound", body=json.dumps({"path": str(other / "a.wav")}))
        assert status == 403 and b"start it again" in body, (status, body)
    finally:
        daemon.call("RemoveFolder", path=str(other))
    status = Path("/proc/%d/status" % browse.process.pid).read_text()
    assert "NoNewPrivs:\t1" in status


def check_sounds_from_elsewhere_are_heard_and_rubbish_is_not(daemon, browse):
    path = daemon.folder / "containers" / "flac.flac"
    for name, (container, encoding) in list(browse_check.CONTAINERS.items())[:6]:
        status, body = browse.request("/api/heard", body=(daemon.folder / "containers" / name).read_bytes())
        assert status == 200, (name, status, body)
    status, body = browse.request("/api/heard", body=path.read_bytes())
    found = browse.ask("similar", like=[{"heard": json.loads(body)["heard"]}], count=3)["results"]
    assert found[0]["path"] == str(path) and found[0]["distance"] < 0.01, found[0]
    for rubbish in (b"", b"RIFF", os.urandom(100000), b"fLaC" + os.urandom(1000)):
        assert browse.request("/api/heard", body=rubbish)[0] == 422
    assert browse.request("/api/similar", body=json.dumps({"like": [{"heard": "x"}], "count": 1}))[0] == 422


def check_the_browser_is_given_a_code_that_is_good_once(daemon, browse):
    place = daemon.place / "desk"
    (place / "bin").mkdir(parents=True)
    opener = place / "bin" / "xdg-open"
    opener.write_text("#!/bin/sh\ncp -p -- \"$1\" %s/page.html.part && mv %s/page.html.part %s/page.html\n" % (
        place, place, place))
    opener.chmod(0o755)
    environment = {"PATH": "%s/bin:%s" % (place, os.environ["PATH"]), "XDG_RUNTIME_DIR": str(place)}
    with browse_check.Browse(daemon, "--query", "kick loop", environment=environment) as opened:
        page = until(lambda: (place / "page.html").exists() and (place / "page.html").read_text(), "the browser is started")
        assert (place / "page.html").stat().st_mode & 0o777 == 0o600
        assert opened.key not in page and "?q=" in opened.address
        code = page.partition("#c=")[2].partition('"')[0]
        first = opened.request("/api/enter", body=json.dumps({"code": code}), key="")
        assert first[0] == 200 and json.loads(first[1])["key"] == opened.key
        assert opened.request("/api/enter", body=json.dumps({"code": code}), key="")[0] == 403


def check_it_copes_with_100000_files(daemon, browse):
    path = daemon.place / "large.sock"
    library = subprocess.Popen([sys.executable, Path(__file__).with_name("made_up_library.py"), path, "100000"])
    try:
        until(path.exists, "the made-up library answers", patience=60)
        start = time.monotonic()
        with browse_check.Browse(daemon, "--no-open", "--socket", path) as other:
            assert other.request("/", method="GET")[0] == 200
            ready = time.monotonic() - start

            def find(*words):
                return other.ask("find", words=words, **{"not": ["deep"]}, folders=[], count=50)

            until(lambda: find()["files"], "the first names")
            first = time.monotonic() - start
            until(lambda: find()["ready"], "all names", patience=60)
            whole = time.monotonic() - start
            times = []
            for _ in range(20):
                start = time.monotonic()
                assert find("kick", "hard")["total"] == 14286
                times.append(time.monotonic() - start)
            memory = next(int(line.split()[1]) for line in Path("/proc/%d/status" % other.process.pid).read_text().splitlines()
                          if line.startswith("VmRSS"))
    finally:
        library.kill()
        library.wait()
    size = (daemon.binaries / "timbre-web").stat().st_size
    assert ready < 2 and sorted(times)[10] < 0.5
    return "%.1f MB on disk, ready in %.0f ms, first names %.0f ms, all %.1f s, a search %.1f ms, %.0f MB in memory" % (
        size / 1e6, 1000 * ready, 1000 * first, whole, 1000 * sorted(times)[10], memory / 1000)


def check_it_ends_with_the_terminal_and_says_what_is_missing(daemon, browse):
    for how in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        with browse_check.Browse(daemon) as other:
            assert other.request("/api/status")[0] == 200
            other.process.send_signal(how)
            other.process.wait(5)
    taken = subprocess.run([daemon.binaries / "timbrectl", "browse", "--no-open", "--port", str(browse.port)],
                           capture_output=True, text=True, env={**os.environ, "TIMBRED_SOCKET": str(daemon.socket)})
    assert taken.returncode == 71 and "--port" in taken.stderr and taken.stderr.count("\n") == 1, taken
    lonely = subprocess.run([daemon.binaries / "timbrectl", "browse", "--no-open", "--socket", "/nowhere.sock"],
                            capture_output=True, text=True)
    assert lonely.returncode == 69 and "no daemon answers" in lonely.stderr and not lonely.stdout, lonely
