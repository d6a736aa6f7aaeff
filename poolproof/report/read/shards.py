"""Merges the shards of a run: all of them, each once, all with the same settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from poolproof.model.header import Header, PlannedCounts
from poolproof.model.record import BenchmarkLine, CellLine, Footer
from poolproof.report.read.bad_records import BadRecord, Doubled, MissingCell, NotComparable
from poolproof.report.read.facts import check_equal
from poolproof.report.read.reader import Run


def merged(runs: Iterable[Run]) -> list[Run]:
    """Whole runs as they are, and one for each environment that was run in shards.

    BadRecord, by its subclass and with the field, where shards are missing, doubled or not comparable.
    """
    groups: dict[str, list[Run]] = {}
    whole = []
    for run in runs:
        if run.header.shard is None:
            whole.append(run)
        else:
            groups.setdefault(run.environment, []).append(run)
    return [*whole, *(_merge(group) for group in groups.values())]


def newest(runs: Sequence[Run]) -> tuple[list[Run], list[BadRecord]]:
    """The newest run of each environment, whole or in shards, and why shards were skipped."""
    kept: dict[str, Run] = {}
    passed: list[BadRecord] = []
    for group in _makings(runs):
        try:
            (run,) = merged(group)
        except BadRecord as error:
            passed.append(error)
            continue
        rival = kept.get(run.environment)
        if rival is None or rival.header.run < run.header.run:
            kept[run.environment] = run
    return [kept[name] for name in sorted(kept)], passed


def _makings(runs: Iterable[Run]) -> Iterable[list[Run]]:
    """Runs that could be shards of one: equal in environment and in the number of shards."""
    groups: dict[tuple[str, int], list[Run]] = {}
    for run in runs:
        of = _number(run)[1] if run.header.shard else 0
        groups.setdefault((run.environment, of), []).append(run)
    return groups.values()


def _number(run: Run) -> tuple[int, int]:
    number, of = map(int, str(run.header.shard).split("/"))
    return number, of


def _merge(shards: Sequence[Run]) -> Run:
    ordered = sorted(shards, key=_number)
    _check_numbers(ordered)
    for shard in ordered[1:]:
        check_equal(ordered[0], shard, seed=True)
    _check_cells(ordered)
    claims = {name: claim for shard in ordered for name, claim in shard.claims.items()}
    return Run(
        path=ordered[0].path,
        header=_header(ordered, len(claims)),
        documents=ordered[0].documents,
        claims=claims,
        trials=list(chain.from_iterable(shard.trials for shard in ordered)),
        cells=sorted(chain.from_iterable(shard.cells for shard in ordered), key=_place),
        benchmarks=sorted(chain.from_iterable(shard.benchmarks for shard in ordered), key=_place),
        footer=_footer([shard.footer for shard in ordered if shard.footer is not None]),
    )


def _check_numbers(ordered: Sequence[Run]) -> None:
    first, of = ordered[0], _number(ordered[0])[1]
    for one, other in pairwise(ordered):
        if _number(other)[1] != of:
            raise NotComparable(
                f"{other.path}: shard is {other.header.shard}, in {first.path} it is "
                f"{first.header.shard}; give the shards of one run"
            )
        if _number(one) == _number(other):
            raise Doubled(f"{other.path}: shard {other.header.shard} is there twice; leave out {one.path}")
    missing = sorted({*range(1, of + 1)} - {_number(run)[0] for run in ordered})
    if missing:
        names = ", ".join(f"{number}/{of}" for number in missing)
        raise MissingCell(f"{first.path}: shard {names} of {first.environment} is missing; give all {of}")


def _check_cells(ordered: Sequence[Run]) -> None:
    """A cell that two shards decided means that they had different plans."""
    homes: dict[tuple[str, str], Run] = {}
    for shard in ordered:
        for cell in shard.cells:
            earlier = homes.setdefault((cell.claim, cell.cell), shard)
            if earlier is not shard:
                raise Doubled(
                    f"{shard.path}: cell {cell.cell} of {cell.claim} is in {earlier.path} too; "
                    "run all shards with the same matrix and catalogue"
                )


def _place(line: CellLine | BenchmarkLine) -> tuple[object, ...]:
    """The place of a cell in the whole plan. Tables show cells in this order, also those of other shards."""
    claim, at = line.claim if isinstance(line, CellLine) else "", line.at
    # A prefetch of 0 is no limit.
    return claim, at.pool, at.concurrency, at.prefetch or float("inf"), [value for _, value in at.variants]


def _header(ordered: Sequence[Run], claims: int) -> Header:
    planned = [shard.header.planned for shard in ordered]
    cells, benchmarks = sum(each.cells for each in planned), sum(each.benchmarks for each in planned)
    return replace(
        ordered[0].header,
        run=", ".join(shard.header.run for shard in ordered),
        shard=None,
        planned=PlannedCounts(claims, cells, benchmarks),
    )


def _footer(footers: Sequence[Footer]) -> Footer:
    return Footer(
        cells=sum(footer.cells for footer in footers),
        missing=sum(footer.missing for footer in footers),
        void=sum(footer.void for footer in footers),
        exit=max(footer.exit for footer in footers),
        seconds=sum(footer.seconds for footer in footers),
    )
