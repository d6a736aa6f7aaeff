"""The application's side: the script of the documents, which sends a task and asks for its result.

`python -m probes.app.client GATE` asks for it once the gate is open.
"""

from __future__ import annotations

import sys

from tasks.basic_tasks import add

from probes.app.recorder import record
from probes.app.tasks.recorded import wait_at


def main(gate: str) -> None:
    """Have 3 and 5 added elsewhere, and write when the task was sent and what came back."""
    result = add.delay(3, 5)
    record("sent", task=result.id)
    wait_at(gate)
    record("got", repr(result.get()), result.id)


if __name__ == "__main__":
    main(sys.argv[1])
