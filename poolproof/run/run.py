"""One run, from header to footer: what it is made of, and what becomes of each verdict."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from poolproof.catalogue import plan
from poolproof.catalogue.claims import Catalogue, Claim, Expected
from poolproof.catalogue.estimate import Planned, estimate, timings
from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.shards import WHOLE
from poolproof.host.broker import Broker
from poolproof.host.disk import writable
from poolproof.host.turns import Turns
from poolproof.lab.evidence import keep
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput, InstrumentError
from poolproof.model.header import BrokerLine, Header, Machine, PlannedCounts, RuleLine
from poolproof.model.record import Decided, Trial
from poolproof.model.verdict import Outcome
from poolproof.run.order import Order
from poolproof.run.trials import Question, TrialLoop
from poolproof.run.writer import RecordWriter
from poolproof.timing.plan import Slot, slots
from poolproof.timing.results import BenchmarkResults
from poolproof.timing.session import TimingSession
from poolproof.timing.timings import Timings
from probes.shared.versions import versions


@dataclass(slots=True)
class Run:
    """A run in progress: open it, decide questions, close it; each line of the record is kept at once."""

    order: Order
    matrix: Matrix
    catalogue: Catalogue
    say: Callable[[str], None]
    on_trial: Callable[[Question, Trial], None]
    turns: Turns = field(init=False)
    started: float = field(default_factory=time.monotonic)
    folder: Path = field(init=False)
    broker: Broker = field(init=False)
    loop: TrialLoop = field(init=False)
    timings: Timings = field(init=False)
    planned: tuple[tuple[Claim, Cell], ...] = field(init=False)
    slots: tuple[Slot, ...] = field(init=False)
    is_open: bool = False
    cut: bool = False
    failed: bool = False
    _record: RecordWriter = field(init=False)
    _stack: ExitStack = field(init=False)

    def __post_init__(self) -> None:
        order = self.order
        self.turns = Turns(self.say)
        whole = [
            (claim, cell)
            for claim in self.catalogue.values()
            for cell in plan.cells(claim, order.pool, order.tier, self.matrix, order.seed)
        ]
        cells = len({cell for _, cell in whole})
        if order.shard.of > cells:
            raise BadInput(f"--shard {order.shard}: the run has {cells} cells; share it by fewer")
        self.planned = tuple(order.shard.cells(whole))
        self.slots = slots(order.pool, order.tier, self.matrix, order.shard)

    def open(self, questions: Sequence[Question], timed: Sequence[Slot]) -> None:
        """Get a broker and begin the record with what is planned; BadInput leaves nothing behind."""
        self.turns.check()
        self._stack = ExitStack()
        with self._stack as undo:
            name = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}-{self.order.environment}{self.order.shard.suffix}"
            self.folder = self.order.results / name.replace(":", "")
            site = undo.enter_context(self._site(f"{name}-{os.getpid()}"))
            self.broker = site.broker
            self.loop = self._trial_loop(site)
            self._record = RecordWriter(self.folder / "record.jsonl")
            self._begin(name, questions, timed)
            self._announce(questions, timed)
            self.timings = undo.enter_context(closing(self._timings(timed)))
            self._stack = undo.pop_all()
        self.is_open = True

    def _site(self, label: str) -> AbstractContextManager[Site]:
        order, tier = self.order, self.matrix.tier(self.order.tier)
        return open_site(
            label,
            order.request,
            messages=tier.messages,
            seconds=tier.seconds,
            server=order.server,
            say=self.say,
        )

    def _trial_loop(self, site: Site) -> TrialLoop:
        rule = self.matrix.tier(self.order.tier).rule
        return TrialLoop(site, rule, site.folder / "lifetimes", self._on_trial, self.turns.shared)

    def _timings(self, timed: Sequence[Slot]) -> Timings:
        order, seconds = self.order, self.matrix.timing.effort(self.order.tier).seconds
        session = TimingSession(self.loop.site, self.matrix, seconds)
        again = order.again("{probe} and {cell}")
        results = BenchmarkResults(timed, session.cores, again, self._record.benchmark)
        return Timings(session, results, self.folder / "evidence", self.turns.alone)

    def _begin(self, name: str, questions: Sequence[Question], timed: Sequence[Slot]) -> None:
        chosen = {(question.claim.id, question.cell) for question in questions}
        partial = chosen != {(claim.id, cell) for claim, cell in self.planned}
        partial |= set(timed) != set(self.slots)
        claims = {question.claim.id: question.claim for question in questions}
        left_out = [each for each in self._left_out() if each[0].id in claims or not partial]
        claims |= {claim.id: claim for claim, _, _ in left_out}
        benchmarks = len({(slot.probe, slot.cell) for slot in timed})
        planned = PlannedCounts(len(claims), len(questions) + len(left_out), benchmarks)
        self._record.header(self._header(name, planned, partial))
        for document in self.catalogue.documents.values():
            self._record.document(document)
        for claim in claims.values():
            self._record.claim(claim)
        for claim, cell, reason in left_out:
            decided = Decided(cell=cell, verdict="n/a", reason=reason)
            self._record.cell(claim.id, decided, Expected("n/a", because=reason))

    def _header(self, name: str, planned: PlannedCounts, partial: bool) -> Header:
        order = self.order
        return Header(
            run=name,
            environment=order.environment,
            pool=order.pool,
            server=order.server,
            tier=order.tier,
            seed=order.seed,
            versions=versions(),
            broker=BrokerLine.of(self.broker),
            machine=machine(),
            rule=RuleLine.of(self.loop.rule),
            planned=planned,
            partial=partial,
            shard=None if order.shard == WHOLE else str(order.shard),
        )

    def _left_out(self) -> list[tuple[Claim, Cell, str]]:
        """What this run, or its shard, does not decide, with the reason."""
        return self.order.shard.others(
            [
                (claim, cell, reason)
                for claim in self.catalogue.values()
                for cell, reason in plan.excluded(claim, self.order.pool, self.matrix)
            ]
        )

    def _announce(self, questions: Sequence[Question], timed: Sequence[Slot]) -> None:
        """Say what is coming, where it takes longer than a look."""
        if self.order.tier == "smoke":
            return
        tier = self.matrix.tier(self.order.tier)
        planned = [
            Planned(
                question.claim.kind,
                question.claim.expect(question.cell).verdict,
                lifetimes=question.cell if question.shares else id(question),
                streams=question.streams,
            )
            for question in questions
        ]
        self.say(f"{self.order.tier}: {estimate(planned, tier.rule, tier.seconds)}")
        if timed:
            seconds = self.matrix.timing.effort(self.order.tier).seconds
            self.say(f"{self.order.tier}: {timings(len(timed), seconds)}")

    def _on_trial(self, question: Question, trial: Trial) -> None:
        self._record.trial(question.claim.id, question.cell, trial)
        self.on_trial(question, trial)

    def conclude(self, question: Question) -> Outcome | None:
        """Write the cell's line, keep the evidence of what was refuted or not decided, return the outcome."""
        assert question.verdict is not None
        if question.verdict in ("refuted", "inconclusive") and question.kept and question.kept.exists():
            keep(question.kept, self.folder / "evidence" / question.claim.id / question.cell.id)
        decisive = question.decisive
        return self._record.cell(
            question.claim.id,
            Decided(
                cell=question.cell,
                verdict=question.verdict,
                outcomes=question.outcomes,
                evidence=decisive.evidence + _summed(question),
                correction=decisive.correction,
                command=question.command,
                repeat=self.order.again(f"{question.claim.id}[{question.cell.id}]"),
                reason=undecided(decisive) if question.verdict == "inconclusive" else None,
            ),
            question.claim.expect(question.cell),
        )

    def close(self) -> int:
        """End everything that was started and write the footer; returns the exit status."""
        try:
            self._stack.close()
        except InstrumentError as error:
            self.failed = True
            self.say(f"ERROR: {error}")
        status = self._record.footer(time.monotonic() - self.started, self.failed or self.cut)
        with writable(self.folder):
            link_latest(self.folder)
        return status


def undecided(decisive: Trial) -> str:
    """Why a cell is not decided, by its decisive trial."""
    if decisive.corrected is not False:
        return decisive.evidence
    return f"refuted, but not in the known way: {decisive.evidence}; instead: {decisive.correction}"


def _summed(question: Question) -> str:
    """How many messages all trials of a cell had together, where there were several."""
    messages = sum(trial.witness.get("messages", 0) for trial in question.trials)
    return (
        f"; {messages} messages in {len(question.trials)} trials" if messages and question.trials[1:] else ""
    )


def machine() -> Machine:
    """The machine that this run is on."""
    return Machine(
        system=platform.system(),
        release=".".join(platform.release().split(".")[:2]),
        architecture=platform.machine(),
        cores=len(psutil.Process().cpu_affinity() or []),
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        implementation=sys.implementation.name,
    )


def link_latest(folder: Path) -> None:
    """Let `latest` beside the run's folder point to it, also when another run ends at the same time."""
    link = folder.with_name(f".{folder.name}")
    link.symlink_to(folder.name)
    link.replace(folder.with_name("latest"))
