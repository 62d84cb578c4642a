"""A headless Chromium for checks of the page, driven by chromedriver over the protocol of WebDriver."""

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PATIENCE = 15

KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
        "ArrowDown": "\ue015", "Tab": "\ue004", "Home": "\ue011", "End": "\ue010", "PageDown": "\ue00f", " ": " "}


def is_installed():
    return all(shutil.which(name) for name in ("chromium", "chromedriver"))


class Browser:
    """One window of a browser of its own, which keeps nothing."""

    def __init__(self):
        if not is_installed():
            raise SystemExit("chromium or chromedriver is not installed (Debian's packages chromium and chromium-driver)")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.place = tempfile.mkdtemp(prefix="timbred-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=%d" % self.port, "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = None
        until(lambda: self.ready(), "chromedriver answers")
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--mute-audio", "--window-size=1280,800",
                     "--user-data-dir=" + self.place, "--autoplay-policy=no-user-gesture-required", "--lang=en",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        made = self.send("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": arguments}}}})
        self.session = made["sessionId"]

    def ready(self):
        with contextlib.suppress(OSError):
            return self.send("GET", "/status")["ready"]

    def send(self, method, path, body=None):
        request = urllib.request.Request(
            "http://127.0.0.1:%d%s" % (self.port, path), method=method,
            data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def command(self, path, body=None, method="POST"):
        return self.send(method, "/session/%s%s" % (self.session, path), {} if body is None and method == "POST" else body)

    def close(self):
        if self.session:
            with contextlib.suppress(Exception):
                self.command("", method="DELETE")
        self.driver.terminate()
        self.driver.wait(10)
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def go(self, address):
        self.command("/url", {"url": address})

    def run(self, script, *arguments):
        """What a function with this body returns, or what its promise becomes."""
        return self.command("/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, expression, what=None):
        """Waits until an expression is true, and returns what it is."""
        return until(lambda: self.run("return " + expression), what or expression)

    def devtools(self, name, **parameters):
        return self.command("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def press(self, *keys):
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.command("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        found = self.command("/element", {"using": "css selector", "value": selector})
        self.command("/element/%s/click" % next(iter(found.values())))

    def look(self, dark=False, width=1280, height=800, scale=1.0):
        """Sets the theme, and the window's size in CSS pixels at a zoom of `scale`."""
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.devtools("Emulation.setDeviceMetricsOverride", width=round(width / scale), height=round(height / scale),
                      deviceScaleFactor=scale, mobile=False)

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self.command("/screenshot", method="GET")))

    def log(self, kind):
        """What has been said in a log since it was read last: `browser` is the console, `performance` the network."""
        return self.command("/se/log", {"type": kind})


def until(found, what, patience=PATIENCE):
    """Waits for something, and returns it."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("not within %d s: %s" % (patience, what))
