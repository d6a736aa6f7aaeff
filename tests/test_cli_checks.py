"""The checks of command lines, and how such a line is read, by hand."""

from __future__ import annotations

import pytest

from probes.checks.cli import each_serves_its_queues, pool_alone_differs
from probes.observations.cli import Lines, Typed
from probes.stimuli.command_lines import queues_of

GOOD = Typed("celery -A app worker -Q a,b", ("a", "b"), ("a", "b"), None, "ready")
ONE, OTHER = ("worker", "-c", "1", "-P", "solo"), ("worker", "-c", "1", "-P", "prefork")
FAR = ("worker", "--pool=solo", "--loglevel=debug")


def test_each_serves_its_queues() -> None:
    judgement = each_serves_its_queues([GOOD])
    assert judgement
    assert judgement.evidence == "`celery -A app worker -Q a,b` served a, b"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Typed("celery", ("a",), (), 2, "No such option"), "`celery` ended with 2: No such option"),
        (Typed("celery", ("a",), ("a",), 0, "bye"), "`celery` ended with 0: bye"),
        (Typed("celery", ("a", "b"), ("a",), None, ""), "`celery` served a and not b"),
    ],
)
def test_one_that_does_not_refutes(other: Typed, says: str) -> None:
    judgement = each_serves_its_queues([GOOD, other])
    assert not judgement
    assert judgement.evidence == says


def test_nothing_typed_proves_nothing() -> None:
    assert not each_serves_its_queues([])


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
