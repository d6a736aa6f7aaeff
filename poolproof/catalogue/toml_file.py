"""Reads a TOML file; anything else at its path gets a one-line message, without a hang or a traceback."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from poolproof.catalogue.mistakes import shown
from poolproof.model.errors import BadInput

MOST_BYTES = 10 * 2**20
"""More than anyone writes by hand."""
BOM = b"\xef\xbb\xbf"
LONG = re.compile(r"[0-9](?:_?[0-9]){4000,}")
"""Python reads no decimal integer of more than 4,300 digits."""
PIECES = re.compile(r"""\"{3}.*?"{3}|'{3}.*?'{3}|"(?:\\.|[^"\n\\])*"|'[^'\n]*'|#[^\n]*|[\[\]{}]""", re.DOTALL)
"""Texts and comments, in which brackets do not count, and the brackets that count."""
DEEP = 100


def load_toml(path: Path) -> dict[str, Any]:
    """The raw tables of a file; BadInput names the line that cannot be read."""
    try:
        text = _text(path)
        return tomllib.loads(text)
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise _bad(path, f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, f"is not TOML: {error}") from None
    except RecursionError:
        raise _bad(path, f"{_deepest(text)}is nested too deeply; write it flatter") from None
    except ValueError:
        raise _bad(path, f"{_longest(text)}is a number of too many digits; write a shorter one") from None


def _text(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # opening a FIFO would wait for its writer
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _bad(path, "is no regular file; put one there")
        if found.st_size > MOST_BYTES:
            raise _bad(path, f"holds more than {MOST_BYTES // 2**20} MiB; shorten it")
        raw = file.read()
    if raw.startswith(BOM):
        raise _bad(path, "begins with a byte order mark; save it as UTF-8 without one")
    return raw.decode()


def _bad(path: Path, mistake: str) -> BadInput:
    return BadInput(f"{shown(path)}: {mistake}")


def _longest(text: str) -> str:
    found = LONG.search(text)
    return _place(text, found.start()) if found else ""


def _deepest(text: str) -> str:
    """The place where brackets are nested too deep; empty when something else is."""
    opened: list[int] = []
    for piece in PIECES.finditer(text):
        if piece[0] in ("[", "{"):
            opened.append(piece.start())
        elif piece[0] in ("]", "}") and opened:
            opened.pop()
        if len(opened) > DEEP:
            return _place(text, opened[0])
    return ""


def _place(text: str, offset: int) -> str:
    """The line of this offset, and its key."""
    number, line = text.count("\n", 0, offset) + 1, text[text.rfind("\n", 0, offset) + 1 : offset]
    key = re.match(r"\s*([\w.-]{1,60})\s*=", line)
    return f"line {number}: {key[1]}: " if key else f"line {number}: "
