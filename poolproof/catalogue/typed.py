"""Converts the values of TOML files into typed values; each mistake gets one line.

msgspec converts, and knows the types. If it refuses a value, we search for the part that does not convert by
itself, because a message names its key and the expected value, which is the `description` of its type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert, structs

from poolproof.catalogue.mistakes import Mistake, show, under, unknown

T = TypeVar("T")
DAY = 86_400
"""The longest duration that is allowed, in seconds."""
MOST = 10**6
"""The largest whole number that is allowed."""
LONGEST_NAME = 60
"""A limit, because a name may become the name of a folder."""
SOME = Meta(min_length=1)
"""For a list or a table that must not be empty."""


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table in which every key must be known."""


Text = Annotated[str, Meta(pattern=r"\S", description="must be a text in quotes")]
Count = Annotated[int, Meta(ge=1, le=MOST, description="must be a whole number, 1 or more")]
Seconds = Annotated[float, Meta(gt=0, le=DAY, description="must be a number above 0")]
Rate = Annotated[float, Meta(gt=0, lt=1, description="must lie between 0 and 1")]


def read(raw: object, kind: type[T]) -> T:
    """A value of that type, with runs of white space in its texts as single spaces; Mistake if it is none.

    The value is checked first as it was written, because a message shows it in that form.
    """
    converted(raw, kind)
    tidy = _tidied(raw)
    _check_repeats(tidy)
    return converted(tidy, kind)


def converted(raw: object, kind: type[T]) -> T:
    """A value of that type, with its texts unchanged; Mistake if it is none."""
    try:
        return convert(raw, kind)
    except ValidationError as error:
        cause = error.__cause__
    for key, part, of in _parts(raw, kind):
        with under(*key):
            converted(part, of)
    raise cause if isinstance(cause, Mistake) else _mistake(raw, kind)


def _parts(raw: object, kind: Any) -> Iterator[tuple[tuple[str, ...], object, Any]]:
    """The parts of a value, each with its key and its type; the keys of a free table are parts."""
    plain, _ = _plain(raw, kind)
    if isinstance(raw, dict) and _is_table(plain):
        known = {each.encode_name: each.type for each in structs.fields(plain)}
        for key in raw:
            if key not in known:
                raise unknown("key", key, known)
        yield from (((key,), raw[key], of) for key, of in known.items() if key in raw)
    elif isinstance(raw, dict) and get_origin(plain) is dict:
        names, values = get_args(plain)
        yield from (((), key, names) for key in raw)
        yield from (((key,), value, values) for key, value in raw.items())
    elif isinstance(raw, list) and get_origin(plain) is tuple:
        yield from (((f"#{n}",), item, get_args(plain)[0]) for n, item in enumerate(raw, 1))


def _is_table(plain: Any) -> bool:
    kind = get_origin(plain) or plain
    return isinstance(kind, type) and issubclass(kind, Struct)


def _plain(raw: object, kind: Any) -> tuple[Any, Meta]:
    """A type without its metadata, and the metadata; of a union, the member that the value is meant for."""
    meta = Meta()
    if get_origin(kind) is Annotated:
        kind, meta = kind.__origin__, kind.__metadata__[0]
    if get_origin(kind) in (Union, UnionType):
        members = [each for each in get_args(kind) if each is not NoneType]
        meant = [each for each in members if isinstance(raw, dict) == _is_table(each)]
        if not meta.description:
            return _plain(raw, (meant or members)[0])
        lists = [each for each in members if get_origin(each) is tuple]
        if isinstance(raw, list) and lists:
            return _plain(raw, lists[0])
    return kind, meta


def _mistake(raw: object, kind: Any) -> Mistake:
    """Why a value does not convert, if none of its parts is the reason."""
    plain, meta = _plain(raw, kind)
    if isinstance(raw, dict) and _is_table(plain):
        missing = next(
            each for each in structs.fields(plain) if each.required and each.encode_name not in raw
        )
        return Mistake("is missing; add it", missing.encode_name)
    if _is_table(plain):
        return Mistake(f"is {show(raw)}, must be a table")
    if get_origin(plain) is Literal:
        return unknown(meta.title or "value", raw, get_args(plain))
    if get_origin(plain) is tuple:
        return _no_list(raw)
    if get_origin(plain) is dict:
        empty = "is empty, must name at least one; or leave it out"
        return Mistake(empty if raw == {} else f"is {show(raw)}, must be a table")
    return _no_scalar(raw, meta)


def _no_list(raw: object) -> Mistake:
    if raw == []:
        return Mistake("is empty, must name at least one")
    form = "tables, each headed [[...]]" if isinstance(raw, dict) else "a list"
    return Mistake(f"is {show(raw)}, must be {form}")


def _no_scalar(raw: object, meta: Meta) -> Mistake:
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if number and meta.le is not None and meta.le < raw < math.inf:  # type: ignore[operator]
        return Mistake(f"is {show(raw)}, must be {meta.le} or less")
    if isinstance(raw, str) and meta.pattern and re.search(meta.pattern, raw):
        return Mistake(f"has {len(raw)} characters, must have {meta.max_length} at the most")
    return Mistake(f"is {show(raw)}, {meta.description}")


def _tidied(raw: object) -> object:
    if isinstance(raw, str):
        return " ".join(raw.split())
    if isinstance(raw, dict):
        return {_tidied(key): _tidied(value) for key, value in raw.items()}
    return [_tidied(item) for item in raw] if isinstance(raw, list) else raw


def _check_repeats(raw: object) -> None:
    """Refuse a list that has something twice."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            with under(key):
                _check_repeats(value)
    elif isinstance(raw, list):
        for n, item in enumerate(raw):
            with under(f"#{n + 1}"):
                if item in raw[:n]:
                    raise Mistake(f"repeats #{raw.index(item) + 1}; leave one of them out")
                _check_repeats(item)
