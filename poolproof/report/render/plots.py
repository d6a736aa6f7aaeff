"""Throughput by concurrency: a line for each pool, a panel for each workload. Equal records give equal SVG.

Matplotlib draws it, from the dependency group `plots`; nothing else here needs it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from poolproof.model.cells import POOLS
from poolproof.model.errors import BadInput
from poolproof.report.render.escaping import printable
from poolproof.report.say.figures import Figure
from poolproof.report.say.plot import Panel, Plot
from poolproof.report.say.timed import Timed

COLOURS: Mapping[str, str] = dict(
    zip(POOLS, ("#0072b2", "#5c5c5c", "#b8860b", "#009e73", "#c2410c"), strict=True)
)
"""Readers who cannot see red or green can tell them apart, and they are dark enough for text on white."""
MARKERS: Mapping[str, str] = dict(zip(POOLS, "osD^v", strict=True))
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "poolproof",
    "svg.fonttype": "none",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "figure.constrained_layout.h_pad": 0.12,
    "figure.constrained_layout.w_pad": 0.12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a8a8a",
    "axes.labelcolor": "#444444",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
}
COLUMNS = 2
PANEL = (4.9, 3.4)
"""Inches."""
GAP = 0.075
"""Between two labels, as a share of the panel's height."""
DODGE = 1.045
"""The factor of concurrency by which a pool's line is moved from the one before it."""


@dataclass(slots=True)
class Label:
    """The name of a line at its end; `at` is its height as a share of the panel's."""

    cell: Timed
    at: float


def write(plot: Plot, folder: Path) -> Path | None:
    """Write the plot as an SVG and return its path; None, and no file, where nothing has a number."""
    if not plot.panels:
        return None
    path = folder / f"{plot.name}.svg"
    with mpl.rc_context(STYLE):
        canvas = _drawn(plot.panels)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            canvas.savefig(path, metadata={"Date": None, "Creator": None})
        except OSError as error:
            why = f"cannot be written: {error.strerror}; name another folder with --plots"
            raise BadInput(f"{path}: {why}") from None
    return path


def _drawn(panels: Sequence[Panel]) -> Canvas:
    rows = -(-len(panels) // COLUMNS)
    canvas = Canvas(figsize=(PANEL[0] * COLUMNS, PANEL[1] * rows), facecolor="white", layout="constrained")
    everywhere = sorted({cell.concurrency for panel in panels for cell in panel.cells})
    for number, panel in enumerate(panels, 1):
        _panel(canvas.add_subplot(rows, COLUMNS, number), panel, everywhere)
    return canvas


def _panel(axes: Axes, panel: Panel, everywhere: Sequence[int]) -> None:
    title, cells = printable(panel.title), panel.cells
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color="#222222", parse_math=False)
    _scales(axes, cells, everywhere)
    _ceiling(axes, cells, everywhere)
    for pool in dict.fromkeys(cell.pool for cell in cells):
        _line(axes, [cell for cell in cells if cell.pool == pool])
    _labels(axes, cells, everywhere[-1])


def _scales(axes: Axes, cells: Sequence[Timed], everywhere: Sequence[int]) -> None:
    """Concurrency on a log axis; throughput too where tasks wait, because it grows with concurrency there."""
    axes.set_xscale("log")
    axes.set_xlim(everywhere[0] / 1.3, everywhere[-1] * 4)
    axes.xaxis.set_major_locator(FixedLocator(everywhere))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.set_xlabel("concurrency")
    axes.set_ylabel("throughput, × one at a time")
    most = max(cell.at_most for cell in cells)
    if cells[0].line.delay_s is None:
        axes.set_ylim(0, most * 1.12)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    else:
        axes.set_yscale("log")
        axes.set_ylim(0.5, most * 1.5)
        axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}×"))
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)


def _ceiling(axes: Axes, cells: Sequence[Timed], everywhere: Sequence[int]) -> None:
    """What no worker can exceed: as many tasks at once as there are cores, or as may be in flight."""
    most = max(cell.at_most for cell in cells)
    points = sorted({*everywhere, most})
    axes.plot(
        points, [min(point, most) for point in points], color="#9a9a9a", linewidth=1, linestyle=(0, (4, 3))
    )
    middle = math.sqrt(everywhere[-1] * everywhere[len(everywhere) // 2])
    axes.annotate(
        "ceiling",
        (middle, min(middle, most)),
        (-4, 4),
        textcoords="offset points",
        ha="right",
        color="#777777",
        fontsize=9,
    )


def _line(axes: Axes, cells: Sequence[Timed]) -> None:
    pool, gains = cells[0].pool, [cell.gain for cell in cells]
    axes.errorbar(
        [_beside(cell) for cell in cells],
        [gain.value for gain in gains],
        yerr=_bars(gains),
        color=COLOURS[pool],
        marker=MARKERS[pool],
        markersize=5,
        linewidth=1.8,
        elinewidth=1.4,
        capsize=3,
    )


def _bars(gains: Sequence[Figure]) -> list[list[float]] | None:
    """How far each interval reaches below and above its median; none where a cell was timed once."""
    if not any(gain.interval for gain in gains):
        return None
    below = [gain.value - gain.ends[0] for gain in gains]
    return [below, [gain.ends[1] - gain.value for gain in gains]]


def _labels(axes: Axes, cells: Sequence[Timed], last: int) -> None:
    """Name each line at its end: to the right of the panel's last ones, below those that end earlier."""
    ends = list({cell.pool: cell for cell in cells}.values())
    for concurrency in {cell.concurrency for cell in ends}:
        labels = [Label(cell, _height(axes, cell)) for cell in ends if cell.concurrency == concurrency]
        for label in _spread(labels) if concurrency == last else _below(labels):
            axes.annotate(
                label.cell.pool,
                (_beside(label.cell), label.at),
                (8 if concurrency == last else 3, 0),
                xycoords=axes.get_xaxis_transform(),
                textcoords="offset points",
                va="center",
                color=COLOURS[label.cell.pool],
                fontweight="bold",
            )


def _beside(cell: Timed) -> float:
    """The concurrency, moved a little by the pool, so that equal lines do not hide each other.

    Only to the right, because on the left a line would exceed the ceiling.
    """
    return float(cell.concurrency * DODGE ** POOLS.index(cell.pool))


def _height(axes: Axes, cell: Timed) -> float:
    point = axes.transData.transform((cell.concurrency, cell.gain.value))
    return float(axes.transAxes.inverted().transform(point)[1])


def _below(labels: list[Label]) -> list[Label]:
    """Each label below its point, and below the one above it."""
    labels.sort(key=lambda label: -label.at)
    for label in labels:
        label.at -= GAP
    for upper, lower in pairwise(labels):
        lower.at = min(lower.at, upper.at - GAP)
    return labels


def _spread(labels: list[Label]) -> list[Label]:
    """Push labels apart, upwards from the lowest, and then back so that their middle stays."""
    labels.sort(key=lambda label: label.at)
    before = sum(label.at for label in labels)
    for lower, upper in pairwise(labels):
        upper.at = max(upper.at, lower.at + GAP)
    shift = (sum(label.at for label in labels) - before) / len(labels)
    return [Label(label.cell, label.at - shift) for label in labels]
