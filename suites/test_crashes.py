"""What a task that ends its process does to everything else."""

import pytest

from probes.checks.crashes import contained, worker_gone
from probes.lab import Lab
from probes.stimuli.crashing import crash_amid_tasks


@pytest.mark.claim("crashes.child-crash-is-contained")
def test_crash_in_a_child_is_contained(lab: Lab) -> None:
    """A crash in a prefork child leaves the manager alive, the child is replaced, the other tasks finish."""
    crash = crash_amid_tasks(lab, lab.variant("crash"))
    assert contained(crash)


@pytest.mark.claim("crashes.crash-ends-the-worker")
def test_crash_ends_the_worker(lab: Lab) -> None:
    """Without a child process to crash in, a task that crashes stops the whole worker."""
    crash = crash_amid_tasks(lab, lab.variant("crash"))
    assert worker_gone(crash)
