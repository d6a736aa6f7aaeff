"""Keeps the samples of each probe and cell until its last repetition, and makes one record line of them."""

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
class Series:
    """The repetitions of one probe in one cell; `reason` is why the first one without a number has none."""

    planned: int
    command: str = ""
    samples: list[Sample] = field(default_factory=list)
    sent: int = 0
    unique: int = 0
    made: int = 0
    reason: str | None = None


class BenchmarkResults:
    """Writes one line for each probe and cell: at its last planned repetition, or at the end of a cut run."""

    def __init__(
        self,
        slots: Sequence[Slot],
        cores: int,
        repeat: str,
        write: Callable[[Benchmark], None],
    ) -> None:
        """Start a series for each probe and cell; `repeat` is a command with {probe} and {cell} in it."""
        planned = Counter((slot.probe, slot.cell) for slot in slots)
        self._open = {key: Series(count) for key, count in planned.items()}
        self._cores = cores
        self._write = write
        self._repeat = repeat

    def keep(self, slot: Slot, sample: Sample, command: str) -> None:
        """Keep a repetition that was proved right."""
        series = self._series(slot, command)
        series.samples.append(sample)
        if series.reason is None:
            series.sent, series.unique = sample.n, sample.unique
        self._close_if_full(slot)

    def refuse(self, slot: Slot, reason: str, sent: int, unique: int, command: str) -> None:
        """Keep a repetition without a number: then the whole line has none, and gives the reason."""
        series = self._series(slot, command)
        if series.reason is None:
            series.reason = f"repetition {slot.repetition}: {reason}"
            series.sent, series.unique = sent, unique
        self._close_if_full(slot)

    def close(self) -> None:
        """Write the series that were cut short; their lines have fewer repetitions than planned."""
        for key, series in self._open.items():
            if series.made:
                self._write(self._line(key, series))
        self._open.clear()

    def _series(self, slot: Slot, command: str) -> Series:
        series = self._open[slot.probe, slot.cell]
        series.made += 1
        series.command = command or series.command
        return series

    def _close_if_full(self, slot: Slot) -> None:
        key = slot.probe, slot.cell
        if self._open[key].made == self._open[key].planned:
            self._write(self._line(key, self._open.pop(key)))

    def _line(self, key: Key, series: Series) -> Benchmark:
        probe, cell = key
        bare = Benchmark(
            probe=probe,
            cell=cell,
            n=series.sent,
            unique=series.unique,
            repetitions=series.made,
            planned=series.planned,
            cores=self._cores,
            reason=series.reason,
            command=series.command,
            repeat=self._repeat.format(probe=f"test_{probe.replace('-', '_')}", cell=cell.id),
        )
        return bare if series.reason is not None else _with_figures(bare, series.samples)


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
