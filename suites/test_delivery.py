"""What becomes of a message between the queue and the task."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.delivery.checks import each_message_once
from poolproof.subjects.delivery.stimulus import stream_messages


@pytest.mark.claim("delivery.each-message-once", streams=True)
def test_each_message_is_consumed_once(lab: Lab) -> None:
    """Each message is consumed exactly once, by one worker alone and by two that compete for the queue."""
    delivery = stream_messages(lab, workers={"one": 1, "two": 2}[lab.variant("workers")])
    assert each_message_once(delivery)
