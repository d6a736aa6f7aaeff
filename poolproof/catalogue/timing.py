"""The table `timing` of the matrix: how often, how long and where work is timed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poolproof.catalogue.fields import DAY, Reader, above, list_of, may, one_of, table, text, whole
from poolproof.catalogue.when import WHEN, When
from poolproof.model.cells import Cell


@dataclass(frozen=True, slots=True)
class Effort:
    """What a tier times: fresh workers a cell, seconds of work on a clock, and the axes that are crossed."""

    repetitions: int
    seconds: float
    over: tuple[str, ...]


NOT_TIMED = Effort(repetitions=0, seconds=0.0, over=())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells that are not timed, and why."""

    when: When
    reason: str


@dataclass(frozen=True, slots=True)
class Timing:
    """All of `[timing]`; without it, or a tier of it, nothing is timed.

    `least_delay` is in seconds; `headroom` says how many times the ceiling of waiting tasks must go into the
    pool's no-op rate, so that the waiting is measured and not the way to the task.
    """

    least_delay: float = 0.01
    headroom: float = 2.0
    tiers: Mapping[str, Effort] = field(default_factory=dict)
    exclude: tuple[LeftOut, ...] = ()

    def effort(self, tier: str) -> Effort:
        """What a tier times."""
        return self.tiers.get(tier, NOT_TIMED)

    def leaves_out(self, cell: Cell) -> bool:
        """Whether this cell is not timed."""
        return any(out.when.fits(cell) for out in self.exclude)


NOTHING_TIMED = Timing()


def timing(axes: tuple[str, ...]) -> Reader[Timing]:
    """Reads the table; `axes` are those that a tier may cross."""
    effort = table(
        Effort, repetitions=whole(1), seconds=above(0, most=DAY), over=list_of(one_of("axis", axes), least=0)
    )
    return table(
        Timing,
        least_delay=above(0, most=DAY),
        headroom=above(1, most=1000),
        tiers=table(dict, smoke=may(effort), nightly=may(effort)),
        exclude=may(list_of(table(LeftOut, when=WHEN, reason=text))),
    )
