"""What a run looked like: a line in a table, and a picture of who led, what was broken and when nobody could write."""

import html

from history import COMMITTED, REJECTED, UNKNOWN

COLOURS = {"serving": "#2e9e4f", "suspended": "#e0a526", "fencing": "#3b7dd8", "follower": "#d7dde3",
           "observer": "#d7dde3", "offline": "#b9a7c9", "paused": "#7a5195", "down": "#ffffff"}
LEFT, WIDTH, ROW = 70, 1000, 22


class Picture:
    def __init__(self, trial):
        self.trial = trial
        self.from_, self.to = trial.started, trial.stopped
        self.parts = []

    def _x(self, moment):
        share = (min(max(moment, self.from_), self.to) - self.from_) / (self.to - self.from_)
        return LEFT + share * WIDTH

    def _bar(self, row, begun, ended, colour, label="", row_is_free=False):
        """`row_is_free`: there is room for the label behind a short bar."""
        x, width, y = self._x(begun), max(1.5, self._x(ended) - self._x(begun)), 10 + row * ROW
        said = html.escape(label)
        self.parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 5}" fill="{colour}">'
                          f'<title>{said}</title></rect>')
        if label and (row_is_free or width > 6.2 * len(label)):
            self.parts.append(f'<text x="{x + 3:.1f}" y="{y + 12}">{said}</text>')

    def _name(self, row, text):
        self.parts.append(f'<text x="4" y="{22 + row * ROW}">{html.escape(text)}</text>')

    def _nodes(self, first):
        for at, node in enumerate(self.trial.cluster.nodes):
            self._name(first + at, node.name)
            seen = [one for one in self.trial.watch.seen if one[1] == node.name]
            for (begun, _, role, term), after in zip(seen, [one[0] for one in seen[1:]] + [self.to]):
                self._bar(first + at, begun, after, COLOURS[role], f"{term}" if role == "serving" else "")

    def _seconds(self, row):
        step = max(1, round((self.to - self.from_) / 20))
        for second in range(0, int(self.to - self.from_) + 1, step):
            x = self._x(self.from_ + second)
            self.parts.append(f'<text x="{x:.1f}" y="{20 + row * ROW}" fill="#777">{second} s</text>')

    def svg(self):
        faults = self.trial.happened
        lanes = max(len(step) for step in self.trial.steps) if self.trial.steps else 0
        numbers = [at for step in self.trial.steps for at in range(len(step))]
        for at, fault in zip(numbers, faults):
            self._bar(at, fault.began, fault.ended or self.to, "#f2b8b0", fault.name, row_is_free=True)
        self._name(0, "faults")
        self._nodes(lanes)
        row = lanes + len(self.trial.cluster.nodes)
        self._name(row, "no writes")
        for begun, ended in self.trial.history.pauses(self.from_, self.to):
            self._bar(row, begun, ended, "#c0392b", f"{ended - begun:.1f} s", row_is_free=True)
        self._seconds(row + 1)
        size = f'width="{LEFT + WIDTH + 20}" height="{20 + (row + 2) * ROW}"'
        return (f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">'
                f'<rect width="100%" height="100%" fill="#fff"/>{"".join(self.parts)}</svg>\n')


def line(trial):
    calls = trial.history.calls
    count = lambda outcome: sum(call.outcome == outcome for call in calls)
    pauses = [b - a for a, b in trial.history.pauses(trial.started, trial.stopped, 0.0)] if trial.watch else []
    healed = max((fault.healed_after for fault in trial.happened), default=0.0)
    verdict = "**wrong**" if trial.failed() else "holds"
    figures = [count(COMMITTED), count(REJECTED), count(UNKNOWN), trial.watch.changes() if trial.watch else 0,
               f"{max(pauses, default=0):.1f}", f"{healed:.1f}", verdict]
    return f"| [{trial.name}]({trial.kept.name}/timeline.svg) | " + " | ".join(map(str, figures)) + " |"


HEAD = """\
| run | committed | rejected | unknown at first | terms | longest pause, s | all nodes write again, s | promise |
|---|---|---|---|---|---|---|---|
"""


def write(trials, folder, seed):
    """build/faults/report.md with all runs so far, and each run's picture."""
    for trial in trials:
        if trial.watch and hasattr(trial, "stopped"):
            (trial.kept / "timeline.svg").write_text(Picture(trial).svg())
    text = f"# Faults, seed {seed}\n\n{HEAD}" + "".join(line(trial) + "\n" for trial in trials)
    for trial in trials:
        if trial.failed():
            text += f"\n## {trial.name}\n\n"
            text += "".join(f"- {check}: {what}\n" for check, wrong in trial.wrong.items() for what in wrong)
    (folder / "report.md").write_text(text)
    return folder / "report.md"
