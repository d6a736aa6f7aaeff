"""How many messages a verdict is based on, where a stream of messages tested the claim."""

from __future__ import annotations

from collections.abc import Mapping

from poolproof.report.read.join import Joined
from poolproof.report.say.content import Code, Text


def length(joined: Joined, claim: str) -> Text:
    """The messages of each cell, the fewest with its name; empty where no stream was sent."""
    counts = _messages(joined, claim)
    if not counts:
        return ()
    fewest = min(counts, key=lambda cell: counts[cell])
    least, most = counts[fewest], max(counts.values())
    if least == most:
        return (f"{most} messages per cell",)
    return f"{least} to {most} messages per cell, fewest in ", Code(fewest)


def _messages(joined: Joined, claim: str) -> Mapping[str, int]:
    """The messages of each cell over all its trials that are not void."""
    counts: dict[str, int] = {}
    for run in joined.runs:
        for trial in run.trials:
            sent = trial.witness.get("messages")
            if trial.claim == claim and trial.outcome != "void" and isinstance(sent, int):
                counts[trial.cell] = counts.get(trial.cell, 0) + sent
    return counts
