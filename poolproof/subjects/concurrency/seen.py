"""How many tasks run at once, and when each ran."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Span:
    """When a task began and ended, in monotonic nanoseconds."""

    task: str
    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """More tasks than run at once; some of them held until their gates were opened, one after another.

    `sent` is the order of sending; `spans` are in the order in which the tasks began. `kept` is how many ran
    each time before another gate was opened, while more tasks waited.
    """

    sent: tuple[str, ...]
    spans: tuple[Span, ...]
    kept: tuple[int, ...] = ()

    @property
    def at_once(self) -> int:
        """The most tasks that ran at one moment; one may begin as another ends."""
        begins, ends = [(span.begun, 1) for span in self.spans], [(span.ended, -1) for span in self.spans]
        return max(accumulate(step for _, step in sorted(begins + ends)), default=0)


@dataclass(frozen=True, slots=True)
class Reported:
    """The concurrency that a worker reports, and how many tasks it was seen to run at once."""

    pool: str
    concurrency: int
    at_once: int
