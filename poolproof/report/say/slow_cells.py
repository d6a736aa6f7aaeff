"""The list of cells that took far fewer messages than planned, because a verdict does not show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median

from poolproof.model.record import Trial
from poolproof.report.read.join import Joined
from poolproof.report.say.content import Block, Code, Heading, Items, Paragraph

SLOW = 0.5
"""The share of the wanted messages below which a cell is listed."""
TEXT = (
    "In the time of a trial these cells took fewer messages than planned, and their verdicts rest on these:"
)
COUNTS = ("sent_messages", "wanted_messages")
"""The facts of a trial that sends a stream."""
EARLIER = ("messages", "messages_wanted")
"""The same facts in the witness of an earlier record."""


def section(joined: Joined) -> Iterable[Block]:
    """Which cells did not take the planned messages in the tier's time; nothing when all did."""
    slow = {cell: share for cell, share in _shares(joined).items() if share[0] < SLOW * share[1]}
    if slow:
        yield Heading(2, ("Slow cells",))
        yield Paragraph((TEXT,))
        yield Items(
            tuple(
                (Code(cell), f" took {taken:.0f} of {wanted:.0f}") for cell, (taken, wanted) in slow.items()
            )
        )


def _shares(joined: Joined) -> Mapping[str, tuple[float, float]]:
    """Messages taken and wanted in each cell that records them, the median of its trials."""
    trials: dict[str, list[tuple[float, float]]] = {}
    for run in joined.runs:
        for trial in run.trials:
            if trial.outcome != "void" and (counts := _counts(trial)):
                trials.setdefault(trial.cell, []).append(counts)
    return {
        cell: (median(taken for taken, _ in seen), median(wanted for _, wanted in seen))
        for cell, seen in trials.items()
    }


def _counts(trial: Trial) -> tuple[float, float] | None:
    """Messages taken and wanted, if the trial records them."""
    for numbers, (taken, wanted) in ((trial.facts, COUNTS), (trial.witness, EARLIER)):
        if taken in numbers and wanted in numbers:
            return numbers[taken], numbers[wanted]
    return None
