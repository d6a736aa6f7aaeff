"""Whether a timed run did its work: one result for each task, each task once; otherwise it has no number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from poolproof.model.history import History
from poolproof.subjects.delivery.checks import each_message_once
from poolproof.subjects.delivery.seen import Delivery


@dataclass(frozen=True, slots=True)
class Proof:
    """How many tasks ran once and have a result, and what is wrong, in one line; empty when nothing is."""

    unique: int
    wrong: str


def proof(sent: Collection[str], history: History, results: Mapping[str, str], left: int) -> Proof:
    """Compare the tasks sent with those that ran, the results (id to status), and the messages left.

    `history` and `results` cover everything since the tasks were sent, so that other tasks are noticed too.
    """
    started, ended = Counter(history.tasks("started")), Counter(history.tasks("ended"))
    good = {task for task, status in results.items() if status == "SUCCESS"}
    unique = {task for task in sent if started[task] == ended[task] == 1 and task in good}
    kinds = {
        "without a result": set(sent) - results.keys(),
        "with a result that is no success": results.keys() - good,
        "with a result that nobody asked for": results.keys() - set(sent),
    }
    delivered = each_message_once(Delivery(tuple(sent), history, left, planned=len(sent)))
    wrong = [] if delivered else [delivered.evidence]
    wrong += [f"{len(tasks)} {kind}, such as {min(tasks)}" for kind, tasks in kinds.items() if tasks]
    return Proof(len(unique), "; ".join(wrong))
