"""Tests claims on workers, trial by trial, until each cell is decided."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import redis

from poolproof import ROOT
from poolproof import subjects as checks
from poolproof.catalogue.claims import Claim, Expected
from poolproof.host.disk import with_space
from poolproof.host.waiting import wall
from poolproof.lab.lab import Lab, Setup
from poolproof.lab.site import Site
from poolproof.lab.trouble import BROKER_ERRORS
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput, InstrumentError, Void
from poolproof.model.judgement import EVIDENCE_CAP, CheckCall, Judgement, recording_checks
from poolproof.model.record import Trial
from poolproof.model.verdict import CellVerdict, DecisionRule, TrialOutcome, decide

SUITES = str(ROOT / "suites")
WALL_BESIDES = 180.0
"""Seconds that a trial may take in addition to the tier's time for a stream: starts, deadlines, ends."""


@dataclass(slots=True)
class Question:
    """One claim in one cell, with its trials so far; `ask` is the function in suites/.

    A claim that `shares` only observes its worker: all such claims of one cell use one worker.
    """

    claim: Claim
    cell: Cell
    ask: Callable[..., None]
    shares: bool = False
    wired: bool = False
    watched: bool = False
    streams: bool = False
    mutants: tuple[str, ...] = ()
    trials: list[Trial] = field(default_factory=list)
    verdict: CellVerdict | None = None
    command: str = ""
    kept: Path | None = None

    def shares_with(self, other: Question) -> bool:
        """Whether both share the worker of the same cell, so that one lifetime is enough for them."""
        return self.shares and other.shares and self.cell == other.cell

    @property
    def expected(self) -> Expected:
        """What the catalogue expects of this cell."""
        return self.claim.expect(self.cell)

    @property
    def outcomes(self) -> list[TrialOutcome]:
        """The outcome of each trial, in order."""
        return [trial.outcome for trial in self.trials]

    @property
    def decisive(self) -> Trial:
        """The trial whose evidence is shown for the verdict: the first violated one, otherwise the last.

        A trial that was violated in an unknown way comes first.
        """
        violated = [trial for trial in self.trials if trial.outcome == "violated"]
        unknown = [trial for trial in violated if trial.corrected is False]
        return (unknown or violated or self.trials[-1:])[0]

    def take(self, trial: Trial, rule: DecisionRule) -> None:
        """Add a trial and decide the cell if possible; a cell refuted in an unknown way is inconclusive."""
        self.trials.append(trial)
        self.verdict = decide(self.claim.kind, self.outcomes, rule)
        if self.verdict == "refuted" and self.decisive.corrected is False:
            self.verdict = "inconclusive"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one trial: for the claim, and for its correction, if the catalogue has one."""

    outcome: TrialOutcome
    judgement: Judgement
    correction: Judgement | None = None

    def trial(self, n: int, witness: dict[str, int], seconds: float) -> Trial:
        """The line of the record; a correction may be false, or missing."""
        return Trial(
            n=n,
            outcome=self.outcome,
            witness=witness,
            evidence=self.judgement.evidence[:EVIDENCE_CAP],
            seconds=round(seconds, 3),
            margin=self.judgement.margin,
            corrected=self.correction.satisfied if self.correction is not None else None,
            correction=self.correction.evidence[:EVIDENCE_CAP] if self.correction is not None else None,
            facts=self.judgement.facts,
        )


@dataclass(slots=True)
class TrialLoop:
    """Makes the trials of a cell until the rule decides; `on_trial` gets each trial."""

    site: Site
    rule: DecisionRule
    folder: Path
    on_trial: Callable[[Question, Trial], None]
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def decide(self, questions: Sequence[Question]) -> None:
        """Start lifetimes of one cell, with one trial of each question in each, until all are decided."""
        while undecided := [question for question in questions if question.verdict is None]:
            try:
                with self.turn(), self._lifetime(undecided) as lab:
                    for question in undecided:
                        self._on_trial(question, self._put(question, lab))
            except (Void, *BROKER_ERRORS, redis.ResponseError) as lost:
                raise BadInput(
                    f"{str(lost).rstrip('.')}; the run ends here, and its finished trials are kept"
                ) from None

    def _on_trial(self, question: Question, trial: Trial) -> None:
        question.take(trial, self.rule)
        self.on_trial(question, trial)

    @contextmanager
    def _lifetime(self, questions: Sequence[Question]) -> Iterator[Lab]:
        with Lab(
            self.site, questions[0].cell, self.folder / str(next(self._numbers)), setup(questions)
        ) as lab:
            yield lab
        _keep_or_discard(lab, questions)

    def _put(self, question: Question, lab: Lab) -> Trial:
        begun = time.monotonic()
        lab.proof.clear()
        self.site.sentinel.begin()
        with with_space(lab.folder):
            answer = undisturbed(question, lab, self.site.seconds + WALL_BESIDES)
        if lab.workers:
            question.command = str(lab.workers[0].command)
        if answer.outcome != "void" and not lab.proof:
            raise InstrumentError(
                f"{question.claim.id}: judged without a witness; let its stimulus call witness()"
            )
        return answer.trial(len(question.trials) + 1, dict(lab.proof), time.monotonic() - begun)


def setup(questions: Sequence[Question]) -> Setup:
    """How to set up a lifetime for all of these questions: with each observer that one of them needs.

    Only a worker that is neither shared nor watched gets the switches that shorten its start.
    """
    wired, watched = any(each.wired for each in questions), any(each.watched for each in questions)
    documented = watched or questions[0].shares
    return Setup(questions[0].mutants, wired, watched, documented)


def undisturbed(question: Question, lab: Lab, seconds: float) -> Answer:
    """Make one trial; it is void if a process of the lifetime was disturbed from outside."""
    try:
        answer = ask(question, lab, seconds)
    except Exception:  # a process that was killed from outside can make any stimulus fail
        if not (causes := lab.disturbed()):
            raise
        return Answer("void", Judgement(False, causes))
    if not (causes := lab.disturbed()):
        return answer
    earlier = f"{answer.judgement.evidence}; " if answer.outcome == "void" else ""
    return Answer("void", Judgement(False, f"{earlier}{causes}"))


def ask(question: Question, lab: Lab, seconds: float) -> Answer:
    """Make one trial: an assertion in suites/ violates the claim; any other one is an InstrumentError.

    A claim that passes without exactly one true judgement is one too, because it has asserted nothing.
    """
    try:
        with wall(seconds), recording_checks() as recorded:
            question.ask(**_arguments(question, lab))
    except Void as reason:
        return Answer("void", Judgement(False, str(reason)))
    except BROKER_ERRORS as lost:
        return Answer("void", Judgement(False, f"the broker did not answer: {lost}"))
    except redis.ResponseError as refusal:
        return Answer("void", Judgement(False, f"the broker refused: {refusal}"))
    except AssertionError as violation:
        if not _raised_in_suites(violation) or len(recorded) != 1 or recorded[0]:
            raise InstrumentError(
                f"{question.claim.id}: an assertion that is not the claim's own: {violation}"
            ) from violation
        return Answer("violated", recorded[0].judgement, _correction(question, recorded[0]))
    if len(recorded) != 1 or not recorded[0]:
        raise InstrumentError(f"{question.claim.id}: passed without asserting its one judgement")
    return Answer("satisfied", recorded[0].judgement, _correction(question, recorded[0]))


def _correction(question: Question, call: CheckCall) -> Judgement | None:
    """Judge the same observation by the check of the correction."""
    name = question.expected.shown_by
    if not name:
        return None
    if (shows := checks.named(name)) is None:
        raise InstrumentError(
            f"{question.claim.id}: shown_by: there is no check {name!r} in poolproof/subjects"
        )
    return shows(*call.args, **call.kwargs)


def _arguments(question: Question, lab: Lab) -> dict[str, Any]:
    return {"lab": lab, "worker": lab.resident()} if question.shares else {"lab": lab}


def _raised_in_suites(violation: AssertionError) -> bool:
    return traceback.extract_tb(violation.__traceback__)[-1].filename.startswith(SUITES)


def _keep_or_discard(lab: Lab, questions: Sequence[Question]) -> None:
    """Keep the files of a lifetime only if one of its trials is the decisive one of a claim."""
    unsatisfied = [each for each in questions if each.outcomes[-1:] in (["violated"], ["void"])]
    decisive = [question for question in unsatisfied if question.trials[-1] is question.decisive]
    for question in decisive:
        question.kept = lab.folder
    if not decisive:
        lab.discard()
