"""Nothing outlives the run: one small process spawns everything, and ends it however the run ended."""

from probes.supervisor.client import Supervisor

__all__ = ["Supervisor"]
