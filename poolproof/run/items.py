"""What pytest items carry: the plan, the run, the claim in its cell, the timed slot; and how an item ends."""

from __future__ import annotations

import pytest
from _pytest.outcomes import Failed

from poolproof.run.run import Run
from poolproof.run.run_plan import RunPlan
from poolproof.run.trials import Question
from poolproof.timing.plan import Slot

PLAN = pytest.StashKey[RunPlan]()
"""What the options select; missing when pytest runs without --pool."""


RUN = pytest.StashKey[Run]()
"""The run in progress; missing before it is opened."""


QUESTION = pytest.StashKey[Question]()


SLOT = pytest.StashKey[Slot]()
"""The slot of a timed item, which suites/conftest.py handles."""


CURRENT = pytest.StashKey[Question]()
"""The question of the current item; the claims that share its lifetimes are decided together with it."""


class Refuted(Failed):
    """The worker contradicted the claim; the text is the evidence."""


class Undecided(Failed):
    """The claim could not be decided in this cell; the text is the reason."""
