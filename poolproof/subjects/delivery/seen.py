"""What became of messages."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.history import History


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent, what the workers did with it, and how many messages the broker still had at the end.

    `planned` is how many would have been sent if the cell had not been too slow for them.
    """

    sent: tuple[str, ...]
    history: History
    left: int
    planned: int
