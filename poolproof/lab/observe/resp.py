"""Reads the Redis protocol (RESP 2 and 3) from a stream of bytes that may be cut anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LINES = b"+:,(#_-"
BULKS = b"$!="
AGGREGATES = b"*%~>|"


class Incomplete(Exception):
    """The bytes so far end in the middle of a value."""


class Push(list[Any]):
    """An out-of-band message of RESP 3, which is not the reply to a command."""


class Parser:
    """Takes bytes and yields each complete value. Strings stay bytes, maps and sets become lists."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Iterator[Any]:
        """Every value that is complete now, out-of-band messages included."""
        self._data += data
        start = 0
        while start < len(self._data):
            try:
                value, start = self._value(start)
            except Incomplete:
                break
            yield value
        self._data = self._data[start:]

    def _line(self, start: int) -> tuple[bytes, int]:
        end = self._data.find(b"\r\n", start)
        if end < 0:
            raise Incomplete
        return self._data[start:end], end + 2

    def _value(self, start: int) -> tuple[Any, int]:
        line, after = self._line(start)
        mark, rest = line[0], line[1:]
        if mark in LINES:
            return (None if mark == ord("_") else int(rest) if mark == ord(":") else rest), after
        if mark in BULKS:
            return self._bulk(int(rest), after)
        if mark in AGGREGATES:
            return self._aggregate(mark, int(rest), after)
        raise ValueError(f"not the Redis protocol: {line[:40]!r}")

    def _bulk(self, length: int, start: int) -> tuple[bytes | None, int]:
        if length < 0:
            return None, start
        if len(self._data) < start + length + 2:
            raise Incomplete
        return self._data[start : start + length], start + length + 2

    def _aggregate(self, mark: int, length: int, start: int) -> tuple[list[Any] | None, int]:
        if length < 0:
            return None, start
        values: list[Any] = Push() if mark == ord(">") else []
        for _ in range(length * (2 if mark in b"%|" else 1)):
            value, start = self._value(start)
            values.append(value)
        return values, start
