"""The tiers: how much a run asks of each cell, from a quick look to a night."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.catalogue.fields import DAY, Reader, may, rate, table, whole
from poolproof.catalogue.mistakes import Mistake
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import DecisionRule, Fixed

MOST_TRIALS = 10_000
"""More trials of one cell than any run can make."""


@dataclass(frozen=True, slots=True)
class Tier:
    """How much is asked: trials of a cell (`rule`), and what a trial streams at most: messages, and seconds.

    The wall of a trial is later than `seconds`, for workers start and end besides; see run/trials.py.
    """

    messages: int
    seconds: int
    rule: DecisionRule
    sample: int = 0


def _sequential(p0: float, p1: float, alpha: float, beta: float) -> Sequential:
    if p0 >= p1:
        raise Mistake(f"is {p0}, must be below p1, which is {p1}", "p0")
    if alpha + beta >= 1:
        raise Mistake(f"is {alpha}, its sum with beta ({beta}) must be below 1", "alpha")
    rule = Sequential(p0, p1, alpha, beta)
    if rule.satisfied_step * MOST_TRIALS > rule.lower:
        raise Mistake(
            f"is {p1}, so near to p0 ({p0}) that a cell takes over {MOST_TRIALS} trials; move it up",
            "p1",
        )
    return rule


def _tier(
    messages: int, seconds: int, trials: int = 0, sequential: Sequential | None = None, sample: int = 0
) -> Tier:
    if bool(trials) == bool(sequential):
        raise Mistake("must have trials or sequential, one of the two")
    return Tier(messages, seconds, sequential or Fixed(trials), sample)


_TIER: Reader[Tier] = table(
    _tier,
    messages=whole(1),
    seconds=whole(1, most=DAY),
    trials=may(whole(1, MOST_TRIALS)),
    sample=may(whole(1)),
    sequential=may(table(_sequential, p0=rate, p1=rate, alpha=rate, beta=rate)),
)

TIERS: Reader[dict[str, Tier]] = table(dict, smoke=_TIER, nightly=_TIER)
"""The table `tiers`: each of the two must be there."""
