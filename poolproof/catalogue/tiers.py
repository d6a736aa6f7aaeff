"""The tiers: how many trials a run makes of each cell, from a quick look to a whole night."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from msgspec import Meta

from poolproof.catalogue.mistakes import Mistake
from poolproof.catalogue.typed import DAY, Count, Rate, Table
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import DecisionRule, Fixed

MOST_TRIALS = 10_000
"""More trials of one cell than any run can make."""
WHOLE = "must be a whole number, 1 or more"
TierName = Literal["smoke", "nightly"]
TIERS: tuple[TierName, ...] = get_args(TierName)


class Wald(Table, frozen=True):
    """The numbers of Wald's sequential test."""

    p0: Rate
    p1: Rate
    alpha: Rate
    beta: Rate

    def __post_init__(self) -> None:
        if self.p0 >= self.p1:
            raise Mistake(f"is {self.p0}, must be below p1, which is {self.p1}", "p0")
        if self.alpha + self.beta >= 1:
            raise Mistake(f"is {self.alpha}, its sum with beta ({self.beta}) must be below 1", "alpha")
        if self.rule.satisfied_step * MOST_TRIALS > self.rule.lower:
            raise Mistake(
                f"is {self.p1}, so near to p0 ({self.p0}) that a cell takes over {MOST_TRIALS} trials; "
                "move it up",
                "p1",
            )

    @property
    def rule(self) -> Sequential:
        """The test itself."""
        return Sequential(self.p0, self.p1, self.alpha, self.beta)


class Tier(Table, frozen=True):
    """How much a run does: the trials of a cell, and how many messages and seconds a trial streams at most.

    A cell has `trials`, a fixed number, or as many as the `sequential` test needs. A trial may take longer
    than `seconds`, because a worker's start and end are not included; see run/trials.py.
    """

    messages: Count
    seconds: Annotated[int, Meta(ge=1, le=DAY, description=WHOLE)]
    trials: Annotated[int, Meta(ge=1, le=MOST_TRIALS, description=WHOLE)] | None = None
    sequential: Wald | None = None
    sample: Count = 0

    def __post_init__(self) -> None:
        if (self.trials is None) == (self.sequential is None):
            raise Mistake("must have trials or sequential, one of the two")

    @property
    def rule(self) -> DecisionRule:
        """The rule that decides a cell."""
        return self.sequential.rule if self.sequential else Fixed(self.trials or 1)
