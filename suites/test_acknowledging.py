"""What becomes of a message that a worker has taken."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.acknowledging.checks import each_ran_once
from poolproof.subjects.acknowledging.stimulus import hand_over


@pytest.mark.claim("acknowledging.popped-once-runs-once", wired=True)
def test_popped_once_runs_once(lab: Lab) -> None:
    """A message is popped by one process alone, which makes sure that its task is started once."""
    aftermath = hand_over(lab, lab.variant("event"))
    assert each_ran_once(aftermath)
