"""The first line of a record: what was run, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Literal, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from poolproof.model.cells import POOLS
from poolproof.model.sequential import Sequential
from poolproof.model.verdict import DecisionRule, Fixed

SCHEMA = 1
Number = int | float
"""Kept as it was written: 8 stays 8, and is not 8.0."""
Amount = Annotated[int, Meta(ge=0)] | Annotated[float, Meta(ge=0)]
Share = Annotated[int, Meta(ge=0, le=1)] | Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
Some = Annotated[int, Meta(ge=1)]
Filled = Annotated[str, Meta(min_length=1)]
LATER = {"later": True}
"""The metadata of a field that earlier records do not have; its default is what they are read as."""


class BrokerFacts(Protocol):
    """All that a record says of a broker; its URL, which may hold a password, is not among it."""

    @property
    def server(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def origin(self) -> Literal["url", "docker", "path", "wheel"]: ...
    @property
    def image(self) -> str | None: ...


class BrokerLine(Struct, frozen=True, rename={"origin": "from"}):
    """The broker of a run; never its URL, because that may hold a password."""

    server: Annotated[str, Meta(extra_json_schema={"enum": ["redis", "valkey"]})]
    version: Filled
    origin: Literal["url", "docker", "path", "wheel"]
    image: Annotated[
        str | None, Meta(description="Its name, the beginning of its id, its maker's comment.")
    ] = None

    @classmethod
    def of(cls, broker: BrokerFacts) -> BrokerLine:
        """What may be said of a broker."""
        return cls(broker.server, broker.version, broker.origin, broker.image)


class RuleLine(Struct, frozen=True):
    """What decides a cell: a number of trials, or the four numbers of Wald's sequential test."""

    trials: Some | UnsetType = UNSET
    p0: Share | UnsetType = UNSET
    p1: Share | UnsetType = UNSET
    alpha: Share | UnsetType = UNSET
    beta: Share | UnsetType = UNSET

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

    system: Filled
    release: Annotated[Filled, Meta(description="Of the kernel.")]
    architecture: Filled
    cores: Annotated[Some, Meta(description="That the run may use.")]
    memory_gib: Amount
    implementation: Annotated[Filled, Meta(description="Of Python.")]


@dataclass(frozen=True, slots=True)
class PlannedCounts:
    """How much was to be done, after selection; n/a cells count, and repetitions of a benchmark do not."""

    claims: Count
    cells: Count
    benchmarks: Annotated[Count, Meta(description="Probes by cells, whatever the repetitions.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What has to be equal, or known, before two runs may be compared.

    `environment` names the pool and the kind of server together, as tox does; earlier records have it alone.
    """

    run: Annotated[Filled, Meta(description="Start in UTC, environment, and the shard, if it is one.")]
    environment: Annotated[Filled, Meta(description="As tox names it: prefork-redis.")]
    pool: Annotated[str, Meta(description="The pool of the run.", extra_json_schema={"enum": [*POOLS]})] = (
        field(default="", metadata=LATER)
    )
    server: Annotated[
        str, Meta(description="The kind of broker: redis, redis62 or valkey.", min_length=1)
    ] = field(default="", metadata=LATER)
    tier: Filled
    seed: int
    versions: Mapping[str, Filled]
    broker: BrokerLine
    machine: Machine
    rule: RuleLine
    planned: PlannedCounts
    partial: Annotated[bool, Meta(description="Less than the whole plan, or its shard, was selected.")]
    shard: Annotated[
        Annotated[str, Meta(pattern=r"^[1-9][0-9]*/[1-9][0-9]*$(?!\n)")] | None,
        Meta(description="2/5: the second of the five parts that make the run; null: all of it."),
    ] = None
    schema: Annotated[int, Meta(extra_json_schema={"const": SCHEMA})] = SCHEMA

    def __post_init__(self) -> None:
        if not self.pool:
            pool, _, server = self.environment.partition("-")
            object.__setattr__(self, "pool", pool)
            object.__setattr__(self, "server", server)
