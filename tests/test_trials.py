"""What a trial makes of a claim that passes, fails, hangs, or asserts nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from probes import deadline, trials
from probes.cells import Cell
from probes.claims import Claim
from probes.errors import InstrumentFault, Void
from probes.judgement import Judgement, check
from probes.lab import Lab
from probes.trials import Seat, ask

TRUE = Judgement(True, "all is well")
FALSE = Judgement(False, "a1 lost")


@check
def judged(judgement: Judgement) -> Judgement:
    return judgement


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Any]:
    """Put a claim whose function stands in this file, as if this file were in suites/."""
    monkeypatch.setattr(trials, "SUITES", str(Path(__file__).parent))

    def put(function: Callable[[], None]) -> Any:
        claim = Claim(id="x.y", says="…", kind="always", sources=())
        seat = Seat(claim, Cell("solo", 1, 4), function, frozenset())
        return ask(seat, cast(Lab, SimpleNamespace()), seconds=5)

    return put


def test_a_true_judgement_satisfies(put: Callable[..., Any]) -> None:
    def claim() -> None:
        assert judged(TRUE)

    assert put(claim) == ("satisfied", TRUE)


def test_a_false_judgement_violates(put: Callable[..., Any]) -> None:
    def claim() -> None:
        assert judged(FALSE)

    assert put(claim) == ("violated", FALSE)


def test_void_says_why(put: Callable[..., Any]) -> None:
    def claim() -> None:
        raise Void("no worker")

    assert put(claim) == ("void", Judgement(False, "no worker"))


def test_what_hangs_is_cut_and_void(put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def claim() -> None:
        while True:
            pass

    real = deadline.wall
    monkeypatch.setattr(trials, "wall", lambda _: real(0.05))
    outcome, judgement = put(claim)
    assert outcome == "void"
    assert "wall" in judgement.evidence


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
def test_a_claim_that_does_not_assert_its_one_judgement_is_a_fault(
    claim: Callable[[], None], put: Callable[..., Any]
) -> None:
    with pytest.raises(InstrumentFault):
        put(claim)


def test_an_assertion_of_a_library_is_a_fault(
    put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SUITES", "/elsewhere")

    def claim() -> None:
        assert judged(FALSE)

    with pytest.raises(InstrumentFault, match="not the claim's own"):
        put(claim)


def test_any_other_error_is_no_verdict(put: Callable[..., Any]) -> None:
    def claim() -> None:
        raise KeyError("instrument")

    with pytest.raises(KeyError):
        put(claim)
