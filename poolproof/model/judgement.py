"""What a check returns: true or false, with its own evidence; and how the trial loop collects it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec

P = ParamSpec("P")
EVIDENCE_CAP = 600


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the observation satisfies the claim, with evidence that would convince the document's author.

    `margin` is observed / limit, for judgements about time or size alone; 1.0 is the limit. `facts` are the
    numbers of the evidence, by name with their unit last (`idle_pss_mib`), for pages and plots.
    """

    satisfied: bool
    evidence: str
    margin: float | None = None
    facts: Mapping[str, int | float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.satisfied

    def __repr__(self) -> str:
        return self.evidence[:EVIDENCE_CAP]


@dataclass(frozen=True, slots=True)
class CheckCall:
    """A judgement and its observation, so that another check can judge the same observation."""

    judgement: Judgement
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.judgement)


CHECKS: dict[str, Callable[..., Judgement]] = {}
"""Every check by its name; a rule of the catalogue names the check of the sentence that is true instead."""
_recorded: ContextVar[list[CheckCall] | None] = ContextVar("check_calls", default=None)


@contextmanager
def recording_checks() -> Iterator[list[CheckCall]]:
    """Collect the judgements made inside, so that a claim that judges nothing cannot pass."""
    recorded: list[CheckCall] = []
    token = _recorded.set(recorded)
    try:
        yield recorded
    finally:
        _recorded.reset(token)


def check(function: Callable[P, Judgement]) -> Callable[P, Judgement]:
    """Mark a pure function from observations to a judgement; the trial that calls it collects the result."""

    @functools.wraps(function)
    def judged(*args: P.args, **kwargs: P.kwargs) -> Judgement:
        judgement = function(*args, **kwargs)
        recorded = _recorded.get()
        if recorded is not None:
            recorded.append(CheckCall(judgement, args, kwargs))
        return judgement

    CHECKS[function.__name__] = judged
    return judged
