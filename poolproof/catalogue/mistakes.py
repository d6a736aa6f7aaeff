"""A mistake in a file that a person wrote, in one line: the file, the key, the mistake and the correction."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from poolproof.model.errors import BadInput

LISTED = 12
"""How many known names a message lists; more would hide the mistake."""
_shallow = reprlib.Repr()
"""Prints deeply nested values alike under every Python: some versions print all, and some fail."""
_shallow.maxlevel = 4
_shallow.maxstring = _shallow.maxother = 1000
_shallow.maxlist = _shallow.maxdict = _shallow.maxtuple = 100


class Mistake(ValueError):
    """What is wrong with a value, and the keys that lead to it from the outermost table."""

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message, path)
        self.message = message
        self.path = path

    def __str__(self) -> str:
        where = ".".join(self.path).replace(".#", " #")
        return f"{where}: {self.message}" if where else self.message


@contextmanager
def under(*keys: str) -> Iterator[None]:
    """Put keys before the path of a mistake raised inside."""
    try:
        yield
    except Mistake as mistake:
        raise Mistake(mistake.message, *keys, *mistake.path) from None


@contextmanager
def blaming(where: str) -> Iterator[None]:
    """Turn a mistake raised inside into one line for the user, which begins with the file."""
    try:
        yield
    except Mistake as mistake:
        raise BadInput(f"{where}: {mistake}") from None


def shown(path: Path) -> str:
    """The path as a person would type it: relative to the working directory if possible."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def unknown(what: str, word: object, known: Collection[object]) -> Mistake:
    """The mistake for an unknown name, with the most similar known name or, without one, all known names."""
    names = {str(name): name for name in known}
    near = difflib.get_close_matches(str(word) if isinstance(word, (str, bool)) else show(word), names, n=1)
    mend = f"did you mean {show(names[near[0]])}?" if near else f"known: {_listed(known)}"
    return Mistake(f"unknown {what} {show(word)}; {mend}")


def show(raw: object) -> str:
    """A value in the form in which it was written, on one line and cut short."""
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, bool):
        return str(raw).lower()
    try:
        shown = repr(raw) if isinstance(raw, int) else _shallow.repr(raw)
    except ValueError:  # Python does not print an integer of 5,000 digits
        return "a number beyond all use"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _listed(names: Collection[object]) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:LISTED]) + (", ..." if len(shown) > LISTED else "") or "none"
