"""Which of several queues is served, and when."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.queues.checks import earlier_queue_first
from poolproof.subjects.queues.stimulus import fetch_from_filled_queues
from probes.shared.printed import document_004


@pytest.mark.claim("queues.earlier-queue-starves-later", wired=True, streams=True)
def test_earlier_queue_starves_later(lab: Lab) -> None:
    """With -Q basic,advanced,realworld nothing is fetched from a later queue while an earlier one still
    holds messages.
    """
    fetches = fetch_from_filled_queues(lab, dict(zip(document_004.QUEUES, (60, 10, 10), strict=True)))
    assert earlier_queue_first(fetches)
