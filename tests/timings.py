"""Records of realistic timings: five pools on two cores, with a small scatter between repetitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from poolproof.model.cells import Cell
from poolproof.model.numbers import LEAST_FOR_P99
from poolproof.model.record import Benchmark
from poolproof.timing.plan import PROBES
from poolproof.timing.sample import Sample, figures
from poolproof.timing.sizing import delay
from poolproof.timing.stats import coverage
from tests.records import ALL, CONCURRENCIES, GREEN, Draft, claim, rewrite

CORES = 2
BARE = {"cpu-python": 97.0, "cpu-nogil": 103.0}
NOOPS = {"prefork": 1600, "solo": 900, "threads": 1250, "eventlet": 1050, "gevent": 1500}
CHILD = claim("crashes.child-crash-is-contained", "A crash in a child leaves the manager alive.", ["prefork"])
WORKER = claim("crashes.crash-ends-the-worker", "A task that crashes stops the whole worker.", ALL[1:])


@dataclass(frozen=True, slots=True)
class Times:
    """What is timed, `repetitions` times each: every cell over these prefetch multipliers, or `cells`."""

    repetitions: int = 5
    prefetches: Sequence[int] = (1, 4, 0)
    probes: Sequence[str] = PROBES
    cells: frozenset[str] = frozenset()
    spoil: Callable[[Benchmark], Benchmark] = field(default=lambda line: line)

    def add(self, path: Path, pool: str) -> Path:
        """Write the timings of a pool into its record, instead of those that are there."""
        timed = [self.spoil(self._line(probe, cell)) for cell in self._cells(pool) for probe in self.probes]

        def put(lines: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
            kept = [line for line in lines if line["record"] != "benchmark"]
            kept[0]["planned"]["benchmarks"] = len(timed)
            kept[-1]["exit"] |= any(line.throughput is None for line in timed)
            return [*kept[:-1], *map(_record, timed), kept[-1]]

        return rewrite(path, put)

    def _cells(self, pool: str) -> Iterable[Cell]:
        every = (Cell(pool, c, p) for c in CONCURRENCIES[pool] for p in self.prefetches)
        return (cell for cell in every if not self.cells or cell.id in self.cells)

    def _line(self, probe: str, cell: Cell) -> Benchmark:
        luck = Random(f"{probe} {cell.id}")
        samples = [_sample(probe, cell, luck) for _ in range(self.repetitions)]
        middles = figures(samples)
        intervals = {name: middle.interval for name, middle in middles.items() if middle.interval}
        values: dict[str, Any] = {name: middle.value for name, middle in middles.items()}
        return Benchmark(
            probe=probe,
            cell=cell,
            n=samples[0].n,
            unique=samples[0].n,
            repetitions=self.repetitions,
            planned=self.repetitions,
            cores=CORES,
            command=f"celery worker -P {cell.pool}",
            repeat=f'./toxw -e {cell.pool}-redis -- -k "{cell.id}"',
            intervals=intervals or None,
            coverage=coverage(self.repetitions),
            delay_s=samples[0].delay_s,
            **values,
        )


def runs(folder: Path, times: Times, pools: Iterable[str] = ALL, **draft: Any) -> list[Path]:
    """A record of each pool: the claims on crashes, unless others are given, and these timings."""
    draft = {"claims": [CHILD, WORKER], **draft}
    return [times.add(Draft(pool, **draft).write(folder), pool) for pool in pools]


def _record(line: Benchmark) -> dict[str, Any]:
    return {"record": "benchmark", **asdict(line), "cell": line.cell.id, "axes": line.cell.axes()}


def _sample(probe: str, cell: Cell, luck: Random) -> Sample:
    at_once, noop_rate = 1 if cell.pool == "solo" else cell.concurrency, NOOPS[cell.pool]
    waits = delay(at_once, noop_rate, 0.01, 2) if probe.startswith("io") else None
    ceiling = at_once / waits if waits else BARE.get(probe, 100.0) * CORES
    rate = ceiling * _share(probe, cell, at_once) * luck.gauss(1, 0.012)
    own = (waits or at_once / rate) * 1000
    return Sample(
        n=round(rate * 1.5),
        unique=round(rate * 1.5),
        throughput=rate,
        p50_ms=own * luck.uniform(1.01, 1.05),
        p99_ms=own * luck.uniform(1.2, 1.6) if round(rate * 1.5) >= LEAST_FOR_P99 else None,
        slowest_ms=own * luck.uniform(1.6, 1.7),
        ceiling=ceiling,
        pss_mib=(48 + 14 * at_once if cell.pool == "prefork" else 52 + 0.1 * at_once) * luck.gauss(1, 0.004),
        ready_s=luck.uniform(0.9, 1.3),
        delay_s=waits,
        noop_rate=noop_rate * luck.gauss(1, 0.01) if waits else None,
    )


def _share(probe: str, cell: Cell, at_once: int) -> float:
    """The share of the ceiling that a pool reaches; a little less without prefetched messages."""
    buffered = 0.97 if cell.prefetch == 1 else 1
    if probe.startswith("io"):
        crowd = 1 - 0.0016 * at_once if cell.pool in GREEN else 1
        return (0.97 if cell.pool == "gevent" else 0.95) * crowd * buffered
    parallel = cell.pool == "prefork" or (probe == "cpu-nogil" and cell.pool == "threads")
    return 0.96 * buffered * (min(at_once, CORES) if parallel else 1) / CORES
