"""From trials to a verdict, from verdicts to an outcome, from outcomes to the exit status.

The record, the tables and the exit status all use this module, so they cannot disagree. It is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from poolproof.model.cells import Cell
from poolproof.model.condition import separate
from poolproof.model.sequential import Sequential
from poolproof.model.variants import at_defaults

Kind = Literal["always", "never", "sometimes", "static"]
TrialOutcome = Literal["satisfied", "violated", "void"]
CellVerdict = Literal["holds", "refuted", "not seen", "inconclusive", "n/a"]
Expectation = Literal["holds", "refuted", "not seen", "n/a"]
ClaimVerdict = Literal[
    "holds", "holds with defaults", "refuted", "conditional", "not seen", "inconclusive", "n/a"
]
Outcome = Literal["as documented", "document wrong", "regression", "stale", "undecided"]

VOIDS_REPLACED = 2
"""A cell's third void trial ends it: a claim that cannot be tested three times has a reason for that."""
NOTHING_DECIDED = INSTRUMENT_FAILED = 2
UNEXPECTED = 1


@dataclass(frozen=True, slots=True)
class Fixed:
    """A rule that always makes the same number of trials, each of which must satisfy the claim."""

    trials: int

    @property
    def confidence(self) -> float:
        """The confidence with which a verdict without violations excludes a violation rate."""
        return 0.95


DecisionRule = Fixed | Sequential


def decide(kind: Kind, outcomes: Sequence[TrialOutcome], rule: DecisionRule) -> CellVerdict | None:
    """The verdict from the trials of one cell, in their order; None while more trials are needed.

    Void trials say nothing and are replaced, two at the most.
    """
    violations = [outcome == "violated" for outcome in outcomes if outcome != "void"]
    verdict = _verdict(kind, violations, rule)
    if verdict is None and outcomes.count("void") > VOIDS_REPLACED:
        return "inconclusive"
    return verdict


def _verdict(kind: Kind, violations: Sequence[bool], rule: DecisionRule) -> CellVerdict | None:
    if kind == "static":
        rule = Fixed(trials=1)  # nothing is random, so a second trial would have the same result
    if kind == "sometimes":
        return _sometimes(violations, rule)
    if any(violations) and (kind == "never" or isinstance(rule, Fixed)):
        return "refuted"
    if isinstance(rule, Fixed):
        return "holds" if len(violations) >= rule.trials else None
    side = rule.side(violations)
    if side is None:
        return None
    return "holds" if side == "p0" else "refuted"


def _sometimes(missed: Sequence[bool], rule: DecisionRule) -> CellVerdict | None:
    """One trial that shows it is enough; as many without it as *holds* needs exclude only a rate."""
    if not all(missed):
        return "holds"
    clean = _verdict("always", [False] * len(missed), rule)
    return "not seen" if clean else None


def excluded_rate(n_clean: int, confidence: float) -> float:
    """The violation rate, from 0 to 1, that `n_clean` trials without a violation make implausible.

    At that rate they would be seen with probability 1 - `confidence`; one trial excludes almost nothing.
    """
    return 1 - (1 - confidence) ** (1 / n_clean) if n_clean else 1.0


def excluded(
    kind: Kind, verdict: CellVerdict, outcomes: Sequence[TrialOutcome], rule: DecisionRule
) -> float | None:
    """The rate that a verdict excludes at the rule's confidence; None where it excludes none.

    *Holds* excludes a rate of violations, *not seen* a rate at which the thing happens.
    """
    if verdict == "not seen":
        return excluded_rate(outcomes.count("violated"), rule.confidence)
    if verdict != "holds" or kind == "sometimes":
        return None
    if isinstance(rule, Sequential) and "violated" in outcomes:
        return rule.p1
    return excluded_rate(outcomes.count("satisfied"), rule.confidence)


def outcome(verdict: CellVerdict, expected: Expectation) -> Outcome | None:
    """The outcome: the verdict compared with what is known today; None where nothing was to decide (n/a).

    ValueError when a cell that does not apply has a verdict, or the reverse.
    """
    if (verdict == "n/a") != (expected == "n/a"):
        raise ValueError(f"a cell expected to be {expected} cannot be {verdict}")
    if verdict == "n/a":
        return None
    if verdict == "inconclusive":
        return "undecided"
    if verdict == "not seen":
        return "as documented" if expected == "not seen" else "regression"
    if verdict == "holds":
        return "as documented" if expected == "holds" else "stale"
    return "document wrong" if expected == "refuted" else "regression"


def exit_status(
    outcomes: Iterable[Outcome | None],
    missing: int = 0,
    failed: bool = False,
    timed: Iterable[bool] = (),
) -> int:
    """0 when all is as expected, 1 when something is not or was not decided, 2 when the instrument failed.

    `timed` has for each benchmark whether it proved itself right. A run that decided and timed nothing at all
    has failed too, because nothing selected is not success.
    """
    fine = [each in ("as documented", "document wrong") for each in outcomes if each is not None]
    fine += timed
    if failed:
        return INSTRUMENT_FAILED
    if missing or not all(fine):
        return UNEXPECTED
    return 0 if fine else NOTHING_DECIDED


@dataclass(frozen=True, slots=True)
class ClaimJudgement:
    """The verdict of a claim over all its cells; `condition` separates them where they differ."""

    verdict: ClaimVerdict
    condition: str | None = None

    @property
    def with_defaults(self) -> bool:
        """Whether it holds with Celery's defaults, and not without them."""
        return self.verdict == "holds with defaults"


def claim_verdict(cells: Mapping[Cell, CellVerdict]) -> ClaimJudgement:
    """Join the cells of one claim, from all pools that were run, into its verdict.

    A *sometimes* claim holds if it was seen in any cell.
    """
    holds = [cell for cell, verdict in cells.items() if verdict == "holds"]
    refuted = [cell for cell, verdict in cells.items() if verdict == "refuted"]
    undecided = sum(verdict == "inconclusive" for verdict in cells.values())
    if holds and refuted:
        besides = f" ({undecided} inconclusive)" if undecided else ""
        usual = {verdict for cell, verdict in cells.items() if at_defaults(cell)} - {"n/a", "not seen"}
        verdict: ClaimVerdict = "holds with defaults" if usual == {"holds"} else "conditional"
        return ClaimJudgement(verdict, separate(holds, refuted) + besides)
    if undecided:
        return ClaimJudgement("inconclusive")
    if holds or refuted:
        return ClaimJudgement("holds" if holds else "refuted")
    if "not seen" in cells.values():
        return ClaimJudgement("not seen")
    return ClaimJudgement("n/a")
