"""Says when and where the task modules are loaded: executing this one is an event, in whichever process."""

from __future__ import annotations

from probes.recorder import record

record("loaded", __name__)
