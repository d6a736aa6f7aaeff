"""The checks of command lines, and how such a line is read."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from poolproof.subjects.cli.checks import each_is_refused_for_env, each_serves_its_queues, pool_alone_differs
from poolproof.subjects.cli.seen import Lines, Typed
from poolproof.subjects.cli.stimulus import node_of, queues_of

NODE = "celery@host"


def typed(
    line: str, queues: str, served: str, status: int | None = None, words: str = "", answered: str = NODE
) -> Typed:
    return Typed(line, tuple(queues), tuple(served), NODE, answered, status, words)


GOOD = typed("celery -A app worker -Q a,b", "ab", "ab")
ONE, OTHER = ("worker", "-c", "1", "-P", "solo"), ("worker", "-c", "1", "-P", "prefork")
FAR = ("worker", "--pool=solo", "--loglevel=debug")


def test_each_serves_its_queues() -> None:
    judgement = each_serves_its_queues([GOOD])
    assert judgement
    assert judgement.evidence == "`celery -A app worker -Q a,b` served a, b as celery@host"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (typed("celery", "a", "", 2, "No such option"), "`celery` ended with 2: No such option"),
        (typed("celery", "a", "a", 0, "bye"), "`celery` ended with 0: bye"),
        (typed("celery", "ab", "a"), "`celery` served a and not b as celery@host"),
        (
            typed("celery", "a", "a", answered="other@host"),
            "`celery` served a as other@host where its line says celery@host",
        ),
        (typed("celery", "a", "a", answered=""), "`celery` served a, and answered to no name"),
    ],
)
def test_one_that_does_not_refutes(other: Typed, says: str) -> None:
    judgement = each_serves_its_queues([GOOD, other])
    assert not judgement
    assert judgement.evidence == says
    assert judgement.facts["lines"] == 2
    assert judgement.facts["queues_served"] == 2 + len(other.served)


def test_nothing_typed_proves_nothing() -> None:
    assert not each_serves_its_queues([])


REFUSED = typed("celery --env=dev", "a", "", 2, "Error: No such option '--env'.", answered="")


def test_each_is_refused_for_env() -> None:
    judgement = each_is_refused_for_env([REFUSED, REFUSED])
    assert judgement
    assert "ended with 2: Error: No such option '--env'." in judgement.evidence
    assert judgement.facts["lines_refused"] == 2
    assert not each_serves_its_queues([REFUSED])


@pytest.mark.parametrize(
    "other",
    [
        GOOD,
        replace(REFUSED, exit_status=70),
        replace(REFUSED, exit_status=None),
        replace(REFUSED, last_words="Error: No such option: --other"),
        replace(REFUSED, last_words="Error: No such option '--environment'."),
        replace(REFUSED, last_words="Killed"),
    ],
    ids=["it serves", "another status", "it lives", "another option", "a longer one", "another reason"],
)
def test_any_other_end_is_no_refusal_of_env(other: Typed) -> None:
    assert not each_is_refused_for_env([REFUSED, other])
    assert not each_is_refused_for_env([])


@pytest.mark.parametrize(
    ("line", "node"),
    [
        ("worker", "celery@{host}"),
        ("worker -n ai.nlp", "celery@ai.nlp"),
        ("worker --hostname=w1@%h -c 1", "w1@{host}"),
        ("worker -n w1@there", "w1@there"),
    ],
)
def test_node_of_a_line(line: str, node: str) -> None:
    assert node_of(line.split()) == node.format(host=socket.gethostname())


def test_pool_alone_differs() -> None:
    assert pool_alone_differs(Lines((ONE, OTHER), (ONE, FAR)))


@pytest.mark.parametrize(
    "lines",
    [Lines((ONE, FAR), (ONE, FAR)), Lines((ONE, ONE), (ONE, FAR)), Lines((ONE, OTHER), (ONE, OTHER))],
    ids=["more differs", "nothing differs", "no difference in the control"],
)
def test_more_or_less_differs(lines: Lines) -> None:
    assert not pool_alone_differs(lines)


@pytest.mark.parametrize(
    ("line", "queues"),
    [("worker -Q a,b", ("a", "b")), ("worker --queues=a -c 1", ("a",)), ("worker --pool=solo", ("celery",))],
)
def test_queues_of_a_line(line: str, queues: tuple[str, ...]) -> None:
    assert queues_of(line.split()) == queues
