"""Nothing outlives the run: one small process starts all others, and ends them however the run ends."""

from poolproof.host.supervisor.client import Supervisor

__all__ = ["Supervisor"]
