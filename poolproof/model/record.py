"""The lines of a record, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from poolproof.model.cells import Cell
from poolproof.model.verdict import (
    CellVerdict,
    DecisionRule,
    TrialOutcome,
)

SCHEMA = 1


class BrokerFacts(Protocol):
    """All that a record says of a broker; its URL, which may hold a password, is not among it."""

    @property
    def server(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def image(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Header:
    """What has to be equal, or known, before two runs may be compared; `shard` is `2/5`, None for a whole."""

    run: str
    environment: str
    tier: str
    seed: int
    versions: Mapping[str, str]
    machine: Mapping[str, str | int | float]
    rule: DecisionRule
    claims: int
    cells: int
    partial: bool
    shard: str | None = None
    benchmarks: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One worker lifetime put to one stimulus; `seconds` is its length, `margin` observed / limit.

    `corrected` says whether the same observation shows what is expected to be true instead, `correction`
    in which words; both are None where nothing else is expected.
    """

    n: int
    outcome: TrialOutcome
    witness: Mapping[str, Any]
    evidence: str
    seconds: float
    margin: float | None = None
    corrected: bool | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A cell's verdict and what a doubter needs: the trials, the evidence, the worker's command, the repeat.

    `evidence` is that of the first violated trial, else of the last; `reason` says why it is not decided.
    """

    cell: Cell
    verdict: CellVerdict
    outcomes: Sequence[TrialOutcome]
    evidence: str
    command: str
    repeat: str
    reason: str | None = None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One timed cell: medians over its repetitions, in tasks a second, ms, MiB, seconds, shares of 1.

    `n` tasks a repetition, of which `unique` have one result each. Numbers are None, and `reason` says why,
    where a repetition did not prove itself right; `p99_ms` also where `n` is too small
    for one. `intervals` has the two values of each figure between which
    its median lies with the probability `coverage`. `delay_s` and `noop_rate` are those of waiting tasks.
    """

    probe: str
    cell: Cell
    n: int
    unique: int
    repetitions: int
    planned: int
    cores: int
    command: str
    repeat: str
    reason: str | None = None
    throughput: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    slowest_ms: float | None = None
    ceiling: float | None = None
    ceiling_share: float | None = None
    pss_mib: float | None = None
    ready_s: float | None = None
    intervals: Mapping[str, tuple[float, float]] | None = None
    coverage: float | None = None
    delay_s: float | None = None
    noop_rate: float | None = None
