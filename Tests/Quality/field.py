#!/usr/bin/env python3
"""field.py BINARIES [SUBJECT …]

Builds what people met elsewhere, gives it to a private daemon, and says for each case what should be and what is; ends
with 1 if they differ anywhere. A subject is a module of this folder, field_SUBJECT.py, with a function run(binaries,
report)."""

import sys

import field_folders
import field_sounds
import field_tails


class Report:
    """What should be and what is, a line each."""

    def __init__(self):
        self.count, self.wrong = 0, 0

    def line(self, name, should, found):
        """One case; `found` is nothing if all is as it should be."""
        self.count += 1
        self.wrong += bool(found)
        print("%-6s %-52s %s%s" % ("WRONG" if found else "ok", name, should, ": but " + "; ".join(found) if found else ""),
              flush=True)


SUBJECTS = {"sounds": field_sounds.run, "folders": field_folders.run, "tails": field_tails.run}


def main():
    report = Report()
    for subject in sys.argv[2:] or SUBJECTS:
        SUBJECTS[subject](sys.argv[1], report)
    print("%d cases, %d wrong" % (report.count, report.wrong))
    sys.exit(report.wrong > 0)


if __name__ == "__main__":
    main()
