"""The outcome of a trial whose claim passes, fails, hangs, or asserts nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import redis

from poolproof.catalogue.claims import Claim, Expected
from poolproof.host import waiting as deadline
from poolproof.lab.lab import Lab
from poolproof.model.cells import Cell
from poolproof.model.errors import InstrumentError, Void
from poolproof.model.judgement import Judgement, check
from poolproof.model.record import Trial
from poolproof.model.verdict import Fixed
from poolproof.run import trials
from poolproof.run.trials import Answer, Question, ask

TRUE = Judgement(True, "all is well")
FALSE = Judgement(False, "a1 lost")


@check
def judged(judgement: Judgement) -> Judgement:
    return judgement


@check
def judged_otherwise(judgement: Judgement) -> Judgement:
    return Judgement(not judgement.satisfied, f"instead of {judgement.evidence}")


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Any]:
    """Test a claim whose function is in this file, as if this file were in suites/."""
    monkeypatch.setattr(trials, "SUITES", str(Path(__file__).parent))

    def put(function: Callable[[], None], shown_by: str = "") -> Any:
        rule = Expected("refuted", shown_by=shown_by)
        claim = Claim(id="x.y", says="…", kind="always", sources=(), expected=(rule,))
        question = Question(claim, Cell("solo", 1, 4), lambda lab: function())
        return ask(question, cast(Lab, SimpleNamespace()), seconds=5)

    return put


def test_a_true_judgement_satisfies(put: Callable[..., Any]) -> None:
    def claim() -> None:
        assert judged(TRUE)

    assert put(claim) == Answer("satisfied", TRUE)


def test_a_false_judgement_violates(put: Callable[..., Any]) -> None:
    def claim() -> None:
        assert judged(FALSE)

    assert put(claim) == Answer("violated", FALSE)


def test_void_says_why(put: Callable[..., Any]) -> None:
    def claim() -> None:
        raise Void("no worker")

    assert put(claim) == Answer("void", Judgement(False, "no worker"))


def test_what_the_broker_refuses_is_void(put: Callable[..., Any]) -> None:
    def claim() -> None:
        raise redis.exceptions.OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    told = "the broker refused: command not allowed when used memory > 'maxmemory'"
    assert put(claim) == Answer("void", Judgement(False, told))


def test_what_hangs_is_cut_and_void(put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def claim() -> None:
        while True:
            pass

    real = deadline.wall
    monkeypatch.setattr(trials, "wall", lambda _: real(0.05))
    answer = put(claim)
    assert answer.outcome == "void"
    assert "wall" in answer.judgement.evidence


def _forgets_to_assert() -> None:
    judged(FALSE)


def _asserts_nothing() -> None:
    assert True


def _judges_twice() -> None:
    assert judged(TRUE)
    assert judged(TRUE)


def _asserts_beside_its_judgement() -> None:
    judged(TRUE)
    assert [] == [1]


@pytest.mark.parametrize(
    "claim", [_forgets_to_assert, _asserts_nothing, _judges_twice, _asserts_beside_its_judgement]
)
def test_a_claim_that_does_not_assert_its_one_judgement_is_an_instrument_error(
    claim: Callable[[], None], put: Callable[..., Any]
) -> None:
    with pytest.raises(InstrumentError):
        put(claim)


def test_an_assertion_of_a_library_is_an_instrument_error(
    put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SUITES", "/elsewhere")

    def claim() -> None:
        assert judged(FALSE)

    with pytest.raises(InstrumentError, match="not the claim's own"):
        put(claim)


def test_any_other_error_is_no_verdict(put: Callable[..., Any]) -> None:
    def claim() -> None:
        raise KeyError("instrument")

    with pytest.raises(KeyError):
        put(claim)


@pytest.mark.parametrize("judgement", [TRUE, FALSE])
def test_what_is_true_instead_is_put_to_the_same_observation(
    judgement: Judgement, put: Callable[..., Any]
) -> None:
    def claim() -> None:
        assert judged(judgement)

    assert put(claim, shown_by="judged_otherwise").correction == judged_otherwise(judgement)


def test_a_correction_that_no_check_shows_is_an_instrument_error(put: Callable[..., Any]) -> None:
    def claim() -> None:
        assert judged(FALSE)

    with pytest.raises(InstrumentError, match="there is no check 'no_such'"):
        put(claim, shown_by="no_such")


@pytest.mark.parametrize(
    ("corrected", "verdict"), [(True, "refuted"), (None, "refuted"), (False, "inconclusive")]
)
def test_what_is_refuted_in_an_unknown_way_is_not_decided(corrected: bool | None, verdict: str) -> None:
    question = Question(Claim("x.y", "…", "always", ()), Cell("solo", 1, 4), lambda lab: None)
    question.take(
        Trial(1, "violated", {"n": 1}, "lost", 0.1, corrected=corrected, correction="why"), Fixed(1)
    )
    assert question.verdict == verdict
    assert question.decisive.correction == "why"


@pytest.mark.parametrize(("correction", "corrected"), [(TRUE, True), (FALSE, False), (None, None)])
def test_a_correction_that_is_not_true_is_no_missing_one(
    correction: Judgement | None, corrected: bool | None
) -> None:
    trial = Answer("violated", FALSE, correction).trial(1, {"n": 1}, 0.1)
    assert trial.corrected is corrected
    assert (trial.correction is None) == (correction is None)
