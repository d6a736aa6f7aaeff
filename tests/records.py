"""Realistic records for the tests of reader and tables, written by the writer itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from poolproof.catalogue.claims import HOLDS, Claim, Expected, Source
from poolproof.catalogue.documents import Document, LeftOut, Section
from poolproof.catalogue.shards import WHOLE, Shard
from poolproof.host.broker import Origin
from poolproof.model.cells import STATIC, Cell
from poolproof.model.header import BrokerLine, Header, Machine, PlannedCounts, RuleLine
from poolproof.model.record import Benchmark, Decided, Trial
from poolproof.model.verdict import CellVerdict, DecisionRule, Fixed, Kind, TrialOutcome, decide
from poolproof.run.writer import RecordWriter

GREEN = ("eventlet", "gevent")
ALL = ("prefork", "solo", "threads", *GREEN)
CONCURRENCIES = {
    "prefork": (1, 2, 4),
    "solo": (1,),
    "threads": (1, 2, 4, 10, 100),
    "eventlet": (1, 10, 100),
    "gevent": (1, 10, 100),
}

MACHINE = Machine(
    system="Linux",
    release="6.12.0",
    architecture="x86_64",
    cores=2,
    memory_gib=8,
    implementation="cpython",
)

STARVES = Expected(
    "refuted",
    because="kombu moves the queue that was served last to the end of the next BRPOP.",
    instead="By default a worker serves its queues in turn, so that a full queue starves none.",
    since="kombu 3.0.33",
    see="kombu/transport/redis.py, Channel.queue_order_strategy",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The broker of the record, as a run has it: with a URL that no record may contain."""

    server: str = "redis"
    version: str = "8.0.2"
    origin: Origin = "docker"
    image: str | None = None
    url: str = "redis://:s3cret@127.0.0.1:6379"


def claim(
    name: str, says: str, pools: Sequence[str] = ALL, kind: Kind = "always", section: str = "1. Pools"
) -> Claim:
    return Claim(name, says, kind, (Source("000", section),), tuple(pools))


TWO = claim(
    "prefork.two-processes-at-c1",
    "A prefork worker at `-c 1` is two processes: a manager | one child.",
    ["prefork"],
)
CONTAINED = claim("crashes.child-crash-is-contained", "A crash in a child leaves the *manager* alive.")
ONCE = claim(
    "delivery.each-message-once",
    "Each message is consumed exactly once.",
    kind="never",
    section="2. Delivery",
)
EARLIER = claim(
    "queues.earlier-queue-starves-later", "With -Q a,b nothing is fetched from b while a holds messages."
)
MEMORY = claim(
    "memory.child-shares-its-imports", "A forked child shares the memory of its imports.", ["prefork"]
)
MODULE = claim(
    "billiard.is-a-fork-of-multiprocessing", "billiard is a fork of multiprocessing.", [], "static"
)
SECTIONS = (Section("1. Advice", "advice"), Section("2. Speed"))
DOCUMENTS = (
    Document("000", "Pools | compared", (Section("1. Pools"), Section("2. Delivery"))),
    Document(
        "003",
        "Which *pool* to choose",
        (*SECTIONS, Section("3. Ease", left_out=(LeftOut("prefork is easy to use", "taste"),))),
    ),
)
CLAIMS = (TWO, CONTAINED, ONCE, EARLIER, MEMORY, MODULE)


@dataclass
class Draft:
    """One run to be written: its header, and for each claim the cells with their trials."""

    pool: str = "prefork"
    server: str = "redis"
    rule: DecisionRule = field(default_factory=lambda: Fixed(1))
    partial: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    machine: Machine = MACHINE
    tier: str = "smoke"
    start: str = "2026-11-21T02:00:00Z"
    claims: Sequence[Claim] = CLAIMS
    shard: Shard = WHOLE
    seed: int = 421337
    documents: Sequence[Document] = ()

    @property
    def environment(self) -> str:
        return f"{self.pool}-{self.server}"

    def cells(self, of: Claim) -> list[tuple[Cell, Expected, TrialOutcome]]:
        """Each cell of a claim, its expected verdict, and the outcome of its trials."""
        if not of.pools:
            return [(STATIC, HOLDS, "satisfied")]
        if self.pool not in of.pools:
            return []
        known = CONCURRENCIES[self.pool]
        if of in (TWO, CONTAINED):
            return [(Cell(self.pool, c, 4), HOLDS, self._crash(of)) for c in known]
        if of is EARLIER:
            return [
                (Cell(self.pool, known[0], p, (("order", order),)), *self._order(order))
                for p in (1, 4, 0)
                for order in ("round_robin", "priority")
            ]
        return [(Cell(self.pool, c, p), HOLDS, "satisfied") for c in known for p in (1, 4, 0)]

    def _crash(self, of: Claim) -> TrialOutcome:
        return "violated" if of is CONTAINED and self.pool != "prefork" else "satisfied"

    def _order(self, order: str) -> tuple[Expected, TrialOutcome]:
        return (STARVES, "violated") if order == "round_robin" else (HOLDS, "satisfied")

    def write(self, folder: Path) -> Path:
        """Write `<folder>/<start>-<environment>/record.jsonl` and return its path."""
        path = folder / self._run / "record.jsonl"
        planned = self._planned()
        writer = RecordWriter(path)
        writer.header(self._header(planned))
        for document in self.documents:
            writer.document(document)
        for each, _ in planned:
            writer.claim(each)
        for each, cells in planned:
            for cell, expected, outcome in cells:
                self._decide(writer, each, cell, expected, outcome)
        if self.shard.number == 1:
            writer.benchmark(benchmark(Cell(self.pool, 1, 4)))
        writer.footer(83.14)
        return path

    @property
    def _run(self) -> str:
        return f"{self.start}-{self.environment}{self.shard.suffix}"

    def _planned(self) -> list[tuple[Claim, list[tuple[Cell, Expected, TrialOutcome]]]]:
        whole = [((each, known), known[0]) for each in self.claims for known in self.cells(each)]
        mine = [pair for pair, _ in self.shard.cells(whole)]
        claims = [each for each in self.claims if any(of is each for of, _ in mine)]
        return [(each, [known for of, known in mine if of is each]) for each in claims]

    def _header(self, planned: Sequence[tuple[Claim, Sequence[object]]]) -> Header:
        return Header(
            run=self._run,
            environment=self.environment,
            pool=self.pool,
            server=self.server,
            tier=self.tier,
            seed=self.seed,
            versions={"python": "3.13.1", "celery": "5.7.0", "kombu": "5.7.0", "redis_py": "6.4.0"}
            | self.versions,
            broker=BrokerLine.of(Facts(server=self.server)),
            machine=self.machine,
            rule=RuleLine.of(self.rule),
            planned=PlannedCounts(
                claims=len(planned),
                cells=sum(len(cells) for _, cells in planned),
                benchmarks=int(self.shard.number == 1),
            ),
            partial=self.partial,
            shard=None if self.shard == WHOLE else str(self.shard),
        )

    def _decide(
        self, writer: RecordWriter, of: Claim, cell: Cell, expected: Expected, outcome: TrialOutcome
    ) -> None:
        outcomes: list[TrialOutcome] = []
        verdict: CellVerdict | None = None
        while verdict is None:
            outcomes.append(outcome)
            verdict = decide(of.kind, outcomes, self.rule)
            writer.trial(
                of.id, cell, Trial(len(outcomes), outcome, {"tasks_started": 3}, evidence(outcome), 0.61)
            )
        repeat = f"tox -e {self.environment} -- -k '{of.id} and {cell.id}'"
        decided = Decided(
            cell=cell,
            verdict=verdict,
            outcomes=outcomes,
            evidence=evidence(outcome),
            command=f"celery worker -P {self.pool}",
            repeat=repeat,
        )
        if verdict == "inconclusive":
            decided = replace(decided, reason="the worker was never ready")
        writer.cell(of.id, decided, expected)


def evidence(outcome: TrialOutcome) -> str:
    return "each message once: a1 lost | b2 lost" if outcome == "violated" else "each message once: all 1000"


def benchmark(cell: Cell, throughput: float | None = 812.4) -> Benchmark:
    return Benchmark(
        probe="io-sleep",
        cell=cell,
        n=2000,
        unique=2000 if throughput else 1999,
        repetitions=5,
        planned=5,
        cores=2,
        command=f"celery worker -P {cell.pool}",
        repeat=f"tox -e {cell.pool}-redis -- -k 'test_io_sleep and {cell.id}'",
        reason=None if throughput else "repetition 2: no number: m7 lost",
        throughput=throughput,
        p50_ms=101.2,
        p99_ms=140.9,
        slowest_ms=152.4,
        ceiling=1000.0,
        ceiling_share=0.81,
        pss_mib=88.5,
        ready_s=1.2,
        intervals={"throughput": (790.1, 823.9)} if throughput else None,
        coverage=0.9375,
        delay_s=0.05,
        noop_rate=2100.0,
    )


Line = dict[str, Any]


def lines(path: Path) -> list[Line]:
    """The lines of a record, which a test then makes invalid."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def fields(line: object) -> Line:
    """The fields of a line that was read, as JSON has them."""
    return dict(msgspec.json.decode(msgspec.json.encode(line)))


def rewrite(path: Path, spoil: Callable[[list[Line]], Iterable[Line] | None]) -> Path:
    """Change the lines of a record in place, as no writer would."""
    before = lines(path)
    after = spoil(before)
    path.write_text("".join(json.dumps(line) + "\n" for line in (before if after is None else after)))
    return path
