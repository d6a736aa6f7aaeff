"""An application that opens its database connection while it is loaded; a worker includes it by name."""

from __future__ import annotations

from probes.tasks.connections import database

database()
