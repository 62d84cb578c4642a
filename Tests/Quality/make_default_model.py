#!/usr/bin/env python3
"""make_default_model.py BINARIES MODEL SOUNDS...

Trains the model that comes with timbred: a private daemon indexes the folders, learns from them by `retrain --labels
folder --force`, and the model is exported to MODEL. The same folders give the same model, bit for bit, whichever model
it started with."""

import sys
from pathlib import Path

from private_timbred import PrivateTimbred


def main():
    binaries, model, *folders = sys.argv[1:]
    with PrivateTimbred(binaries) as daemon:
        # Links are not followed; folders are watched where they are.
        watched = ", ".join('"%s"' % Path(folder).resolve() for folder in folders)
        daemon.toml.write_text("watch = [%s]\n" % watched)
        daemon.start()
        daemon.call("Sync")
        files = daemon.call("Status")["files"]
        print("files: %s" % files, flush=True)
        outcome = daemon.call("Retrain", wait=True, labels="folder", force=True)["outcome"]
        print("\n".join("%s: %s" % item for item in outcome.items()))
        Path(model).write_text(daemon.call("ExportModel")["document"])
        print("written: %s, %d bytes" % (model, Path(model).stat().st_size))
        assert daemon.stop() == 0


if __name__ == "__main__":
    main()
