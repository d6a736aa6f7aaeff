"""Which pool for which work: at equal concurrency, and in an order only where intervals do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from poolproof.model.cells import POOLS
from poolproof.report.read.join import Joined
from poolproof.report.say.content import (
    Block,
    Code,
    Heading,
    Items,
    Paragraph,
    Sign,
    Strong,
    Table,
    Text,
    columns,
    separated,
    series,
)
from poolproof.report.say.figures import Figure, share, short
from poolproof.report.say.prefetch import effect
from poolproof.report.say.timed import (
    DEFAULT_PREFETCH,
    Timed,
    at_default,
    beats,
    known,
    probes,
    timed,
    workload,
)

NOTHING: Text = (Sign(None),)
TWO = 2
MILLI = 1000
LEGEND = f"""Each number is a share of the ceiling, at prefetch {DEFAULT_PREFETCH}. Compare only within a row.
For waiting tasks the ceiling is -c tasks in each delay, which stands beside the share; the rest is what the
pool costs per slot. For computing tasks the ceiling is the bare function on every core. A no-op is a task
that does nothing: its time is what the pool costs per task."""


@dataclass(frozen=True, slots=True)
class Row:
    """One probe at one concurrency, and the cell of each pool that was timed there."""

    probe: str
    concurrency: int
    cells: Mapping[str, Timed]

    @property
    def best(self) -> list[str]:
        """The pools one of which is the fastest; none where every pool may be the fastest."""
        return self.first if len(self.first) < len(self.cells) else []

    @property
    def first(self) -> list[str]:
        """The fastest pool and those that may be equally fast; none where cells were timed too few times."""
        if not all(cell.comparable for cell in self.cells.values()):
            return []
        fastest = max(self.cells.values(), key=lambda cell: cell.gain.value)
        return [pool for pool, cell in self.cells.items() if not beats(fastest, cell)]


def section(joined: Joined) -> Iterable[Block]:
    """A line for each workload, and the table; nothing where no two pools share a concurrency."""
    rows = [row for probe in probes(joined) for row in _rows(joined, probe)]
    if rows:
        yield Heading(2, ("Choose a pool",))
        yield Items((*_answers(rows), *((line,) for line in effect(joined))))
        yield _table(rows)
        yield Paragraph((LEGEND,))


def _rows(joined: Joined, probe: str) -> Iterable[Row]:
    cells = at_default(timed(joined, probe))
    for concurrency in sorted({cell.concurrency for cell in cells}):
        here = {cell.pool: cell for cell in cells if cell.concurrency == concurrency}
        if len(here) >= TWO:
            yield Row(probe, concurrency, here)


def _answers(rows: Sequence[Row]) -> Iterable[Text]:
    """The best pool of each workload at each concurrency; one line where cells were timed too few times."""
    if not any(row.first for row in rows):
        yield ("Each cell was timed too few times to order the pools",)
        return
    for probe in dict.fromkeys(row.probe for row in rows):
        found = [row for row in rows if row.probe == probe]
        yield f"{workload(probe)}: ", *separated(_order(found), by="; ")
    yield from _noops(rows)


def _order(rows: Sequence[Row]) -> Iterable[Text]:
    """The fastest pools at each concurrency; they are not ordered, nor are the others."""
    where: dict[str, list[str]] = {}
    for row in rows:
        where.setdefault(" or ".join(row.best), []).append(str(row.concurrency))
    alike = where.pop("", [])
    for pools, found in where.items():
        yield Strong(pools), f" at -c {series(found)}"
    if alike:
        yield (f"no order at -c {series(alike)}",)


def _noops(rows: Sequence[Row]) -> Iterable[Text]:
    """The pools that run no-ops fastest at the lowest concurrency, where each repetition counted no-ops."""
    cells = _waiting(rows)
    figures = {pool: cell.figure("noop_rate") for pool, cell in cells.items() if cell.comparable}
    if len(cells) == len(figures) >= TWO and all(figure.interval for figure in figures.values()):
        most = max(figures.values(), key=lambda figure: figure.value)
        first = [pool for pool, figure in figures.items() if not most.apart(figure)]
        who = Strong(" or ".join(first)) if len(first) < len(figures) else "no order"
        yield "Tasks that do nothing: ", who, f" at -c {_least(rows)}"


def _waiting(rows: Sequence[Row]) -> Mapping[str, Timed]:
    """The cells of waiting tasks at the lowest concurrency: they have the time of a no-op."""
    at_least = [row for row in rows if row.concurrency == _least(rows)]
    found = {pool: cell for row in at_least for pool, cell in row.cells.items() if cell.waits}
    return {pool: found[pool] for pool in POOLS if pool in found}


def _least(rows: Sequence[Row]) -> int:
    return min(row.concurrency for row in rows)


def _table(rows: Sequence[Row]) -> Table:
    pools = [pool for pool in POOLS if any(pool in row.cells for row in rows)]
    body: list[tuple[Text, ...]] = [
        ((Code(row.probe), f" -c {row.concurrency}"), *_cells(row, pools)) for row in rows
    ]
    waiting = _waiting(rows)
    if waiting:
        times = ((_milliseconds(waiting[pool]),) if pool in waiting else NOTHING for pool in pools)
        body.append(((f"no-op -c {_least(rows)}",), *times))
    return Table(columns("", *pools), tuple(body))


def _cells(row: Row, pools: Iterable[str]) -> Iterable[Text]:
    """The shares of a row, with the delays of waiting tasks."""
    for pool in pools:
        cell = row.cells.get(pool)
        if cell is None:
            yield NOTHING
            continue
        shown = share(Figure(known(cell.line.ceiling_share)))
        yield (f"{shown} {_wait(known(cell.line.delay_s))}" if cell.waits else shown,)


def _wait(delay: float) -> str:
    return f"{delay:.2f} s" if delay >= 1 else f"{delay * MILLI:.0f} ms"


def _milliseconds(cell: Timed) -> str:
    return f"{short(MILLI / known(cell.line.noop_rate))} ms"
