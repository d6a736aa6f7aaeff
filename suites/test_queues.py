"""Which of several queues is served, and when."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.queues.checks import earlier_queue_first
from poolproof.subjects.queues.stimulus import fetch_from_filled_queues


@pytest.mark.claim("queues.earlier-queue-starves-later", wired=True, streams=True)
def test_earlier_queue_starves_later(lab: Lab) -> None:
    """With -Q basic,advanced,realworld nothing is fetched from a later queue while an earlier one still
    holds messages.
    """
    fetches = fetch_from_filled_queues(lab, {"basic": 60, "advanced": 10, "realworld": 10})
    assert earlier_queue_first(fetches)
