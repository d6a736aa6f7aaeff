"""Keeps the evidence of a lifetime: its logs and events, without the paths of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

from poolproof import ROOT
from poolproof.host.disk import writable


def keep(lifetime: Path, target: Path) -> None:
    """Copy a lifetime's logs and events; BadInput when the disk has no space for them."""
    with writable(target):
        target.mkdir(parents=True, exist_ok=True)
        for file in (*lifetime.glob("*.log"), *lifetime.glob("events/*.events")):
            text = file.read_text(errors="replace")
            for path, name in ((sys.prefix, "<python>"), (str(ROOT), "."), (str(lifetime), "<lifetime>")):
                text = text.replace(path, name)
            (target / file.name).write_text(text)
