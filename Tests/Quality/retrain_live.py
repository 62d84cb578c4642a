#!/usr/bin/env python3
"""retrain_live.py BINARIES SOUNDS

Retrains while a client asks every 10 ms: no query may fail, nothing may be decoded again, the same seed has to give the
same model, and `model use` has to bring the old answers back exactly."""

import sys
import shutil
import threading
import time

from private_timbred import PrivateTimbred


def main():
    binaries, sounds = sys.argv[1:3]
    with PrivateTimbred(binaries) as daemon:
        shutil.copytree(sounds, daemon.folder, dirs_exist_ok=True)
        daemon.start()
        daemon.call("Sync")
        files = sorted(f["path"] for f in daemon.list() if f["state"] == "indexed" and f.get("spans"))
        queries = files[::max(1, len(files) // 40)]

        def answers():
            return [daemon.call("Similar", queries=[{"path": p}], count=10)["results"] for p in queries]

        old, decoded = answers(), daemon.call("Status")["decoded"]
        stop, asked, failed, models = threading.Event(), [0], [], set()

        def ask():
            client = daemon.connect()
            while not stop.is_set():
                try:
                    models.add(client.call("Similar", queries=[{"path": queries[asked[0] % len(queries)]}])["model"])
                except Exception as error:  # noqa: BLE001
                    failed.append(error)
                asked[0] += 1
                time.sleep(0.01)

        asking = threading.Thread(target=ask)
        asking.start()
        start = time.monotonic()
        # Another seed than the shipped model's, so that it is another model.
        print(daemon.ctl("retrain", "--seed", "7", "--wait").stdout.decode().strip())
        seconds = time.monotonic() - start
        first = [m for m in daemon.call("ListModels")["models"] if m["active"]][0]
        assert first["id"] == 2, first
        new = answers()
        again = daemon.ctl_json("retrain", "--seed", "7", "--wait")
        second = [m for m in daemon.call("ListModels")["models"] if m["active"]][0]
        daemon.ctl("model", "use", "1")
        back = answers()
        stop.set()
        asking.join()
        assert not failed, failed[:3]
        assert first["hash"] == second["hash"], (first, second, again)
        assert back == old, "the old answers are not back"
        assert new != old, "a new model has changed nothing"
        assert daemon.call("Status")["decoded"] == decoded, "something was decoded again"
        verify = daemon.call("Verify", queries=100)
        assert verify["differences"] == []
        print("retrained %d files in %.2f s; %d queries meanwhile, none failed, by %d models; the same seed gave %s "
              "twice; the old answers are back; nothing was decoded" % (
                  len(files), seconds, asked[0], len(models), first["hash"][:15]))


if __name__ == "__main__":
    main()
