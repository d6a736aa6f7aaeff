"""The size of a run, shown before it starts: cells, trials, and about how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poolproof.model.verdict import DecisionRule, Expectation, Kind, TrialOutcome, decide

LIFETIME = 2.0
"""Seconds for the start of a worker, a short stimulus and the worker's end together."""
TIMED = 2.5
"""Seconds that a timed run takes for each second on its clock: filling, waiting, its share of a start."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One claim in one cell; claims with equal `lifetimes` get one trial each in every one of those."""

    kind: Kind
    expected: Expectation
    lifetimes: object
    streams: bool = False

    def trials(self, rule: DecisionRule) -> int:
        """How many trials decide it when each has the expected result."""
        usual: TrialOutcome = "violated" if self.expected in ("refuted", "not seen") else "satisfied"
        outcomes: list[TrialOutcome] = []
        while decide(self.kind, outcomes, rule) is None:
            outcomes.append(usual)
        return len(outcomes)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate if everything is as expected; `streams` is the seconds that all trials may stream."""

    cells: int
    trials: int
    lifetimes: int
    streams: float

    def __str__(self) -> str:
        shortest = self.lifetimes * LIFETIME
        text = f"{self.cells} cells, {self.trials} trials at least: about {spoken(shortest)}"
        return (
            f"{text}, or up to {spoken(shortest + self.streams)} where streams are slow"
            if self.streams
            else text
        )


def estimate(planned: Sequence[Planned], rule: DecisionRule, seconds: float) -> Estimate:
    """The estimate for these cells under a rule, if all is as expected; a static claim needs no worker.

    `seconds` limits the stream of one trial.
    """
    lifetimes: dict[object, int] = {}
    for each in planned:
        if each.kind != "static":
            lifetimes[each.lifetimes] = max(each.trials(rule), lifetimes.get(each.lifetimes, 0))
    trials = sum(each.trials(rule) for each in planned)
    streams = seconds * sum(each.trials(rule) for each in planned if each.streams)
    return Estimate(len(planned), trials, sum(lifetimes.values()), streams)


def timings(slots: int, seconds: float) -> str:
    """How long the timed runs take, each with about `seconds` on its clock."""
    return f"{slots} timed runs: about {spoken(slots * seconds * TIMED)}"


def spoken(seconds: float) -> str:
    """A duration, rounded as an estimate should be: to seconds, minutes, or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
