"""What was measured, as a table for people or as JSON, in the form of timbre-bench's."""

import json
import statistics


class FigureTable:
    """A line for each case, a column for each figure."""

    def __init__(self, title, columns):
        self.title = title
        self.columns = columns
        self.rows = []

    def add(self, name, *figures):
        """Adds a line; a figure is None where there is none."""
        assert len(figures) == len(self.columns), (name, figures, self.columns)
        self.rows.append({"name": name, "figures": list(figures)})

    def say(self, name):
        """Adds a line without figures, which says why there are none."""
        self.add(name, *[None] * len(self.columns))

    def show(self, as_json):
        """Prints the table as soon as it is complete."""
        if as_json:
            print(json.dumps({"title": self.title, "columns": self.columns, "rows": self.rows}), flush=True)
        else:
            print(self.text(), flush=True)

    def text(self):
        cells = [["", *self.columns]] + [[row["name"], *map(shown, row["figures"])] for row in self.rows]
        # A line that has no figures may be as long as it likes.
        measured = [line for line in cells if any(line[1:])]
        widths = [max(len(line[place]) for line in measured) for place in range(len(cells[0]))]
        lines = ["  ".join([line[0].ljust(widths[0]), *[c.rjust(w) for c, w in zip(line[1:], widths[1:])]]).rstrip()
                 for line in cells]
        return "\n".join([self.title, *lines]) + "\n"


def shown(figure):
    """A figure with three digits that tell, all digits of a large one."""
    if figure is None:
        return ""
    size = abs(figure)
    return "%.*f" % (0 if size >= 100 or figure == 0 else 1 if size >= 10 else 2 if size >= 1 else 3, figure)


def percentile(values, share):
    """The smallest of the values that at least such a share of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def median(values):
    """The median, None of nothing."""
    return statistics.median(values) if values else None
