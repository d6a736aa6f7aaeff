"""The command lines that the documents print."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.subjects.cli.checks import each_serves_its_queues, pool_alone_differs
from poolproof.subjects.cli.stimulus import type_lines
from poolproof.subjects.cli.stimulus_printed import other_lines, read_lines
from probes.shared.printed import document_000


@pytest.mark.claim("cli.commands-of-000-start", wired=True)
def test_commands_of_000_start(lab: Lab) -> None:
    """Each of the two compared commands, one with -P prefork and one with -P solo, starts as printed a
    worker that serves its queue under the name in the command.
    """
    typed = type_lines(lab, [document_000.COMPARED[lab.cell.pool]])
    assert each_serves_its_queues(typed)


@pytest.mark.claim("cli.other-commands-start", wired=True)
def test_other_commands_start(lab: Lab) -> None:
    """Each other command that documents 000 and 003 print, in plans, diagrams and the example project,
    starts a worker that serves its queues under the name in the command.
    """
    typed = type_lines(lab, other_lines(lab.cell.pool))
    assert each_serves_its_queues(typed)


@pytest.mark.claim("cli.commands-differ-in-pool-alone")
def test_commands_differ_in_pool_alone(lab: Lab) -> None:
    """The two compared commands differ in the value of -P and in nothing else."""
    lines = read_lines(lab)
    assert pool_alone_differs(lines)
