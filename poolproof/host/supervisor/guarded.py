"""What the end of the run removes in addition to processes."""

from __future__ import annotations

import shutil
from contextlib import ExitStack

from poolproof.host.supervisor.containers import Containers
from poolproof.host.supervisor.databases import GuardedDatabases


class Guarded:
    """The containers with the run's label, the databases that it uses, the folders that it made."""

    def __init__(self, label: str) -> None:
        self.containers = Containers(label)
        self.databases = GuardedDatabases()
        self.folders: list[str] = []

    def remove(self, *, late: bool) -> None:
        """Remove all of it, even when one part fails."""
        with ExitStack() as each:  # it calls the last one first
            for folder in self.folders:
                each.callback(shutil.rmtree, folder, ignore_errors=True)
            each.callback(self.databases.empty)
            each.callback(self.containers.remove, late=late)
