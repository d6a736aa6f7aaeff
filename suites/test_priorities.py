"""Which of two priorities a worker serves first."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.priorities.checks import nine_comes_first
from poolproof.subjects.priorities.stimulus import fetch_by_priority


@pytest.mark.claim("priorities.nine-comes-first", wired=True)
def test_nine_comes_first(lab: Lab) -> None:
    """Of messages that task_routes gives the priorities 9 and 5, those of 9 are served first."""
    order = fetch_by_priority(lab, lab.variant("queues"))
    assert nine_comes_first(order)
