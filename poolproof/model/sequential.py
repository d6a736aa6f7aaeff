"""Wald's sequential probability ratio test: how many trials of a cell are enough, decided by the trials.

A fixed number is too many for a claim that clearly fails, and too few for one that fails rarely. This test
compares two violation rates, p0 (tolerable) and p1 (too many), after each trial, and stops as soon as it can
reject one of them. Abraham Wald, "Sequential Tests of Statistical Hypotheses", 1945: the true error
rates a and b keep a <= alpha / (1 - beta), b <= beta / (1 - alpha) and a + b <= alpha + beta.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Literal

Side = Literal["p0", "p1"]
ROUNDING = 1e-12
"""A sum of logarithms that equals its threshold mathematically may miss it by this much."""


@dataclass(frozen=True, slots=True)
class Sequential:
    """A rule that makes more or fewer trials, depending on the violations so far.

    `alpha` limits how often a claim violated at the rate p0 is called refuted, `beta` how often one that is
    violated at the rate p1 is called holding. ValueError when the four numbers cannot make a test.
    """

    p0: float
    p1: float
    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not 0 < self.p0 < self.p1 < 1:
            raise ValueError(f"p0 {self.p0} and p1 {self.p1} must keep 0 < p0 < p1 < 1")
        if min(self.alpha, self.beta) <= 0 or self.alpha + self.beta >= 1:
            raise ValueError(f"alpha {self.alpha} and beta {self.beta} must be above 0, their sum below 1")

    @property
    def confidence(self) -> float:
        """The confidence of a verdict *holds*: that violations are rarer than the rate it excludes."""
        return 1 - self.beta

    @property
    def violated_step(self) -> float:
        """Evidence for p1 (natural logarithm of a likelihood ratio) in one violated trial."""
        return log(self.p1 / self.p0)

    @property
    def satisfied_step(self) -> float:
        """Evidence for p1 in one satisfied trial; negative, because it is evidence for p0."""
        return log((1 - self.p1) / (1 - self.p0))

    @property
    def upper(self) -> float:
        """The evidence at which p0 is rejected."""
        return log((1 - self.beta) / self.alpha)

    @property
    def lower(self) -> float:
        """The evidence at which p1 is rejected."""
        return log(self.beta / (1 - self.alpha))

    def side(self, violations: Iterable[bool]) -> Side | None:
        """The rate that the trials accepted first; None while they have accepted neither."""
        evidence = 0.0
        for violated in violations:
            evidence += self.violated_step if violated else self.satisfied_step
            if evidence >= self.upper - ROUNDING:
                return "p1"
            if evidence <= self.lower + ROUNDING:
                return "p0"
        return None
