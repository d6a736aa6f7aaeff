"""The instrument: claims put to real workers on a real broker, judged, timed, recorded and reported."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
INSTALLED = (_HERE / "data").is_dir()
"""Whether this package came from a wheel, which carries the rest of the repository as data."""
ROOT = _HERE / "data" if INSTALLED else _HERE.parent
"""Where suites/, probes/, results/schema.json, matrix.toml and pytest's settings lie."""
RECORDS = Path("poolproof-results") if INSTALLED else ROOT / "results" / "local"
"""Where records go unless the user says otherwise: nobody looks for them inside an installed package."""

if INSTALLED:
    sys.path.insert(0, str(ROOT))  # `probes` and `suites` are no packages of the user's environment
