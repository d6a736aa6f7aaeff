"""The commands that messages and records show to a user: they differ between a checkout and a wheel."""

from __future__ import annotations

from poolproof import INSTALLED


def environment(pool: str, server: str) -> str:
    """The tox environment that tests a pool on a kind of broker; every record contains its name."""
    return f"{pool}-{server}"


def run(pool: str, server: str = "redis", options: str = "") -> str:
    """The command that tests the claims on a pool, with more options."""
    if INSTALLED:
        return f"poolproof run --pool {pool} --server {server}{options}"
    return f"./toxw -e {environment(pool, server)}{' --' if options else ''}{options}"


def compare() -> str:
    """The command that joins the newest runs into one comparison."""
    return "poolproof report" if INSTALLED else "./toxw -e tables"


def obtain(extra: str, name: str) -> str:
    """The command that installs the libraries of an extra, or runs the tox environment that has them."""
    return f"pip install 'poolproof[{extra}]'" if INSTALLED else f"./toxw -e {name}"
