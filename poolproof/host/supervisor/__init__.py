"""Nothing outlives the run: one small process spawns everything, and ends it however the run ended."""

from poolproof.host.supervisor.client import Supervisor

__all__ = ["Supervisor"]
