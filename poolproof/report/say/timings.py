"""Every timed cell: shares of the ceiling first, because other machines give similar shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from poolproof.model.record import BenchmarkLine
from poolproof.report.read.join import Joined
from poolproof.report.say.choose import NOTHING
from poolproof.report.say.content import (
    Block,
    Code,
    Heading,
    Image,
    Paragraph,
    Table,
    Text,
    columns,
    items,
    written,
)
from poolproof.report.say.figures import rate, share, short
from poolproof.report.say.timed import Timed, known, lines, probes, workload

LEGEND = """Read the direction of a difference, not the rates: another machine gives similar shares of the
ceiling, but other rates. No worker can exceed the ceiling: for waiting tasks it is those in flight ÷ the
delay; for computing tasks, the bare function on every core. p50 and tail are durations of a task inside the
pool; the tail is p99, or the slowest task (max) where n has fewer than 100 tasks. MiB is the memory (PSS) of
the worker and its children; ready is the time from the start of the worker to its first answer; n is
repetitions × tasks. The delay is long enough that tasks wait for it, and not for the pool."""
COLUMNS: Mapping[str, Callable[[Timed], str]] = {
    "of ceiling": lambda cell: share(cell.figure("ceiling_share")),
    "tasks/s": lambda cell: rate(cell.figure("throughput")),
    "p50 ms": lambda cell: short(known(cell.line.p50_ms)),
    "tail ms": lambda cell: cell.tail,
    "MiB": lambda cell: f"{known(cell.line.pss_mib):.0f}",
    "ready": lambda cell: f"{known(cell.line.ready_s):.1f} s",
    "n": lambda cell: f"{cell.line.repetitions}×{cell.line.n}",
    "delay": lambda cell: f"{cell.line.delay_s * 1000:.0f} ms" if cell.line.delay_s else "-",
}


def section(joined: Joined, plot: str = "") -> Iterable[Block]:
    """A table for each probe, below the plot if there is one; nothing when nothing was timed."""
    if not joined.benchmarks:
        return
    yield Heading(2, ("Timings",))
    yield Paragraph((_repetitions(joined.benchmarks),))
    yield Paragraph((LEGEND,))
    if plot:
        yield Image(
            "Throughput by concurrency, with one line for each pool and one plot for each workload", plot
        )
    for probe in probes(joined):
        cells = lines(joined, probe)
        yield Heading(3, (f"{workload(probe)}: ", Code(probe)))
        yield Table(columns("cell", *COLUMNS), tuple(map(_row, cells)), family="timings")
        yield from items(_numberless(cells))


def _repetitions(benchmarks: Sequence[BenchmarkLine]) -> str:
    made = sorted({line.repetitions for line in benchmarks})
    sure = [line.coverage for line in benchmarks if line.coverage is not None]
    if not sure:
        return "Each cell was timed once, so there is no interval, and a difference proves nothing."
    count = f"{made[0]}" if len(made) == 1 else f"{made[0]} to {made[-1]}"
    held = f"the interval in brackets contains the true median with {min(sure):.0%} probability"
    return f"Medians over {count} fresh workers per cell; {held}."


def _row(line: BenchmarkLine) -> tuple[Text, ...]:
    name = (line.cell,)
    if line.throughput is None:
        return name, ("no number",), *(NOTHING for _ in range(len(COLUMNS) - 1))
    return name, *((shown(Timed(line)),) for shown in COLUMNS.values())


def _numberless(cells: Sequence[BenchmarkLine]) -> Iterable[Text]:
    """Why a number is missing, where it is."""
    for line in cells:
        if line.throughput is None:
            yield Code(line.cell), ": ", *written(line.reason or "")
