"""Judges command lines: by what they start, and by their words."""

from __future__ import annotations

from collections.abc import Sequence

from probes.judgement import Judgement, check
from probes.observations.cli import Lines, Typed

POOL = "-P"


@check
def each_serves_its_queues(typed: Sequence[Typed]) -> Judgement:
    """True when each command line started a worker that lives and ran a task from each of its queues."""
    failed = [each for each in typed if each.exit_status is not None or each.served != each.queues]
    evidence = "; ".join(map(_told, failed or typed))
    return Judgement(bool(typed) and not failed, evidence or "nothing was typed")


def _told(typed: Typed) -> str:
    if typed.exit_status is not None:
        return f"`{typed.line}` ended with {typed.exit_status}: {typed.last_words}"
    left = [queue for queue in typed.queues if queue not in typed.served]
    not_served = f" and not {', '.join(left)}" if left else ""
    return f"`{typed.line}` served {', '.join(typed.served) or 'nothing'}{not_served}"


@check
def pool_alone_differs(lines: Lines) -> Judgement:
    """True when the lines that are compared differ in the value of `-P` alone, and the others in more."""
    differing, control = _differing(*lines.compared), _differing(*lines.others)
    return Judgement(
        differing == (POOL,) and len(control) > 1,
        f"the lines compared differ in {_named(differing)}; two others in {_named(control)}",
    )


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The options that stand in one line alone, or in both with other values."""
    left, right = _options(one), _options(other)
    return tuple(name for name in {**left, **right} if left.get(name) != right.get(name))


def _options(words: Sequence[str]) -> dict[str, str]:
    """Each option with its value, whether an equals sign or a space stands between them."""
    options: dict[str, str] = {}
    for word, after in zip(words, (*words[1:], ""), strict=True):
        if word.startswith("-"):
            name, _, value = word.partition("=")
            options[name] = value or ("" if after.startswith("-") else after)
    return options


def _named(options: Sequence[str]) -> str:
    return ", ".join(options) or "nothing"
