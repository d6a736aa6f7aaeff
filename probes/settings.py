"""The settings of this process's worker (or of the one it was forked from); read once, at its start."""

from __future__ import annotations

from probes.shared.settings import read

SETTINGS = read()
