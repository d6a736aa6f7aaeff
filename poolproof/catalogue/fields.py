"""Reading what people write in TOML: small readers that combine, so that every mistake has its one line.

A reader takes a raw value and returns it typed, or raises `Mistake`. It need not know its place: whatever
encloses it adds the key, and `blaming` adds the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from poolproof.catalogue.mistakes import Mistake, show, under, unknown

T = TypeVar("T")
Reader = Callable[[object], T]
DAY = 86_400
"""No duration is longer, in seconds."""
LONGEST_NAME = 60


def text(raw: object) -> str:
    """A sentence or a name: not empty, its white space made single spaces."""
    if not isinstance(raw, str) or not raw.strip():
        raise Mistake(f"is {show(raw)}, must be a text in quotes")
    return " ".join(raw.split())


def whole(least: int, most: int = 10**6) -> Reader[int]:
    """A whole number from `least` to `most`; TOML's booleans are none."""

    def read(raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < least:
            raise Mistake(f"is {show(raw)}, must be a whole number, {least} or more")
        if raw > most:
            raise Mistake(f"is {show(raw)}, must be {most} or less")
        return raw

    return read


def rate(raw: object) -> float:
    """A probability; 0 and 1 are excluded, because no test can reach them."""
    if not isinstance(raw, (int, float)) or isinstance(raw, bool) or not 0 < raw < 1:
        raise Mistake(f"is {show(raw)}, must lie between 0 and 1")
    return raw


def above(limit: float, most: float) -> Reader[float]:
    """A number greater than `limit`, `most` at the most; TOML's infinity and nan are none."""

    def read(raw: object) -> float:
        if not isinstance(raw, (int, float)) or isinstance(raw, bool) or not limit < raw < math.inf:
            raise Mistake(f"is {show(raw)}, must be a number above {limit:g}")
        if raw > most:
            raise Mistake(f"is {show(raw)}, must be {most:g} or less")
        return raw

    return read


def one_of(what: str, names: Collection[str]) -> Reader[str]:
    """One of the known names."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or raw not in names:
            raise unknown(what, raw, names)
        return raw

    return read


def matching(pattern: str, mend: str) -> Reader[str]:
    """A text of one form; `mend` says which. It may become the name of a folder, so it is not long."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or not re.fullmatch(pattern, raw):
            raise Mistake(f"is {show(raw)}, must be {mend}")
        if len(raw) > LONGEST_NAME:
            raise Mistake(f"has {len(raw)} characters, must have {LONGEST_NAME} at the most")
        return raw

    return read


def list_of(reader: Reader[T], least: int = 1) -> Reader[tuple[T, ...]]:
    """A list without repeats; empty only where `least` is 0."""

    def read(raw: object) -> tuple[T, ...]:
        if not isinstance(raw, list):
            form = "tables, each headed [[...]]" if isinstance(raw, dict) else "a list"
            raise Mistake(f"is {show(raw)}, must be {form}")
        if len(raw) < least:
            raise Mistake("is empty, must name at least one")
        found: list[T] = []
        for n, item in enumerate(raw, 1):
            with under(f"#{n}"):
                value = reader(item)
                if value in found:
                    raise Mistake(f"repeats #{found.index(value) + 1}; leave one of them out")
                found.append(value)
        return tuple(found)

    return read


def mapping(key: Reader[str], value: Reader[T]) -> Reader[dict[str, T]]:
    """A table whose keys the writer chooses; not empty."""

    def read(raw: object) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, item in _tabled(raw).items():
            checked = key(name)
            with under(checked):
                found[checked] = value(item)
        if not found:
            raise Mistake("is empty, must name at least one; or leave it out")
        return found

    return read


@dataclass(frozen=True, slots=True)
class may(Generic[T]):
    """A key that may be left out; the default is the one of what the table builds."""

    reader: Reader[T]


def table(build: Callable[..., T], /, **keys: Reader[Any] | may[Any]) -> Reader[T]:
    """A table with exactly these keys; `build` gets them, and may raise `Mistake` about how they fit."""

    def read(raw: object) -> T:
        given = _tabled(raw)
        for key in given:
            if key not in keys:
                raise unknown("key", key, keys)
        wanted = {k: how for k, how in keys.items() if k in given or not isinstance(how, may)}
        return build(**{key: _read_key(given, key, how) for key, how in wanted.items()})

    return read


def _read_key(given: Mapping[str, object], key: str, how: Reader[Any] | may[Any]) -> Any:
    with under(key):
        if key not in given:
            raise Mistake("is missing; add it")
        return (how.reader if isinstance(how, may) else how)(given[key])


def _tabled(raw: object) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise Mistake(f"is {show(raw)}, must be a table")
    return raw
