"""What the prefetch multiplier does to throughput: each value beside Celery's own, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from publish.join import Joined
from publish.markdown import series
from publish.timed import DEFAULT_PREFETCH, Timed, probes, timed

LOST = 0.5
"""The share of the default's throughput below which a cell is named, and not taken with the others."""
LIMITLESS = 0


def effect(joined: Joined) -> Iterable[str]:
    """One line, where several multipliers were timed: how far they differ, and where one costs most of it."""
    ratios = [pair for probe in probes(joined) for pair in _beside_the_default(timed(joined, probe))]
    near = [ratio for _, ratio in ratios if ratio >= LOST]
    if near:
        others = series(dict.fromkeys(_word(cell) for cell, _ in ratios))
        said = f"Prefetch {others} give {min(near):.2f}–{max(near):.2f}× the throughput of {DEFAULT_PREFETCH}"
        yield "; ".join([said, *_lost([pair for pair in ratios if pair[1] < LOST])])


def _lost(ratios: Sequence[tuple[Timed, float]]) -> Iterable[str]:
    for word in dict.fromkeys(_word(cell) for cell, _ in ratios):
        found = {f"{cell.pool} -c {cell.concurrency}": ratio for cell, ratio in ratios if _word(cell) == word}
        yield f"but with {word}, {series(found)} come to {max(found.values()):.2f}×"


def _beside_the_default(cells: Iterable[Timed]) -> Iterable[tuple[Timed, float]]:
    cells = list(cells)
    usual = {(cell.pool, cell.concurrency): cell for cell in cells if cell.prefetch == DEFAULT_PREFETCH}
    for cell in cells:
        beside = usual.get((cell.pool, cell.concurrency))
        if beside and cell is not beside:
            yield cell, cell.gain.value / beside.gain.value


def _word(cell: Timed) -> str:
    return "no limit" if cell.prefetch == LIMITLESS else str(cell.prefetch)
