"""A full disk is reported as such, before it can look like an error of the worker."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from poolproof.host.disk import SPACE, with_space, writable
from poolproof.model.errors import BadInput

Free = Callable[[int], None]
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    def free(size: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=size))

    return free


def test_room_enough_changes_nothing(tmp_path: Path, free: Free) -> None:
    free(SPACE)
    with pytest.raises(RuntimeError, match="the claim's own"), with_space(tmp_path):
        raise RuntimeError("the claim's own")


def test_too_little_room_is_refused_before_anything_is_begun(tmp_path: Path, free: Free) -> None:
    free(SPACE - 1)
    begun = []
    with pytest.raises(BadInput) as caught, with_space(tmp_path):
        begun.append(1)
    assert not begun
    assert str(caught.value) == (
        f"{tmp_path}: only 15 MiB are free of the 16 that are needed, because workers record there; "
        "free some space, or set TMPDIR"
    )


@pytest.mark.parametrize("raised", [None, FULL, AssertionError("a message is lost")])
def test_what_was_found_while_the_disk_filled_is_not_believed(
    tmp_path: Path, free: Free, raised: Exception | None
) -> None:
    def trial() -> None:
        with with_space(tmp_path):
            free(0)
            if raised:
                raise raised

    with pytest.raises(BadInput, match="only 0 MiB are free"):
        trial()


def test_what_cannot_be_written_is_said_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught, writable(tmp_path):
        raise FULL
    assert str(caught.value) == (
        f"{tmp_path}: cannot be written: No space left on device; free some space, and run again"
    )


def test_a_copy_that_fails_in_several_files_gets_one_line(tmp_path: Path) -> None:
    why = "[Errno 28] No space left"
    with pytest.raises(BadInput, match="not every file can be copied") as caught, writable(tmp_path):
        raise shutil.Error([("a", "b", why), ("c", "d", why)])
    assert "\n" not in str(caught.value)
