"""The table `timing` of the matrix: how often, how long and in which cells work is timed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from poolproof.catalogue.mistakes import under, unknown
from poolproof.catalogue.tiers import TierName
from poolproof.catalogue.typed import SOME, Count, Seconds, Table, Text
from poolproof.catalogue.when import When, fits
from poolproof.model.cells import AXES, Cell


class Effort(Table, frozen=True):
    """What a tier times: fresh workers for each cell, seconds of work on a clock, the axes to cross."""

    repetitions: Count
    seconds: Seconds
    over: tuple[Text, ...]

    def __post_init__(self) -> None:
        for n, axis in enumerate(self.over, 1):
            if axis not in AXES:
                with under("over"), under(f"#{n}"):
                    raise unknown("axis", axis, AXES)


NOT_TIMED = Effort(repetitions=0, seconds=0.0, over=())


class LeftOut(Table, frozen=True):
    """Cells that are not timed, and why."""

    when: When
    reason: Text


class Timing(Table, frozen=True):
    """All of `[timing]`; without it, or a tier of it, nothing is timed.

    `least_delay` is in seconds. The pool's no-op rate must be at least `headroom` times the ceiling of
    waiting tasks, so that the clock measures the waiting and not the delivery of the tasks.
    """

    least_delay: Seconds
    headroom: Annotated[float, Meta(gt=1, le=1000, description="must be a number above 1")]
    tiers: Annotated[dict[Annotated[TierName, Meta(title="tier")], Effort], SOME]
    exclude: Annotated[tuple[LeftOut, ...], SOME] = ()

    def effort(self, tier: str) -> Effort:
        """What a tier times."""
        return next((effort for name, effort in self.tiers.items() if name == tier), NOT_TIMED)

    def leaves_out(self, cell: Cell) -> bool:
        """Whether this cell is not timed."""
        return any(fits(out.when, cell) for out in self.exclude)


NOTHING_TIMED = Timing(least_delay=0.01, headroom=2.0, tiers={})
