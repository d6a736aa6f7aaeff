"""What was run, on what, and why a page may not be the result of its environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from poolproof.model.cells import POOLS
from poolproof.model.header import BrokerLine
from poolproof.model.record import CellLine, ClaimLine
from poolproof.model.verdict import INSTRUMENT_FAILED
from poolproof.report.read.join import Joined
from poolproof.report.say.content import Code, Paragraph, Strong, Text, separated


def warnings(joined: Joined) -> Iterable[Paragraph]:
    """Why a single record is not the result of its environment."""
    for run in joined.runs:
        if run.footer is None or run.missing:
            missing = f"{run.missing} of {run.planned} planned cells are missing."
            yield _warning("Unfinished", missing)
        elif run.footer.exit >= INSTRUMENT_FAILED:
            yield _warning(
                "The instrument failed", "do not rely on this page; the output of the run says why."
            )
        elif run.header.partial:
            yield _warning(
                "Partial", "only a selection was run, so this is not the result of the environment."
            )
        elif run.header.shard:
            yield _warning(f"Shard {run.header.shard}", "a part of a run; join it with the others.")


def without(joined: Joined) -> Iterable[Paragraph]:
    """Which pools are missing on a page about all the claims."""
    ran = {run.header.pool for run in joined.runs}
    missing = [pool for pool in POOLS if pool not in ran]
    if missing:
        yield _warning("Incomplete", f"no run of {', '.join(missing)}, so this page does not cover them.")


def _warning(what: str, meaning: str) -> Paragraph:
    return Paragraph((Strong(f"{what}:"), f" {meaning}"))


def facts(joined: Joined, claims: Iterable[ClaimLine] | None = None) -> Iterable[Text]:
    """Software, broker, machine, tier, what was counted, and the names of the runs.

    With the `claims` that a page is about, only their cells are counted, and no timings.
    """
    header = joined.header
    versions = {name: version for run in joined.runs for name, version in run.header.versions.items()}
    yield ("Software: " + ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),)
    had = sorted({_had(run.header.broker) for run in joined.runs})
    yield (f"Broker: {header.broker.server} {header.broker.version}, from {', '.join(had)}",)
    machine = header.machine
    system = f"{machine.system} {machine.release} on {machine.architecture}"
    yield (f"Machine: {system}, cores: {machine.cores}, memory: {machine.memory_gib} GiB",)
    yield (f"Tier: {header.tier}, {_rule(joined)}",)
    about = joined.claims if claims is None else {claim.id for claim in claims}
    if cells := [cell for cell in joined.cells if cell.claim in about]:
        yield (f"Cells: {_counted(cells)}",)
    if joined.benchmarks and claims is None:
        yield (f"Timed: {_timed(joined)}",)
    yield "Runs: ", *separated((Code(run.header.run),) for run in joined.runs)


def _had(broker: BrokerLine) -> str:
    return f"docker, image {broker.image}" if broker.image else broker.origin


def _rule(joined: Joined) -> str:
    rule = joined.header.rule
    if isinstance(rule.trials, int):
        trials = "one trial" if rule.trials == 1 else f"{rule.trials} trials"
        return f"{trials} per cell: provisional"
    return "Wald's sequential test, " + ", ".join(
        f"{name} = {number}" for name, number in rule.numbers().items()
    )


def _counted(cells: Iterable[CellLine]) -> str:
    counts = Counter(cell.outcome or "n/a" for cell in cells)
    return f"{sum(counts.values())}; " + ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _timed(joined: Joined) -> str:
    lines = joined.benchmarks
    made = sorted({line.repetitions for line in lines})
    often = "once" if made == [1] else f"{' to '.join(map(str, made[:1] + made[1:][-1:]))} times"
    vain = sum(line.throughput is None for line in lines)
    return f"{len(lines)} cells, each {often}" + (f"; {vain} without a number" if vain else "")
