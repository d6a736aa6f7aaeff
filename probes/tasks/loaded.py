"""Records when and where the task modules are loaded: executing this module is an event, in any process."""

from __future__ import annotations

from probes.recorder import record

record("loaded", __name__)
