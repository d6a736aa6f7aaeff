"""What a check returns: true or false, with its own evidence; and how the trial loop hears of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec

P = ParamSpec("P")
EVIDENCE_CAP = 600


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether what was observed satisfies the claim, in words that would convince the document's author.

    `margin` is observed / limit, for judgements about time or size alone; 1.0 is the limit.
    """

    satisfied: bool
    evidence: str
    margin: float | None = None

    def __bool__(self) -> bool:
        return self.satisfied

    def __repr__(self) -> str:
        return self.evidence[:EVIDENCE_CAP]


@dataclass(frozen=True, slots=True)
class Asked:
    """A judgement that was made, and what was judged, so that another check can be put to the same."""

    judgement: Judgement
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.judgement)


CHECKS: dict[str, Callable[..., Judgement]] = {}
"""Every check by its name; a rule of the catalogue names the one that shows what is true instead."""
_heard: ContextVar[list[Asked] | None] = ContextVar("heard", default=None)


@contextmanager
def hearing() -> Iterator[list[Asked]]:
    """Collect the judgements made inside, so that a claim which judges nothing can never pass."""
    heard: list[Asked] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def check(function: Callable[P, Judgement]) -> Callable[P, Judgement]:
    """Mark a pure function from observations to a judgement; the trial that calls it hears the result."""

    @functools.wraps(function)
    def judged(*args: P.args, **kwargs: P.kwargs) -> Judgement:
        judgement = function(*args, **kwargs)
        heard = _heard.get()
        if heard is not None:
            heard.append(Asked(judgement, args, kwargs))
        return judgement

    CHECKS[function.__name__] = judged
    return judged
