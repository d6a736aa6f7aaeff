"""The processes and threads that a worker had while it ran tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poolproof.model.processes import Life, Span


@dataclass(frozen=True, slots=True)
class Watch:
    """Every process that a worker had from `begin` to `end`, and which process and thread ran each task.

    `by` says how births were seen: by the kernel's messages, or by scans so many milliseconds apart.
    """

    manager: int
    lives: tuple[Life, ...]
    begin: int
    end: int
    ran_in: tuple[tuple[int, int], ...]
    by: str

    @property
    def children(self) -> tuple[Life, ...]:
        """Every process but the manager that lived in that time, even for a moment."""
        return tuple(life for life in self._present() if life.pid != self.manager)

    @property
    def processes(self) -> tuple[int, int]:
        """The fewest and the most processes that there were at the same moment."""
        return self._extremes(self.lives)

    @property
    def threads(self) -> dict[int, tuple[int, int]]:
        """The fewest and the most threads that each process had at the same moment, by pid."""
        return {life.pid: self._extremes(life.threads, life) for life in self._present()}

    def _present(self) -> list[Life]:
        return [life for life in self.lives if life.within(self.begin, self.end)]

    def _extremes(self, spans: Iterable[Life | Span], of: Life | None = None) -> tuple[int, int]:
        """The fewest and the most that are alive at the same moment; for a process, during its own life."""
        begin = max(self.begin, of.born) if of else self.begin
        end = min(self.end, of.died - 1) if of and of.died is not None else self.end
        inside = [span for span in spans if span.within(begin, end)]
        moments = {begin, *(span.born for span in inside), *(span.died for span in inside if span.died)}
        counts = [sum(span.lives_at(at) for span in inside) for at in moments if begin <= at <= end]
        return min(counts, default=0), max(counts, default=0)
