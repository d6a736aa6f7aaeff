"""What a plot shows: throughput against concurrency, a line for each pool, a panel for each workload."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.report.read.join import Joined
from poolproof.report.say.timed import Timed, at_default, probes, timed, workload


@dataclass(frozen=True, slots=True)
class Panel:
    """One workload, and its cells that have a number."""

    title: str
    cells: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """All the panels of a comparison; none where nothing has a number."""

    name: str
    panels: tuple[Panel, ...]


def plot(joined: Joined) -> Plot:
    """The plot of a comparison."""
    cells = {probe: tuple(at_default(timed(joined, probe))) for probe in probes(joined)}
    panels = tuple(Panel(workload(probe), found) for probe, found in cells.items() if found)
    return Plot(f"throughput-{joined.header.broker.server}", panels)
