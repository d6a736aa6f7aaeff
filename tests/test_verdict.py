"""From trials to verdicts, from verdicts to outcomes and exit statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from poolproof.model.sequential import Sequential
from poolproof.model.verdict import (
    CellVerdict,
    DecisionRule,
    Expectation,
    Fixed,
    Kind,
    Outcome,
    TrialOutcome,
    decide,
    excluded,
    excluded_rate,
    exit_status,
    outcome,
)

ONE, THREE = Fixed(1), Fixed(3)
WALD = Sequential(p0=0.01, p1=0.5, alpha=0.05, beta=0.05)
PATIENT = Sequential(p0=0.1, p1=0.5, alpha=0.05, beta=0.05)
WORDS: dict[str, TrialOutcome] = {"s": "satisfied", "v": "violated", "0": "void"}


def outcomes_of(text: str) -> list[TrialOutcome]:
    """`s0v`: satisfied, void, violated."""
    return [WORDS[letter] for letter in text]


@pytest.mark.parametrize(
    ("kind", "trials", "rule", "verdict"),
    [
        ("always", "", ONE, None),
        ("always", "s", ONE, "holds"),
        ("always", "v", ONE, "refuted"),
        ("always", "0", ONE, None),
        ("always", "00", ONE, None),
        ("always", "000", ONE, "inconclusive"),
        ("always", "00s", ONE, "holds"),
        ("never", "00v", ONE, "refuted"),
        ("always", "ss", THREE, None),
        ("always", "sss", THREE, "holds"),
        ("always", "sv", THREE, "refuted"),
        ("never", "s0s0s", THREE, "holds"),
        ("never", "s0s00", THREE, "inconclusive"),
        ("always", "ssss", WALD, None),
        ("always", "sssss", WALD, "holds"),
        ("always", "sv", WALD, "refuted"),
        ("always", "ssssv", WALD, None),
        ("never", "ssssv", WALD, "refuted"),
        ("always", "s0s0s0", WALD, "inconclusive"),
        ("always", "v", PATIENT, None),
        ("never", "v", PATIENT, "refuted"),
        ("never", "v000", PATIENT, "refuted"),
        ("always", "vv", PATIENT, "refuted"),
        ("always", "vssssssss", PATIENT, "holds"),
        ("static", "s", WALD, "holds"),
        ("static", "v", PATIENT, "refuted"),
        ("static", "0", THREE, None),
        ("sometimes", "vs", THREE, "holds"),
        ("sometimes", "vv", THREE, None),
        ("sometimes", "v0vv", THREE, "not seen"),
        ("sometimes", "vvvv", WALD, None),
        ("sometimes", "vvvvv", WALD, "not seen"),
        ("sometimes", "vvvvs", WALD, "holds"),
        ("sometimes", "000", ONE, "inconclusive"),
    ],
)
def test_decide(kind: Kind, trials: str, rule: DecisionRule, verdict: CellVerdict | None) -> None:
    assert decide(kind, outcomes_of(trials), rule) == verdict


@given(
    st.text("sv0", max_size=12),
    st.sampled_from(["always", "never", "sometimes", "static"]),
    st.sampled_from([ONE, THREE, WALD, PATIENT]),
)
def test_nothing_holds_without_a_satisfied_trial_nor_is_refuted_without_a_violated_one(
    trials: str, kind: Kind, rule: DecisionRule
) -> None:
    verdict = decide(kind, outcomes_of(trials), rule)
    assert verdict != "holds" or "s" in trials
    assert verdict != "refuted" or "v" in trials
    assert verdict != "inconclusive" or trials.count("0") > 2


@given(st.text("sv0", max_size=12), st.sampled_from([ONE, THREE, WALD, PATIENT]))
def test_one_violation_refutes_never_whatever_comes_before_or_after(trials: str, rule: DecisionRule) -> None:
    assume("v" in trials)
    assert decide("never", outcomes_of(trials), rule) == "refuted"


@given(st.text("sv", max_size=12), st.integers(0, 12), st.sampled_from([ONE, THREE, WALD, PATIENT]))
def test_void_trials_do_not_count(trials: str, at: int, rule: DecisionRule) -> None:
    assert decide("always", outcomes_of(trials), rule) == decide(
        "always", outcomes_of(trials[:at] + "00" + trials[at:]), rule
    )


@given(st.integers(1, 1000), st.floats(0.5, 0.999))
def test_excluded_rate_is_where_clean_trials_become_implausible(n: int, confidence: float) -> None:
    assert (1 - excluded_rate(n, confidence)) ** n == pytest.approx(1 - confidence)


@pytest.mark.parametrize(
    ("kind", "verdict", "trials", "rule", "rate"),
    [
        ("always", "holds", "s", ONE, 0.95),
        ("always", "holds", "0sssss", WALD, 1 - 0.05 ** (1 / 5)),
        ("always", "holds", "vssssssss", PATIENT, 0.5),
        ("always", "refuted", "v", ONE, None),
        ("always", "inconclusive", "000", ONE, None),
        ("sometimes", "holds", "s", ONE, None),
        ("sometimes", "not seen", "vv0v", THREE, 1 - 0.05 ** (1 / 3)),
    ],
)
def test_excluded(
    kind: Kind, verdict: CellVerdict, trials: str, rule: DecisionRule, rate: float | None
) -> None:
    assert excluded(kind, verdict, outcomes_of(trials), rule) == (
        rate if rate is None else pytest.approx(rate)
    )


def test_no_trial_excludes_nothing() -> None:
    assert excluded_rate(0, 0.95) == 1.0


OUTCOMES: dict[tuple[CellVerdict, Expectation], Outcome | None] = {
    ("holds", "holds"): "as documented",
    ("holds", "refuted"): "stale",
    ("refuted", "holds"): "regression",
    ("refuted", "refuted"): "document wrong",
    ("inconclusive", "holds"): "undecided",
    ("inconclusive", "refuted"): "undecided",
    ("holds", "not seen"): "stale",
    ("refuted", "not seen"): "regression",
    ("not seen", "holds"): "regression",
    ("not seen", "refuted"): "regression",
    ("not seen", "not seen"): "as documented",
    ("inconclusive", "not seen"): "undecided",
    ("n/a", "n/a"): None,
}


@pytest.mark.parametrize("verdict", get_args(CellVerdict))
@pytest.mark.parametrize("expected", get_args(Expectation))
def test_outcome(verdict: CellVerdict, expected: Expectation) -> None:
    if (verdict, expected) in OUTCOMES:
        assert outcome(verdict, expected) == OUTCOMES[verdict, expected]
    else:
        with pytest.raises(ValueError, match="cannot be"):
            outcome(verdict, expected)


@pytest.mark.parametrize(
    ("outcomes", "missing", "failed", "timed", "status"),
    [
        pytest.param(["as documented", "document wrong", None], 0, False, [], 0, id="all-as-expected"),
        pytest.param(["as documented", "regression"], 0, False, [], 1, id="regression"),
        pytest.param(["as documented", "stale"], 0, False, [], 1, id="stale"),
        pytest.param(["as documented", "undecided"], 0, False, [], 1, id="undecided"),
        pytest.param(["as documented"], 1, False, [], 1, id="missing"),
        pytest.param(["as documented"], 0, True, [], 2, id="failed"),
        pytest.param(["regression"], 3, True, [], 2, id="failed-outweighs-the-rest"),
        pytest.param([], 0, False, [], 2, id="nothing-selected"),
        pytest.param([None], 0, False, [], 2, id="nothing-applies"),
        pytest.param([], 0, False, [True], 0, id="timed-alone"),
        pytest.param(["as documented"], 0, False, [True, False], 1, id="timed-wrongly"),
    ],
)
def test_exit_status(
    outcomes: Sequence[Outcome | None], missing: int, failed: bool, timed: Sequence[bool], status: int
) -> None:
    assert exit_status(outcomes, missing, failed, timed) == status
