"""Joins the runs of several environments, if they differ only in the pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from poolproof.model.cells import POOLS, Cell
from poolproof.model.header import Header
from poolproof.model.record import BenchmarkLine, CellLine, ClaimLine, DocumentLine
from poolproof.model.verdict import CellVerdict, ClaimJudgement, claim_verdict
from poolproof.report.read import shards
from poolproof.report.read.bad_records import BadRecord, NotComparable, Partial
from poolproof.report.read.facts import check_equal
from poolproof.report.read.reader import Run, read


@dataclass(frozen=True)
class Joined:
    """Runs that may share a table, at least one; their lines are sorted once, at the first access."""

    runs: tuple[Run, ...]

    @property
    def header(self) -> Header:
        """What all the runs have in common; see `comparable`."""
        return self.runs[0].header

    @cached_property
    def documents(self) -> Mapping[str, DocumentLine]:
        """The documents that are judged, by id; none in records of an earlier Poolproof."""
        return self.runs[0].documents

    @cached_property
    def claims(self) -> Mapping[str, ClaimLine]:
        """Every claim by its id: subjects in alphabetical order, claims in the order of the record."""
        found = {name: claim for run in self.runs for name, claim in run.claims.items()}
        return {name: found[name] for name in sorted(found, key=lambda name: name.partition(".")[0])}

    @cached_property
    def subjects(self) -> Mapping[str, Sequence[ClaimLine]]:
        """The claims of each subject."""
        subjects: dict[str, list[ClaimLine]] = {}
        for claim in self.claims.values():
            subjects.setdefault(claim.subject, []).append(claim)
        return subjects

    @cached_property
    def cells(self) -> Sequence[CellLine]:
        """The cells of all the runs, a static one once: each run decides it, and all decide the same.

        Where two decide it differently, both lines are there.
        """
        found = {
            (cell.claim, cell.cell, cell.verdict): cell
            for run in reversed(self.runs)
            for cell in reversed(run.cells)
        }
        return list(reversed(found.values()))

    @cached_property
    def benchmarks(self) -> Sequence[BenchmarkLine]:
        """The timed cells of all the runs."""
        return [benchmark for run in self.runs for benchmark in run.benchmarks]

    @cached_property
    def _cells_of(self) -> Mapping[str, Sequence[CellLine]]:
        found: dict[str, list[CellLine]] = {}
        for cell in self.cells:
            found.setdefault(cell.claim, []).append(cell)
        return found

    @cached_property
    def _verdicts(self) -> Mapping[str, Mapping[Cell, CellVerdict]]:
        return {claim: _verdicts(cells) for claim, cells in self._cells_of.items()}

    @cached_property
    def _judgements(self) -> Mapping[str, ClaimJudgement]:
        return {claim: claim_verdict(self.verdicts(claim)) for claim in self.claims}

    def cells_of(self, claim: str) -> Sequence[CellLine]:
        """The cells of one claim, in the order of `cells`."""
        return self._cells_of.get(claim, ())

    def verdicts(self, claim: str) -> Mapping[Cell, CellVerdict]:
        """The verdict of each cell of a claim; inconclusive where two runs decided it differently."""
        return self._verdicts.get(claim, {})

    def judgement(self, claim: str) -> ClaimJudgement:
        """The verdict of a claim over all its cells, and its condition."""
        return self._judgements[claim]


def _verdicts(cells: Iterable[CellLine]) -> Mapping[Cell, CellVerdict]:
    verdicts: dict[Cell, CellVerdict] = {}
    for line in cells:
        verdicts[line.at] = (
            line.verdict if verdicts.get(line.at, line.verdict) == line.verdict else "inconclusive"
        )
    return verdicts


def join(runs: Sequence[Run]) -> Joined:
    """Join runs, and merge shards; BadRecord, with the field, when they cannot be joined."""
    if len(runs) > 1:
        for run in runs:
            if run.partial:
                raise Partial(f"{run.path}: is partial, so it is not joined with others; give it alone")
        runs = shards.merged(runs)
        for number, run in enumerate(runs):
            for earlier in runs[:number]:
                comparable(earlier, run)
    return Joined(tuple(sorted(runs, key=_place)))


def _place(run: Run) -> int:
    """Pools have one order everywhere; an unknown one comes last."""
    pool = run.header.pool
    return POOLS.index(pool) if pool in POOLS else len(POOLS)


def comparable(one: Run, other: Run) -> None:
    """Refuse two runs that differ in more than the pool, naming the field and both its values."""
    if one.environment == other.environment:
        raise NotComparable(f"{other.path}: is a second run of {one.environment}; leave out {one.path}")
    check_equal(one, other)


def newest(folder: Path) -> tuple[list[Run], list[BadRecord]]:
    """The newest complete run of each environment below a folder, and why newer ones were skipped.

    Runs lie in folders named by their start in UTC and their environment, so names sort by age; one that was
    published may have any name, and comes after those that have a start.
    """
    found: dict[str, Run] = {}
    passed: dict[str, BadRecord] = {}
    for path in sorted(folder.glob("**/record.jsonl"), key=_age, reverse=True):
        _, environment = _parts(path.parent.name)
        if environment in found:
            continue
        try:
            run = _whole(path)
            found.setdefault(_parts(run.header.run)[1], run)
        except BadRecord as error:
            passed.setdefault(environment, error)
    runs, missing = shards.newest(list(found.values()))
    return runs, [*passed.values(), *missing]


def _parts(name: str) -> tuple[str, str]:
    """The start and the environment in a name; a name without a start is all environment."""
    start, _, environment = name.rpartition("Z-")
    return start, environment


def _age(path: Path) -> tuple[str, Path]:
    # The path, so that of several published folders the same one is used for every environment.
    return _parts(path.parent.name)[0], path


def _whole(path: Path) -> Run:
    run = read(path)
    if run.partial:
        raise Partial(f"{path}: is partial; give it alone to see it")
    return run


def by_server(runs: Sequence[Run]) -> list[Joined]:
    """One table for each kind of broker, because no claim is compared across brokers."""
    kinds = sorted({_kind(run) for run in runs})
    return [join([run for run in runs if _kind(run) == kind]) for kind in kinds]


def _kind(run: Run) -> str:
    """The kind of broker of an environment: two of them may have one name, in two versions."""
    return run.header.server
