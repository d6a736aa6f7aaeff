"""How long tasks took, how many calls they made, and how much processor time they demanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tasks run from a filled queue, in seconds.

    `span` reaches from the first start to the last end, `tasks` has how long each task ran, `most` is how
    many ran at once at the most. `delayed` is for how long the only thread that ran tasks, or the manager
    that had to give it the next one, was ready to run and had no processor. Where tasks ran in several
    threads it is 0, because one may wait while another continues. `undisturbed` may still be `too_long`
    seconds too long, or `too_short` too short: a wait delayed the batch, or it only overlapped another one.
    `computed` has the seconds of a processor that each computation took; `threads` is how many ran tasks.
    """

    span: float
    tasks: tuple[float, ...]
    most: int = 1
    delayed: float = 0.0
    too_long: float = 0.0
    too_short: float = 0.0
    computed: tuple[float, ...] = ()
    threads: int = 1

    def slower_by(self, fastest: float) -> float:
        """How much longer its computations took than the fastest one; 0 where several threads overlapped."""
        return sum(self.computed) - fastest * len(self.computed) if self.threads == 1 else 0.0

    @property
    def undisturbed(self) -> float:
        """The seconds that it would have taken with a processor free at any time."""
        return self.span - self.delayed


SLOWER = 1.4
"""How many times as long makes slower: half way, by ratio, between the same time and twice the time.

Less than that is the same: what a machine that does other work as well adds to tasks of tens of milliseconds.
"""
AS_LONG = 1.2
"""How many times as long as a worker may solo compute that takes no longer: half way, by ratio, to SLOWER."""
OWN_PROCESSOR = 0.85
"""The part of its time that a task must run, or be ready to run, if nothing but processors delays it."""
EITHER_WAY = (1 / SLOWER, SLOWER)
OTHER_SLOWER = (1 / SLOWER, 1 / AS_LONG)
"""The ratios of a batch to the other one at which a judgement changes: of as long, of which is slower."""


def comparable(own: Batch, other: Batch, limits: Sequence[float]) -> bool:
    """Whether a busy machine left no doubt on which side of each limit the ratio of two batches lies.

    Both compute the same. So a computation that took more of a processor than the fastest one had a slower
    processor: the two of a virtual machine are not equally fast at each moment.
    """
    fastest = min((*own.computed, *other.computed), default=0.0)
    slow, slow_other = (each.slower_by(fastest) for each in (own, other))
    shortest = max(other.undisturbed - other.too_long - slow_other, 1e-9)
    least = (own.undisturbed - own.too_long - slow) / (other.undisturbed + other.too_short)
    most = (own.undisturbed + own.too_short) / shortest
    return not any(least < limit < most for limit in limits)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Batches of the worker under test and of another one that ran the same tasks at the same time."""

    name: str
    worker: tuple[Batch, ...]
    other: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class OneThenMany:
    """A batch of one task, and then a batch of many, of the same worker."""

    one: Batch
    many: Batch


@dataclass(frozen=True, slots=True)
class CallCounts:
    """How often the worker under test and a solo worker read and wrote while they ran `tasks`, by batch."""

    tasks: int
    worker: tuple[int, ...]
    solo: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """By thread of a process, the nanoseconds for which it had run or waited for a processor.

    It was read at some time between `earliest` and `latest`, in monotonic nanoseconds. The thread that read
    it had been `blocked` so often: it had given up its processor, to wait for something else.
    """

    earliest: int
    latest: int
    demanded: Mapping[int, int]
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class Computation:
    """One task that computed in a thread, and what was demanded until it began and until it ended."""

    task: str
    pid: int
    thread: int
    before: Demand
    after: Demand

    @property
    def share(self) -> float:
        """The part of its shortest possible time for which its thread ran, or was ready to run."""
        demanded = self.after.demanded[self.thread] - self.before.demanded[self.thread]
        return min(1.0, demanded / (self.after.earliest - self.before.latest))

    @property
    def blocked(self) -> int:
        """How often its thread waited for anything but a processor."""
        return self.after.blocked - self.before.blocked


@dataclass(frozen=True, slots=True)
class Round:
    """Tasks that waited at a gate and computed when it opened; `held` of the `sent` ran before it did."""

    sent: int
    held: int
    computations: tuple[Computation, ...]

    @property
    def spoilt(self) -> bool:
        """Whether the host took time from this machine: a thread neither ran, nor was ready, nor blocked."""
        return any(not each.blocked and each.share < OWN_PROCESSOR for each in self.computations)
