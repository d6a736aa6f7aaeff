"""Puts claims to workers, trial by trial, until each cell is decided."""

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
from poolproof.host.disk import roomy
from poolproof.host.waiting import wall
from poolproof.lab.lab import Lab, Setup, Site
from poolproof.lab.trouble import BROKER_ERRORS
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput, InstrumentFault, Void
from poolproof.model.judgement import EVIDENCE_CAP, Asked, Judgement, hearing
from poolproof.model.record import Trial
from poolproof.model.verdict import CellVerdict, Rule, TrialOutcome, decide

SUITES = str(ROOT / "suites")
WALL_BESIDES = 180.0
"""Seconds that a trial may take besides the tier's time for a stream: starts, deadlines, ends."""


@dataclass(slots=True)
class Seat:
    """One claim in one cell, with the trials that it has had; `ask` is the function in suites/.

    A claim that `shares` only looks at its worker: claims of one cell that do are put to one worker.
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

    def shares_with(self, other: Seat) -> bool:
        """Whether both share the worker of the same cell, so that one lifetime serves them."""
        return self.shares and other.shares and self.cell == other.cell

    @property
    def expected(self) -> Expected:
        """What is known of this cell."""
        return self.claim.expect(self.cell)

    @property
    def outcomes(self) -> list[TrialOutcome]:
        """The outcome of each trial, in order."""
        return [trial.outcome for trial in self.trials]

    @property
    def telling(self) -> Trial:
        """The trial whose evidence speaks for the verdict: the first violated one, else the last.

        One that was violated in another way than the known one comes first.
        """
        violated = [trial for trial in self.trials if trial.outcome == "violated"]
        unknown = [trial for trial in violated if trial.corrected is False]
        return (unknown or violated or self.trials[-1:])[0]

    def take(self, trial: Trial, rule: Rule) -> None:
        """Add a trial and decide the cell if it can be; refuted in an unknown way, it is not decided."""
        self.trials.append(trial)
        self.verdict = decide(self.claim.kind, self.outcomes, rule)
        if self.verdict == "refuted" and self.telling.corrected is False:
            self.verdict = "inconclusive"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one trial says: of the claim, and of what is expected to be true instead, if anything is."""

    outcome: TrialOutcome
    judgement: Judgement
    correction: Judgement | None = None


@dataclass(slots=True)
class Bench:
    """Where trials are put: the site, the rule that ends them, who hears of each, and whose turn it is."""

    site: Site
    rule: Rule
    folder: Path
    heard: Callable[[Seat, Trial], None]
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def decide(self, seats: Sequence[Seat]) -> None:
        """Give lifetimes to the seats of one cell, a trial each in every lifetime, until all are decided."""
        while undecided := [seat for seat in seats if seat.verdict is None]:
            try:
                with self.turn(), self._lifetime(undecided) as lab:
                    for seat in undecided:
                        self._hear(seat, self._put(seat, lab))
            except (Void, *BROKER_ERRORS, redis.ResponseError) as lost:
                raise BadInput(
                    f"{str(lost).rstrip('.')}; the run ends here, and its finished trials are kept"
                ) from None

    def _hear(self, seat: Seat, trial: Trial) -> None:
        seat.take(trial, self.rule)
        self.heard(seat, trial)

    @contextmanager
    def _lifetime(self, seats: Sequence[Seat]) -> Iterator[Lab]:
        with Lab(self.site, seats[0].cell, self.folder / str(next(self._numbers)), setup(seats)) as lab:
            yield lab
        _keep_or_discard(lab, seats)

    def _put(self, seat: Seat, lab: Lab) -> Trial:
        begun = time.monotonic()
        lab.proof.clear()
        self.site.sentinel.begin()
        with roomy(lab.folder):
            answer = undisturbed(seat, lab, self.site.seconds + WALL_BESIDES)
        if lab.workers:
            seat.command = str(lab.workers[0].command)
        if answer.outcome != "void" and not lab.proof:
            raise InstrumentFault(
                f"{seat.claim.id}: judged without a witness; let its stimulus call witness()"
            )
        return Trial(
            n=len(seat.trials) + 1,
            outcome=answer.outcome,
            witness=dict(lab.proof),
            evidence=answer.judgement.evidence[:EVIDENCE_CAP],
            seconds=round(time.monotonic() - begun, 3),
            margin=answer.judgement.margin,
            corrected=answer.correction.satisfied if answer.correction else None,
            correction=answer.correction.evidence[:EVIDENCE_CAP] if answer.correction else None,
        )


def setup(seats: Sequence[Seat]) -> Setup:
    """How a lifetime is set up that serves all of these seats: each is observed as any of them needs it.

    Only a worker that is neither shared nor watched is started shorter than the documents have it.
    """
    wired, watched = any(seat.wired for seat in seats), any(seat.watched for seat in seats)
    documented = watched or seats[0].shares
    return Setup(seats[0].mutants, wired, watched, documented)


def undisturbed(seat: Seat, lab: Lab, seconds: float) -> Answer:
    """Put one claim once; whatever comes of it is void when somebody else hurt a process of the lifetime."""
    try:
        answer = ask(seat, lab, seconds)
    except Exception:  # what a stimulus makes of a process that somebody killed is no fault of ours
        if not (causes := lab.disturbed()):
            raise
        return Answer("void", Judgement(False, causes))
    if not (causes := lab.disturbed()):
        return answer
    said = f"{answer.judgement.evidence}; " if answer.outcome == "void" else ""
    return Answer("void", Judgement(False, f"{said}{causes}"))


def ask(seat: Seat, lab: Lab, seconds: float) -> Answer:
    """Put one claim once; an assertion of suites/ violates it, and any other one is a fault of ours.

    A claim that passes without exactly one true judgement has asserted nothing: InstrumentFault.
    """
    try:
        with wall(seconds), hearing() as heard:
            seat.ask(**_arguments(seat, lab))
    except Void as reason:
        return Answer("void", Judgement(False, str(reason)))
    except BROKER_ERRORS as lost:
        return Answer("void", Judgement(False, f"the broker did not answer: {lost}"))
    except redis.ResponseError as refusal:
        return Answer("void", Judgement(False, f"the broker refused: {refusal}"))
    except AssertionError as violation:
        if not _raised_in_suites(violation) or len(heard) != 1 or heard[0]:
            raise InstrumentFault(
                f"{seat.claim.id}: an assertion that is not the claim's own: {violation}"
            ) from violation
        return Answer("violated", heard[0].judgement, _correction(seat, heard[0]))
    if len(heard) != 1 or not heard[0]:
        raise InstrumentFault(f"{seat.claim.id}: passed without asserting its one judgement")
    return Answer("satisfied", heard[0].judgement, _correction(seat, heard[0]))


def _correction(seat: Seat, asked: Asked) -> Judgement | None:
    """Put to the same observation what is expected to be true instead of the claim."""
    name = seat.expected.shown_by
    if not name:
        return None
    if (shows := checks.named(name)) is None:
        raise InstrumentFault(f"{seat.claim.id}: shown_by: there is no check {name!r} in probes/checks")
    return shows(*asked.args, **asked.kwargs)


def _arguments(seat: Seat, lab: Lab) -> dict[str, Any]:
    return {"lab": lab, "worker": lab.resident()} if seat.shares else {"lab": lab}


def _raised_in_suites(violation: AssertionError) -> bool:
    return traceback.extract_tb(violation.__traceback__)[-1].filename.startswith(SUITES)


def _keep_or_discard(lab: Lab, seats: Sequence[Seat]) -> None:
    """Keep the lifetime whose trial speaks for a claim's refutation, or for its doubt, and no other."""
    unsatisfied = [seat for seat in seats if seat.outcomes[-1:] in (["violated"], ["void"])]
    telling = [seat for seat in unsatisfied if seat.trials[-1] is seat.telling]
    for seat in telling:
        seat.kept = lab.folder
    if not telling:
        lab.discard()
