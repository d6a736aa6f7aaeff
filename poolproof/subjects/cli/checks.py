"""Judges command lines: by the workers that they start, and by their options."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.subjects.cli.seen import Lines, Typed

POOL = "-P"
USAGE = 2
"""The exit status of a command line that was not understood."""
REFUSAL = re.compile(r"no such option:? '?--env\b", re.IGNORECASE)
"""The message of click; since 8.2 the option is in quotes."""


@check
def each_serves_its_queues(typed: Sequence[Typed]) -> Judgement:
    """True when each line started a worker that is alive, has its name, and ran all tasks of its queues."""
    failed = [each for each in typed if not _as_typed(each)]
    evidence = "; ".join(map(_text, failed or typed)) or "nothing was typed"
    return Judgement(bool(typed) and not failed, evidence, facts=_facts(typed))


@check
def each_is_refused_for_env(typed: Sequence[Typed]) -> Judgement:
    """True when each command line ended with status 2 because Celery knows no option `--env`."""
    refused = [each for each in typed if each.exit_status == USAGE and REFUSAL.search(each.last_words)]
    right = bool(typed) and refused == list(typed)
    facts = {**_facts(typed), "lines_refused": len(refused)}
    return Judgement(right, "; ".join(map(_text, typed)), facts=facts)


def _as_typed(typed: Typed) -> bool:
    return typed.exit_status is None and typed.served == typed.queues and typed.answered == typed.node


def _facts(typed: Sequence[Typed]) -> dict[str, int | float]:
    return {
        "lines": len(typed),
        "lines_that_started": sum(each.exit_status is None for each in typed),
        "queues": sum(len(each.queues) for each in typed),
        "queues_served": sum(len(each.served) for each in typed),
    }


def _text(typed: Typed) -> str:
    if typed.exit_status is not None:
        return f"`{typed.line}` ended with {typed.exit_status}: {typed.last_words}"
    left = [queue for queue in typed.queues if queue not in typed.served]
    not_served = f" and not {', '.join(left)}" if left else ""
    named = f" as {typed.answered}" if typed.answered else ", and answered to no name"
    other = f" where its line says {typed.node}" if typed.answered and typed.answered != typed.node else ""
    return f"`{typed.line}` served {', '.join(typed.served) or 'nothing'}{not_served}{named}{other}"


@check
def pool_alone_differs(lines: Lines) -> Judgement:
    """True when the compared lines differ only in the value of `-P`, and the other lines in more."""
    differing, control = _differing(*lines.compared), _differing(*lines.others)
    return Judgement(
        differing == (POOL,) and len(control) > 1,
        f"the lines compared differ in {_named(differing)}; two others in {_named(control)}",
        facts={"options_that_differ": len(differing), "options_that_differ_in_others": len(control)},
    )


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The options that are only in one line, or in both with different values."""
    left, right = _options(one), _options(other)
    return tuple(name for name in {**left, **right} if left.get(name) != right.get(name))


def _options(words: Sequence[str]) -> dict[str, str]:
    """Each option with its value, which follows an equals sign or a space."""
    options: dict[str, str] = {}
    for word, after in zip(words, (*words[1:], ""), strict=True):
        if word.startswith("-"):
            name, _, value = word.partition("=")
            options[name] = value or ("" if after.startswith("-") else after)
    return options


def _named(options: Sequence[str]) -> str:
    return ", ".join(options) or "nothing"
