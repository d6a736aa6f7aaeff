"""A module whose configuration stands in a file, as an application's may; it is read when this is loaded."""

from __future__ import annotations

from pathlib import Path

from probes.application import app
from probes.recorder import record
from probes.settings import SETTINGS


def configure() -> None:
    """Set how long results are kept, and note what was read."""
    text = (Path(SETTINGS.gates) / "configuration").read_text()
    app.conf.result_expires = int(text)
    record("configured", text)


configure()
