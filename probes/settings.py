"""The settings of the worker that this process is, or was forked from; read once, at its start."""

from __future__ import annotations

from probes.shared.settings import read

SETTINGS = read()
