"""What a forked child has in common with its manager: pages, heap, stack and open files."""

import pytest

from poolproof.lab.lab import Lab
from poolproof.lab.worker import Worker
from poolproof.subjects.forking.checks import (
    copied_one_page,
    file_left_as_it_was,
    reading_copies_nothing,
    shares_no_part,
)
from poolproof.subjects.forking.stimulus import (
    look_at_parts,
    read_inherited,
    use_open_file,
    write_inherited,
)


@pytest.mark.claim("forking.copies-only-what-is-written", shares=True)
def test_copies_only_what_is_written(lab: Lab, worker: Worker) -> None:
    """A fork copies no page of memory: manager and child share each until one of them writes to it, and then
    that page alone is copied.
    """
    written = write_inherited(lab)
    assert copied_one_page(written)


@pytest.mark.claim("forking.reading-copies-nothing", shares=True)
def test_reading_copies_nothing(lab: Lab, worker: Worker) -> None:
    """A child that reads what it inherited, data or code, copies no page of it."""
    read = read_inherited(lab, lab.variant("what"))
    assert reading_copies_nothing(read)


@pytest.mark.claim("forking.open-files-are-independent", shares=True)
def test_open_files_are_independent(lab: Lab, worker: Worker) -> None:
    """A child inherits the files that its manager has opened, and handles them independently: closing or
    reading one does nothing to the manager's.
    """
    used = use_open_file(lab, worker, lab.variant("use"))
    assert file_left_as_it_was(used)


@pytest.mark.claim("forking.heap-and-stack-are-its-own", shares=True)
def test_heap_and_stack_are_its_own(lab: Lab, worker: Worker) -> None:
    """Heap and stack of a child are wholly its own: it shares no page of them."""
    parts = look_at_parts(lab, worker)
    assert shares_no_part(parts)
