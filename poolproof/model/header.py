"""The first line of a record: what was run, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

from msgspec import UNSET, Struct, UnsetType, structs

from poolproof.model.sequential import Sequential
from poolproof.model.verdict import DecisionRule, Fixed

SCHEMA = 1
Number = int | float
"""Kept as it was written: 8 stays 8, and is not 8.0."""


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


class BrokerLine(Struct, frozen=True, rename={"origin": "from"}):
    """The broker of a run, as its header has it."""

    server: str
    version: str
    origin: str
    image: str | None = None

    @classmethod
    def of(cls, broker: BrokerFacts) -> BrokerLine:
        """What may be said of a broker."""
        return cls(broker.server, broker.version, broker.origin, broker.image)


class RuleLine(Struct, frozen=True):
    """What decides a cell: a number of trials, or the four numbers of Wald's sequential test."""

    trials: int | UnsetType = UNSET
    p0: Number | UnsetType = UNSET
    p1: Number | UnsetType = UNSET
    alpha: Number | UnsetType = UNSET
    beta: Number | UnsetType = UNSET

    @classmethod
    def of(cls, rule: DecisionRule) -> RuleLine:
        """The numbers of a rule."""
        return cls(**asdict(rule))

    def numbers(self) -> dict[str, Number]:
        """The numbers that the rule has, by name."""
        return {name: number for name, number in structs.asdict(self).items() if number is not UNSET}

    def rule(self) -> DecisionRule:
        """The rule itself; ValueError when its numbers can decide nothing."""
        return Fixed(self.trials) if isinstance(self.trials, int) else Sequential(**self.numbers())


@dataclass(frozen=True, slots=True)
class Machine:
    """What has to be equal before two runs' figures are compared; `release` is the kernel's."""

    system: str
    release: str
    architecture: str
    cores: int
    memory_gib: Number
    implementation: str


@dataclass(frozen=True, slots=True)
class PlannedCounts:
    """How much was to be done, after selection; n/a cells count, and repetitions of a benchmark do not."""

    claims: int
    cells: int
    benchmarks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What has to be equal, or known, before two runs may be compared; `shard` is `2/5`, None for a whole."""

    run: str
    environment: str
    tier: str
    seed: int
    versions: Mapping[str, str]
    broker: BrokerLine
    machine: Machine
    rule: RuleLine
    planned: PlannedCounts
    partial: bool
    shard: str | None = None
    schema: int = SCHEMA
