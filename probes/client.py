"""The client: the documents' script, which sends tasks and asks for their results.

`python -m probes.client CALLS GATE` asks for them once the gate is open; without a gate it asks for each
result before it sends the next task.
"""

from __future__ import annotations

import sys

from tasks.basic_tasks import add

from probes.recorder import record
from probes.tasks.recorded import wait_at


def main(calls: str, gate: str = "") -> None:
    """Call `add` for 3 and 5, then for 4 and 6, and so on; write what was sent and what came back."""
    sent = []
    for n in range(int(calls)):
        result = add.delay(3 + n, 5 + n)
        record("sent", f"{3 + n} {5 + n}", result.id)
        sent.append(result)
        if not gate:
            record("got", repr(result.get()), result.id)
    if gate:
        wait_at(gate)
        for result in sent:
            record("got", repr(result.get()), result.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
