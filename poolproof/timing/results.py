"""Keeps the samples of each probe and cell until its last repetition, and makes its record line of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poolproof.model.cells import Cell
from poolproof.model.record import Benchmark
from poolproof.timing.plan import Slot
from poolproof.timing.sample import Sample, figures, rounded
from poolproof.timing.stats import coverage

Key = tuple[str, Cell]


@dataclass(slots=True)
class Account:
    """What is known of one probe in one cell; `reason` is the first repetition's that has no number."""

    planned: int
    command: str = ""
    samples: list[Sample] = field(default_factory=list)
    sent: int = 0
    unique: int = 0
    made: int = 0
    reason: str | None = None


class Ledger:
    """Writes one line a probe and cell: at its last planned repetition, or at the end of a cut run."""

    def __init__(
        self,
        slots: Sequence[Slot],
        cores: int,
        repeat: str,
        write: Callable[[Benchmark], None],
    ) -> None:
        """Open an account for each probe and cell; `repeat` is a command that has {probe} and {cell}."""
        planned = Counter((slot.probe, slot.cell) for slot in slots)
        self._open = {key: Account(count) for key, count in planned.items()}
        self._cores = cores
        self._write = write
        self._repeat = repeat

    def keep(self, slot: Slot, sample: Sample, command: str) -> None:
        """Enter a repetition that proved itself right."""
        account = self._account(slot, command)
        account.samples.append(sample)
        if account.reason is None:
            account.sent, account.unique = sample.n, sample.unique
        self._close_if_full(slot)

    def refuse(self, slot: Slot, reason: str, sent: int, unique: int, command: str) -> None:
        """Enter a repetition without a number: the whole line will have none, and says why."""
        account = self._account(slot, command)
        if account.reason is None:
            account.reason = f"repetition {slot.repetition}: {reason}"
            account.sent, account.unique = sent, unique
        self._close_if_full(slot)

    def close(self) -> None:
        """Write what was begun and cut off; its line has fewer repetitions than planned."""
        for key, account in self._open.items():
            if account.made:
                self._write(self._line(key, account))
        self._open.clear()

    def _account(self, slot: Slot, command: str) -> Account:
        account = self._open[slot.probe, slot.cell]
        account.made += 1
        account.command = command or account.command
        return account

    def _close_if_full(self, slot: Slot) -> None:
        key = slot.probe, slot.cell
        if self._open[key].made == self._open[key].planned:
            self._write(self._line(key, self._open.pop(key)))

    def _line(self, key: Key, account: Account) -> Benchmark:
        probe, cell = key
        bare = Benchmark(
            probe=probe,
            cell=cell,
            n=account.sent,
            unique=account.unique,
            repetitions=account.made,
            planned=account.planned,
            cores=self._cores,
            reason=account.reason,
            command=account.command,
            repeat=self._repeat.format(probe=f"test_{probe.replace('-', '_')}", cell=cell.id),
        )
        return bare if account.reason is not None else _with_figures(bare, account.samples)


def _with_figures(line: Benchmark, samples: Sequence[Sample]) -> Benchmark:
    middles = figures(samples)
    intervals = {
        name: (rounded(middle.interval[0]), rounded(middle.interval[1]))
        for name, middle in middles.items()
        if middle.interval
    }
    medians: dict[str, Any] = {name: rounded(middle.value) for name, middle in middles.items()}
    return replace(
        line,
        **medians,
        intervals=intervals or None,
        coverage=coverage(len(samples)),
        delay_s=samples[-1].delay_s,
    )
