"""The checks of what a fork leaves in common, on good and bad observations."""

from __future__ import annotations

import pytest

from poolproof.subjects.forking.checks import (
    copied_one_page,
    file_left_as_it_was,
    position_is_shared,
    reading_copies,
    reading_copies_nothing,
    shares_no_part,
    shares_of_each_part,
)
from poolproof.subjects.forking.seen import OpenFile, Part, Read, Written


@pytest.mark.parametrize(
    ("before", "after", "nothing", "copied"),
    [
        (0, 0, True, False),
        (10, 10, True, False),
        (0, 64, False, True),
        (0, 3, True, False),
        (0, 4, False, False),
        (64, 64, False, False),
    ],
)
def test_reading(before: int, after: int, nothing: bool, copied: bool) -> None:
    read = Read("buffer", 64, before, after)
    assert bool(reading_copies_nothing(read)) is nothing
    assert bool(reading_copies(read)) is copied


def test_writing() -> None:
    assert copied_one_page(Written(64, 0, (7,), 7))
    assert not copied_one_page(Written(64, 0, (), 7))
    assert not copied_one_page(Written(64, 0, (6, 7), 7))
    assert not copied_one_page(Written(64, 64, (7,), 7))


def test_open_files() -> None:
    assert file_left_as_it_was(OpenFile("close", 0, 0, 0))
    assert not file_left_as_it_was(OpenFile("close", 0, 0, None))
    assert not file_left_as_it_was(OpenFile("close", 0, None, None))
    assert not file_left_as_it_was(OpenFile("read", 100, 0, 100))
    assert position_is_shared(OpenFile("read", 100, 0, 100))
    assert not position_is_shared(OpenFile("read", 100, 0, 0))


def test_parts() -> None:
    heap, stack = Part("heap", 100, 50), Part("stack", 8, 40)
    own = Part("heap", 0, 150)
    assert shares_of_each_part((heap, stack))
    assert not shares_of_each_part((own, stack))
    assert not shares_of_each_part(())
    assert not shares_no_part((heap, stack))
    assert shares_no_part((own,))
    assert not shares_no_part(())
