"""What a run will cost, said before it starts: cells, trials, and about how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probes.verdict import Expectation, Kind, Rule, TrialOutcome, decide

LIFETIME = 2.0
"""Seconds that a worker's start, a short stimulus and its end take together."""
TIMED = 2.5
"""Seconds that one timed run takes for each second on its clock: filling, waiting, its share of a start."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One claim in one cell; claims whose `lifetimes` are equal get a trial each in every one of those."""

    kind: Kind
    expected: Expectation
    lifetimes: object

    def trials(self, rule: Rule) -> int:
        """How many trials decide it when each comes out as expected."""
        usual: TrialOutcome = "violated" if self.expected == "refuted" else "satisfied"
        outcomes: list[TrialOutcome] = []
        while decide(self.kind, outcomes, rule) is None:
            outcomes.append(usual)
        return len(outcomes)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What comes of it if all is as expected; `seconds` is the bound of the stream in one lifetime."""

    cells: int
    trials: int
    lifetimes: int
    seconds: float

    def __str__(self) -> str:
        shortest, longest = (self.lifetimes * each for each in (LIFETIME, LIFETIME + self.seconds))
        return (
            f"{self.cells} cells, {self.trials} trials at least: about {spoken(shortest)}, "
            f"or up to {spoken(longest)} where trials stream for their {self.seconds:g} s"
        )


def estimate(asked: Sequence[Asked], rule: Rule, seconds: float) -> Estimate:
    """What these cells cost under a rule, if all is as expected; a static claim needs no worker."""
    lifetimes: dict[object, int] = {}
    for each in asked:
        if each.kind != "static":
            lifetimes[each.lifetimes] = max(each.trials(rule), lifetimes.get(each.lifetimes, 0))
    return Estimate(len(asked), sum(each.trials(rule) for each in asked), sum(lifetimes.values()), seconds)


def timings(slots: int, seconds: float) -> str:
    """What the timed runs cost, each with about `seconds` on its clock."""
    return f"{slots} timed runs: about {spoken(slots * seconds * TIMED)}"


def spoken(seconds: float) -> str:
    """A length of time, as exactly as an estimate deserves: seconds, minutes, then hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
