"""A module that reads its configuration from a file when it is loaded, as an application may."""

from __future__ import annotations

from pathlib import Path

from probes.application import app
from probes.recorder import record
from probes.settings import SETTINGS


def configure() -> None:
    """Set how long results are kept, and record the value that was read."""
    text = (Path(SETTINGS.gates) / "configuration").read_text()
    app.conf.result_expires = int(text)
    record("configured", text)


configure()
