"""Begins a run: gets its broker, writes the plan into its record, and prints how long it will take."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from poolproof.catalogue.claims import Claim, Expected
from poolproof.catalogue.estimate import Planned, estimate, timings
from poolproof.catalogue.shards import WHOLE
from poolproof.host.broker import Broker
from poolproof.host.turns import Turns
from poolproof.lab.site import Site, open_site
from poolproof.model.cells import Cell
from poolproof.model.header import BrokerLine, Header, Machine, PlannedCounts, RuleLine
from poolproof.model.record import Decided, Trial
from poolproof.run.run import Run
from poolproof.run.run_plan import RunPlan
from poolproof.run.trials import Question, TrialLoop
from poolproof.run.writer import RecordWriter
from poolproof.timing.plan import Slot
from poolproof.timing.results import BenchmarkResults
from poolproof.timing.session import TimingSession
from poolproof.timing.timings import Timings
from probes.shared.versions import versions


@dataclass(frozen=True, slots=True)
class Opening:
    """What was selected from a plan; `say` shows a line to the user, and `on_trial` gets each trial."""

    plan: RunPlan
    questions: Sequence[Question]
    slots: Sequence[Slot]
    say: Callable[[str], None]
    on_trial: Callable[[Question, Trial], None]

    def open(self) -> Run:
        """The run, with its broker and the first lines of its record; BadInput leaves nothing behind."""
        begun, order, turns = time.monotonic(), self.plan.order, Turns(self.say)
        turns.check()
        name = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}-{order.environment}{order.shard.suffix}"
        folder = order.results / name.replace(":", "")
        with ExitStack() as undo:
            site = undo.enter_context(self._site(f"{name}-{os.getpid()}"))
            record = RecordWriter(folder / "record.jsonl")
            self._write_plan(record, name, site.broker)
            self._announce()
            timed = undo.enter_context(closing(self._timings(site, record, folder, turns)))
            loop = self._trial_loop(site, record, turns)
            return Run(order, folder, record, loop, timed, self.say, undo.pop_all(), begun)

    def _site(self, label: str) -> AbstractContextManager[Site]:
        order, tier = self.plan.order, self.plan.matrix.tier(self.plan.order.tier)
        return open_site(
            label,
            order.request,
            messages=tier.messages,
            seconds=tier.seconds,
            server=order.server,
            say=self.say,
        )

    def _trial_loop(self, site: Site, record: RecordWriter, turns: Turns) -> TrialLoop:
        rule = self.plan.matrix.tier(self.plan.order.tier).rule

        def on_trial(question: Question, trial: Trial) -> None:
            record.trial(question.claim.id, question.cell, trial)
            self.on_trial(question, trial)

        return TrialLoop(site, rule, site.folder / "lifetimes", on_trial, turns.shared)

    def _timings(self, site: Site, record: RecordWriter, folder: Path, turns: Turns) -> Timings:
        order, matrix = self.plan.order, self.plan.matrix
        session = TimingSession(site, matrix, matrix.timing.effort(order.tier).seconds)
        again = order.again("{probe} and {cell}")
        results = BenchmarkResults(self.slots, session.cores, again, record.benchmark)
        return Timings(session, results, folder / "evidence", turns.alone)

    def _write_plan(self, record: RecordWriter, name: str, broker: Broker) -> None:
        claims = {question.claim.id: question.claim for question in self.questions}
        left_out = [*self._left_out(claims)]
        claims |= {claim.id: claim for claim, _, _ in left_out}
        benchmarks = len({(slot.probe, slot.cell) for slot in self.slots})
        planned = PlannedCounts(len(claims), len(self.questions) + len(left_out), benchmarks)
        record.header(self._header(name, planned, broker))
        for document in self.plan.catalogue.documents.values():
            record.document(document)
        for claim in claims.values():
            record.claim(claim)
        for claim, cell, reason in left_out:
            decided = Decided(cell=cell, verdict="n/a", reason=reason)
            record.cell(claim.id, decided, Expected("n/a", because=reason))

    @property
    def _partial(self) -> bool:
        chosen = {(question.claim.id, question.cell) for question in self.questions}
        planned = {(claim.id, cell) for claim, cell in self.plan.cells}
        return chosen != planned or set(self.slots) != set(self.plan.slots)

    def _left_out(self, claims: Collection[str]) -> Iterator[tuple[Claim, Cell, str]]:
        """What this run does not decide; for a part of a run, only what concerns its claims."""
        whole = not self._partial
        return (each for each in self.plan.left_out if whole or each[0].id in claims)

    def _header(self, name: str, planned: PlannedCounts, broker: Broker) -> Header:
        order = self.plan.order
        return Header(
            run=name,
            environment=order.environment,
            pool=order.pool,
            server=order.server,
            tier=order.tier,
            seed=order.seed,
            versions=versions(),
            broker=BrokerLine.of(broker),
            machine=machine(),
            rule=RuleLine.of(self.plan.matrix.tier(order.tier).rule),
            planned=planned,
            partial=self._partial,
            shard=None if order.shard == WHOLE else str(order.shard),
        )

    def _announce(self) -> None:
        """Print what is coming, unless it takes less than about a minute."""
        order, matrix = self.plan.order, self.plan.matrix
        if order.tier == "smoke":
            return
        tier = matrix.tier(order.tier)
        planned = [
            Planned(
                question.claim.kind,
                question.claim.expect(question.cell).verdict,
                lifetimes=question.cell if question.shares else id(question),
                streams=question.streams,
            )
            for question in self.questions
        ]
        self.say(f"{order.tier}: {estimate(planned, tier.rule, tier.seconds)}")
        if self.slots:
            self.say(f"{order.tier}: {timings(len(self.slots), matrix.timing.effort(order.tier).seconds)}")


def machine() -> Machine:
    """The machine on which this run happens."""
    return Machine(
        system=platform.system(),
        release=".".join(platform.release().split(".")[:2]),
        architecture=platform.machine(),
        cores=len(psutil.Process().cpu_affinity() or []),
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        implementation=sys.implementation.name,
    )
