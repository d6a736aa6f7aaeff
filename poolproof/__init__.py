"""The instrument: claims put to real workers on a real broker, judged, timed, recorded and reported."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Where suites/, probes/, results/ and matrix.toml lie."""
