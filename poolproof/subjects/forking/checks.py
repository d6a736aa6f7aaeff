"""Judges what a forked child shares with its manager, page by page and file by file."""

from __future__ import annotations

from collections.abc import Sequence

from poolproof.model.judgement import Judgement, check
from poolproof.model.words import counted
from poolproof.subjects.forking.seen import OpenFile, Part, Read, Written

MOST = 0.5
"""The part of the shared pages that must be copied to say that reading copies.

Reading a list of texts, or calling functions, copied from 95% to all of them.
"""


STRAY = 0.05
"""The part that may be copied although reading copies nothing: the task may write to a page or two."""


@check
def reading_copies_nothing(read: Read) -> Judgement:
    """True when pages were shared, and reading made no more than STRAY of them the child's own."""
    shared = read.pages - read.before
    right = shared > 0 and read.after - read.before <= STRAY * shared
    return Judgement(right, _read_told(read), facts=_read_facts(read))


@check
def reading_copies(read: Read) -> Judgement:
    """True when reading made MOST of the shared pages the child's own."""
    shared = read.pages - read.before
    right = shared > 0 and read.after - read.before >= MOST * shared
    return Judgement(right, _read_told(read), facts=_read_facts(read))


@check
def copied_one_page(written: Written) -> Judgement:
    """True when all pages were shared, and writing made the page that was written to the child's own."""
    right = written.before == 0 and written.after == (written.written,)
    text = (
        f"of {counted(written.pages, 'page')} {written.before} were the child's own; after it wrote to one, "
        f"{len(written.after)}{', that one' if written.after == (written.written,) else ''}"
    )
    facts = {
        "pages": written.pages,
        "own_before_pages": written.before,
        "own_after_pages": len(written.after),
    }
    return Judgement(right, text, facts=facts)


@check
def file_left_as_it_was(used: OpenFile) -> Judgement:
    """True when the manager's file is as open, and at the same position, as before the child used it."""
    return Judgement(used.before is not None and used.after == used.before, _file_told(used))


@check
def position_is_shared(used: OpenFile) -> Judgement:
    """True when the manager's file is still open, and its position moved by what the child read."""
    right = used.before is not None and used.read > 0 and used.after == used.before + used.read
    return Judgement(right, _file_told(used))


@check
def shares_no_part(parts: Sequence[Part]) -> Judgement:
    """True when no child shares a page of its heap or its stack."""
    return Judgement(bool(parts) and not any(part.shared for part in parts), _parts_told(parts))


@check
def shares_of_each_part(parts: Sequence[Part]) -> Judgement:
    """True when each child shares pages of its heap and of its stack, and has pages of its own in both."""
    right = bool(parts) and all(part.shared and part.private for part in parts)
    return Judgement(right, _parts_told(parts))


def _read_told(read: Read) -> str:
    return (
        f"{read.what}: of {counted(read.pages, 'page')} {read.before} were the child's own before it read, "
        f"and {read.after} afterwards"
    )


def _read_facts(read: Read) -> dict[str, int]:
    return {"pages": read.pages, "own_before_pages": read.before, "own_after_pages": read.after}


def _file_told(used: OpenFile) -> str:
    did = f"read {used.read} bytes" if used.how == "read" else "closed it"
    before, after = ("closed" if at is None else f"at {at}" for at in (used.before, used.after))
    return f"the manager's file was {before}; a child {did}; then the manager's was {after}"


def _parts_told(parts: Sequence[Part]) -> str:
    return "; ".join(f"{part.name}: {part.shared} KiB shared, {part.private} KiB its own" for part in parts)
