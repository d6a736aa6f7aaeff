"""The sequential test keeps its error rates: by simulation, and by calculation."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolproof.model.sequential import Sequential

RUNS = 4000
RULES = [
    Sequential(p0=0.01, p1=0.5, alpha=0.05, beta=0.05),
    Sequential(p0=0.05, p1=0.3, alpha=0.05, beta=0.05),
    Sequential(p0=0.1, p1=0.2, alpha=0.1, beta=0.02),
    Sequential(p0=0.4, p1=0.6, alpha=0.01, beta=0.2),
]


def trials(rng: random.Random, rate: float) -> Iterator[bool]:
    while True:
        yield rng.random() < rate


def wrong(rule: Sequential, rate: float, side: str) -> float:
    """How often trials that are violated at `rate` lead to `side`."""
    rng = random.Random(421337)
    return sum(rule.side(trials(rng, rate)) == side for _ in range(RUNS)) / RUNS


def noise(rate: float) -> float:
    """Four standard errors of a simulated rate."""
    return float(4 * (rate * (1 - rate) / RUNS) ** 0.5)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_error_rates_are_rarer_still_beyond_the_two_rates(rule: Sequential) -> None:
    assert wrong(rule, rule.p0 / 2, "p1") <= wrong(rule, rule.p0, "p1")
    assert wrong(rule, (1 + rule.p1) / 2, "p0") <= wrong(rule, rule.p1, "p0")


def test_the_simulation_would_notice_thresholds_that_are_too_low() -> None:
    """The control of these tests: a rule that stops early exceeds the bound of a stricter one."""
    honest, hasty = Sequential(0.1, 0.2, 0.05, 0.05), Sequential(0.1, 0.2, 0.3, 0.3)
    bound = honest.alpha / (1 - honest.beta)
    assert wrong(hasty, hasty.p0, "p1") > bound + noise(bound)


def test_a_fixed_number_of_trials_would_cost_more() -> None:
    """Why it is sequential: most cells end long before the number of trials that the worst cell needs."""
    rule, rng = RULES[1], random.Random(421337)

    def cost(rate: float) -> int:
        spent: list[bool] = []
        while rule.side(spent) is None:
            spent.append(rng.random() < rate)
        return len(spent)

    def mean(rate: float) -> float:
        return sum(cost(rate) for _ in range(300)) / 300

    assert mean(1.0) < mean(0.14) > mean(0.0)


@given(st.lists(st.booleans(), max_size=40), st.lists(st.booleans(), max_size=5), st.sampled_from(RULES))
def test_a_decision_is_never_changed_by_later_trials(
    seen: list[bool], later: list[bool], rule: Sequential
) -> None:
    decided = rule.side(seen)
    assert decided is None or rule.side(seen + later) == decided


def on_paper(rule: Sequential, rate: float) -> tuple[float, float]:
    """The exact probabilities of both sides, from the weight of each undecided (satisfied, violated)."""
    undecided, sides = {(0, 0): 1.0}, {"p0": 0.0, "p1": 0.0}
    while sum(undecided.values()) > 1e-9:
        reached: dict[tuple[int, int], float] = {}
        for (satisfied, violated), weight in undecided.items():
            for n, m, chance in ((satisfied + 1, violated, 1 - rate), (satisfied, violated + 1, rate)):
                reached[n, m] = reached.get((n, m), 0.0) + weight * chance
        undecided = {}
        for (n, m), weight in reached.items():
            evidence = n * rule.satisfied_step + m * rule.violated_step
            if rule.lower < evidence < rule.upper:
                undecided[n, m] = weight
            else:
                sides["p1" if evidence > 0 else "p0"] += weight
    return sides["p0"], sides["p1"]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_simulated_and_exact_error_rates_agree_and_keep_the_bounds(rule: Sequential) -> None:
    refuted_though_tolerable = on_paper(rule, rule.p0)[1]
    holds_though_too_many = on_paper(rule, rule.p1)[0]
    simulated_a, simulated_b = wrong(rule, rule.p0, "p1"), wrong(rule, rule.p1, "p0")
    assert simulated_a == pytest.approx(refuted_though_tolerable, abs=noise(refuted_though_tolerable))
    assert simulated_b == pytest.approx(holds_though_too_many, abs=noise(holds_though_too_many))
    assert refuted_though_tolerable <= rule.alpha / (1 - rule.beta)
    assert holds_though_too_many <= rule.beta / (1 - rule.alpha)
    assert refuted_though_tolerable + holds_though_too_many <= rule.alpha + rule.beta


@pytest.mark.parametrize(
    ("p0", "p1", "alpha", "beta"),
    [
        pytest.param(0.5, 0.5, 0.05, 0.05, id="p0-equals-p1"),
        pytest.param(0.6, 0.5, 0.05, 0.05, id="p0-above-p1"),
        pytest.param(0.0, 0.5, 0.05, 0.05, id="p0-zero"),
        pytest.param(0.1, 1.0, 0.05, 0.05, id="p1-one"),
        pytest.param(0.1, 0.5, 0.0, 0.05, id="alpha-zero"),
        pytest.param(0.1, 0.5, 0.05, -0.1, id="beta-negative"),
        pytest.param(0.1, 0.5, 0.5, 0.5, id="errors-as-likely-as-not"),
    ],
)
def test_numbers_that_make_no_test(p0: float, p1: float, alpha: float, beta: float) -> None:
    with pytest.raises(ValueError, match="must"):
        Sequential(p0, p1, alpha, beta)
