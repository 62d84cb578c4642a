"""Each question that the page can ask its server, asked as no page of ours would. See browse_check.py."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import browse_check
from browse_map import made_up
from browser import until
from private_timbred import exact


def routes(daemon):
    """All questions, each with what may be asked by it."""
    kick, sine = (str(daemon.folder / name) for name in ("demo/drums/kick/fat.flac", "tones/1 kHz.wav"))
    names = {"words": ["kick"], "not": [], "folders": [], "count": 9}
    return {
        "status": {}, "random": {"count": 3, "seed": 1}, "info": {"path": kick}, "similar": {"like": [{"path": kick}], "count": 3},
        "explain": {"a": {"path": kick}, "b": {"path": sine}}, "find": names, "matches": names, "files": {"paths": [{"path": kick}]},
        "numbered": {"numbers": [1, 2]}, "figures": {"of": "age"}, "map": {}, "path": {"from": {"path": kick}, "to": {"path": sine}},
        "picture": {"sound": {"path": kick}, "width": 400, "theme": "dark", "lanes": ["bands"]}, "sound": {"path": kick},
        "news": {}, "favourites": {}, "mark": {"paths": [], "marked": True}}


def begun(browse, question, parameters, headers=None, method="POST"):
    """The status of an answer, which is not read to its end: some have none."""
    connection = http.client.HTTPConnection("127.0.0.1", browse.port, timeout=20)
    with contextlib.closing(connection):
        connection.request(method, "/api/" + question, json.dumps(parameters) if method == "POST" else None,
                           {"Authorization": "Bearer " + browse.key, **(headers or {})})
        answer = connection.getresponse()
        assert not {"access-control-allow-origin", "set-cookie"} & {name.lower() for name in answer.headers}, question
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], question
        return answer.status


def polite(browse):
    """How long a short question takes, in seconds."""
    start = time.monotonic()
    status, body = browse.request("/api/status")
    assert status == 200, (status, body)
    return time.monotonic() - start


def check_every_question_is_the_pages_alone(daemon, browse):
    asked = routes(daemon)
    foreign = [({"Host": "evil.example:%d" % browse.port}, 421), ({"Host": "127.0.0.1:1"}, 421), ({"Origin": "http://evil.example"}, 403),
               ({"Origin": "http://127.0.0.1:1"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
               ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Origin": "null"}, 403),
               ({"Authorization": "Bearer " + browse.key[::-1]}, 401), ({"Authorization": "Basic " + browse.key}, 401)]
    for question, parameters in asked.items():
        assert begun(browse, question, parameters) == 200, question
        for headers, wanted in foreign:
            status = begun(browse, question, parameters, headers)
            assert status == wanted, (question, headers, status)
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"):
            assert begun(browse, question, parameters, method=method) == 405, (question, method)
    return "%d questions" % len(asked)


def check_no_question_of_another_user_is_answered(daemon, browse):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return "skipped: only root can be another user"
    program = """
import json, socket, sys
port, key, asked = json.loads(sys.stdin.read())
for question, parameters in asked.items():
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(10)
        body = json.dumps(parameters).encode()
        try:
            client.sendall(b"POST /api/%s HTTP/1.1\\r\\nHost: 127.0.0.1:%d\\r\\nAuthorization: Bearer %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (
                question.encode(), port, key.encode(), len(body), body))
            print(len(client.recv(100)))
        except ConnectionError:
            print(0)
"""
    asked = routes(daemon)
    for user, answered in ((1234, False), (0, True)):
        # The key is known to them: whose connection it is decides.
        said = subprocess.run(["setpriv", "--reuid", str(user), "--clear-groups", sys.executable, "-c", program], text=True,
                              input=json.dumps([browse.port, browse.key, asked]), capture_output=True).stdout.split()
        assert len(said) == len(asked) and all((size != "0") == answered for size in said), (user, said)


RUBBISH = ["", "null", "[]", "7", "\"x\"", "{", "{}x", "{\"a\":1}", "\u0000", "[" * 20000, "{\"like\":[{\"path\":\"\"}],\"count\":1}",
           "{\"paths\":[7]}", "{\"paths\":[{\"path\":\"\"}],\"marked\":1}", "{\"numbers\":[1.5]}", "{\"numbers\":[1e99]}",
           "{\"numbers\":\"1\"}", "{\"of\":\"weight\"}", "{\"of\":null}", "{\"since\":7}", "{\"from\":{},\"to\":{}}",
           "{\"words\":[null],\"not\":[],\"folders\":[],\"count\":1}", "{\"words\":[],\"not\":[],\"folders\":[],\"count\":-1e400}",
           "{\"path\":\"relative\"}", "{\"path\":\"/\",\"path_bytes\":\"!\"}", "{\"sound\":{\"path\":\"/x\"},\"width\":1e9}"]


def check_rubbish_is_refused_by_every_question(daemon, browse):
    refused = 0
    # What asks for nothing is answered, whatever comes with it.
    simple = ("status", "news", "favourites")
    for question in routes(daemon):
        if question in simple:
            continue
        for body in RUBBISH + [os.urandom(300)]:
            status, said = browse.request("/api/" + question, body=body if isinstance(body, bytes) else body.encode())
            assert status in (200, 400, 403, 404, 409, 422), (question, body[:60], status, said[:200])
            refused += status != 200
            if status != 200:
                assert json.loads(said)["reason"], (question, body[:60])
    large = {"numbers": list(range(100_000))}, {"paths": [{"path": "/nowhere/%d" % n} for n in range(20_000)]}
    for question, parameters in zip(("numbered", "files"), large):
        start = time.monotonic()
        status, body = browse.request("/api/" + question, body=json.dumps(parameters))
        assert status == 200 and len(json.loads(body)["files"]) == len(next(iter(parameters.values()))), (question, status)
        assert time.monotonic() - start < 5, question
    assert polite(browse) < 1
    return "%d times" % refused


def check_who_lies_about_a_body_is_left(daemon, browse):
    """Those who promise more than comes, and go, or stay and say nothing more; with each question."""
    longest = 0
    waiting = []
    try:
        for question, parameters in routes(daemon).items():
            body = json.dumps(parameters).encode()
            head = b"POST /api/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n" % (
                question.encode(), browse.port, browse.key.encode())
            for data in (head + b"Content-Length: %d\r\n\r\n%s" % (len(body) + 9, body), head + b"Content-Length: 1000000\r\n\r\n{",
                         head + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"):
                client = socket.create_connection(("127.0.0.1", browse.port), 10)
                client.sendall(data)
                if len(waiting) < 40:
                    waiting.append(client)
                else:
                    client.close()
            # What comes after a body is another request, or nothing at all.
            answer = socket.create_connection(("127.0.0.1", browse.port), 10)
            with answer:
                answer.sendall(head + b"Content-Length: 1\r\n\r\n%s" % body)
                assert answer.recv(100).startswith(b"HTTP/1.1 "), question
            longest = max(longest, polite(browse))
    finally:
        for client in waiting:
            client.close()
    assert longest < 1, longest
    until(lambda: polite(browse) < 0.2, "all is as before")
    return "the longest wait of a polite one %.0f ms" % (1000 * longest)


def check_who_does_not_read_holds_up_nobody(daemon, browse):
    """The map of 40,000 sounds is longer than what lies between: it is not read, by as many as may connect but one."""
    with made_up(daemon, "40000") as other:
        until(lambda: other.ask("find", words=[], folders=[], count=1, **{"not": []})["ready"], "all names", patience=60)
        before, slow, body = threads(other), [], b"{}"
        try:
            for number in range(48):
                client = socket.create_connection(("127.0.0.1", other.port), 10)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                question = (b"map", b"figures", b"news")[number % 3]
                body = b'{"of":"age"}' if question == b"figures" else b"{}"
                client.sendall(b"POST /api/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (
                    question, other.port, other.key.encode(), len(body), body))
                slow.append(client)
            with ThreadPoolExecutor(4) as several:
                times = list(several.map(lambda _: polite(other), range(80)))
            assert max(times) < 1, max(times)
            # A page more than may be told news.
            statuses = {begun(other, "news", {}) for _ in range(3)}
            assert statuses <= {200, 503}, statuses
        finally:
            for client in slow:
                client.close()
        until(lambda: threads(other) <= before + 2, "the threads of those who have gone end", patience=40)
        until(lambda: begun(other, "news", {}) == 200, "there is room for the news again")
    return "48 of them; the longest wait of a polite one %.0f ms" % (1000 * max(times))


def threads(browse):
    return len(list(Path("/proc/%d/task" % browse.process.pid).iterdir()))


def check_no_more_than_16_pages_are_told_news(daemon, browse):
    pages = []
    try:
        statuses = []
        for _ in range(18):
            page = http.client.HTTPConnection("127.0.0.1", browse.port, timeout=20)
            pages.append(page)
            page.request("POST", "/api/news", "{}", {"Authorization": "Bearer " + browse.key})
            statuses.append(page.getresponse().status)
        assert statuses[:14] == [200] * 14 and statuses[-1] == 503, statuses
    finally:
        for page in pages:
            page.close()
    start = time.monotonic()
    until(lambda: begun(browse, "news", {}) == 200, "there is room again")
    return "room again after %.1f s" % (time.monotonic() - start)


def check_names_stay_what_they_are(daemon, browse):
    """Through every question that has names in it, whatever their bytes are."""
    hostile = {exact(item): item for item in daemon.list() if b"/names/" in exact(item)}
    assert len(hostile) == len(browse_check.HOSTILE)
    wire = [{key: item[key] for key in ("path", "path_bytes") if key in item} for item in hostile.values()]
    status, body = browse.request("/api/files", body=json.dumps({"paths": wire}))
    assert status == 200 and not any(byte < 32 for byte in body), "bytes that break a line"
    files = json.loads(body)["files"]
    assert [exact(file) for file in files] == list(hostile)
    numbers = [file["number"] for file in files]
    assert [exact(file) for file in browse.ask("numbered", numbers=numbers)["files"]] == list(hostile)
    _, figures = browse.request("/api/figures", body='{"of":"length"}')
    told = {int.from_bytes(figures[at:at + 4], "little") for at in range(0, len(figures), 8)}
    assert set(numbers) <= told and len(told) == len(daemon.list())
    # As favourites they are lines of a playlist, or spelt as an address where a line would break.
    assert browse.ask("mark", paths=wire, marked=True)["possible"]
    listed = subprocess.run([daemon.binaries / "timbrectl", "favourite", "list", "-0"], capture_output=True,
                            env={**os.environ, **browse_check.person(daemon)}).stdout.split(b"\0")[:-1]
    assert listed == list(hostile), listed
    assert browse.ask("mark", paths=wire, marked=False)["paths"] == []
    for item, path in zip(wire, hostile):
        for question, parameters in (("info", item), ("sound", item), ("similar", {"like": [item], "count": 2}),
                                     ("path", {"from": item, "to": wire[0]}),
                                     ("picture", {"sound": item, "width": 400, "theme": "light", "lanes": ["bands"]})):
            status, body = browse.request("/api/" + question, body=json.dumps(parameters))
            assert status == 200, (question, path, status, body[:200])
            if question == "picture":
                assert b"<script" not in body and b"onerror=window" not in body.replace(b"&lt;img src=x onerror=window", b""), path


def check_what_is_sent_packed_is_the_same(daemon, browse):
    sizes = []
    for path in ("/", "/style.css", "/page.js", "/icon.svg"):
        plain, packed = (browse.request(path, method="GET", headers={"Accept-Encoding": encoding})[1] for encoding in ("identity", "deflate"))
        assert zlib.decompress(packed) == plain and browse.headers["Content-Encoding"] == "deflate", path
        assert browse.headers["Vary"] == "Accept-Encoding", path
        sizes.append((len(plain), len(packed)))
    plain, packed = (sum(size[kind] for size in sizes) for kind in (0, 1))
    assert packed < 80_000
    return "%.0f kB, %.0f kB packed" % (plain / 1000, packed / 1000)
