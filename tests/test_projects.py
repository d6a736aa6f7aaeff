"""The example projects: their workers are observed and broken like any other worker under test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from poolproof.lab.worker import PROJECTS
from probes.shared.settings import Settings
from tests.house import ROOT


@pytest.mark.parametrize("project", ["celery_app", "ushow_nlp"])
def test_a_project_loads_what_every_worker_loads(project: str, tmp_path: Path) -> None:
    """Without it no worker reports that it is ready, no signal is recorded, and no mutant acts."""
    settings = Settings(
        name="p", broker="redis://127.0.0.1:1/0", events=str(tmp_path), gates="", mutants=("none",)
    )
    path = os.pathsep.join((str(ROOT), str(PROJECTS)))
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {project}"],
        env={**os.environ, "PYTHONPATH": path, **settings.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.stderr.splitlines()[-1:] == ["KeyError: 'none'"], "the mutants of its settings are applied"
