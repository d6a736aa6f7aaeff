"""Cells that took far fewer messages than they were offered; no verdict says so, hence a list."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from poolproof.report.read.join import Joined
from poolproof.report.render.markdown import bullet, code, paragraph

CRAWLS = 0.5
"""The share of the wanted messages below which a cell is told to crawl."""
COUNTS = ("messages", "messages_wanted")
"""What a trial says that was offered a stream."""


def section(joined: Joined) -> str:
    """Which cells could not take what they were offered in the tier's time; nothing when all could."""
    slow = {cell: share for cell, share in _shares(joined).items() if share[0] < CRAWLS * share[1]}
    if not slow:
        return ""
    text = "Offered more messages than they took in the time of a trial; their verdicts rest on the fewer:"
    return (
        "## Cells that crawl\n\n"
        + paragraph(text)
        + "\n"
        + "".join(
            bullet(f"{code(cell)} took {taken:.0f} of {wanted:.0f}") for cell, (taken, wanted) in slow.items()
        )
    )


def _shares(joined: Joined) -> Mapping[str, tuple[float, float]]:
    """Messages taken and wanted in each cell that says so, the median of its trials."""
    trials: dict[str, list[Mapping[str, int]]] = {}
    for run in joined.runs:
        for trial in run.trials:
            if trial.outcome != "void" and all(isinstance(trial.witness.get(n), int) for n in COUNTS):
                trials.setdefault(trial.cell, []).append(trial.witness)
    return {
        cell: (median(w["messages"] for w in seen), median(w["messages_wanted"] for w in seen))
        for cell, seen in trials.items()
    }
