#!/usr/bin/env python3
"""name_model.py BINARIES MODEL OUT

Has timbred read a model file that train.py has written, and write it as its own: with the model's name, the hash of what
determines codes, vectors and scores. A file that timbred does not take ends this with the reason."""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "Quality"))

from private_timbred import PrivateTimbred  # noqa: E402


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    binaries, model, out = sys.argv[1:]
    os.environ["TIMBRED_MODEL"] = model
    with PrivateTimbred(binaries) as daemon:
        daemon.start()
        Path(out).write_text(daemon.call("ExportModel")["document"])
        print(daemon.call("Status")["model"]["hash"])
        assert daemon.stop() == 0


if __name__ == "__main__":
    main()
