"""The options of a run, known to pytest before it looks for conftest.py, so that no value counts as a path.

`addopts` in pyproject.toml names this module, and every call of pytest names pyproject.toml (`-c`): otherwise
the folder after `--results` could decide which settings are read, and which conftest.py is executed.
"""

from __future__ import annotations

import re
from argparse import Namespace

import pytest

from poolproof.catalogue.mistakes import show
from poolproof.model.errors import BadInput
from poolproof.run.option_table import DEFAULTS, OPTIONS, SETTINGS


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("poolproof")
    for name, meaning in OPTIONS.items():
        group.addoption(name, default=DEFAULTS.get(name), help=meaning)


def check(config: pytest.Config) -> None:
    """Refuse an option without a value, and settings that are not Poolproof's."""
    for name in OPTIONS:
        if value(config.option, name) == "":
            raise BadInput(f"{name}: is empty; give a value, or leave the option out")
    if config.inipath != SETTINGS:
        raise BadInput(f"{config.inipath}: pytest took its settings from there; add -c {SETTINGS}")


def value(options: Namespace, name: str) -> str | None:
    """The value that the user gave for an option, or its default."""
    found: str | None = getattr(options, name.removeprefix("--").replace("-", "_"))
    return found


def seed(text: str) -> int:
    """The seed in the text; BadInput, which names the option, when it is none."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BadInput(f"--seed: {show(text)} is no seed; write a whole number from 0 to 999999999")
    return int(text)
