"""What happened to messages."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.history import History


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent, what the workers did with it, and how many messages the broker still had at the end.

    `planned` is how many messages the tier asks for; a slow cell takes fewer. `fence` are the messages that
    filled every slot after the stream; they are judged as well, and not counted as part of the stream.
    """

    sent: tuple[str, ...]
    history: History
    left: int
    planned: int
    fence: tuple[str, ...] = ()
