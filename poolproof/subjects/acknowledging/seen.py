"""What happened to messages after an event to the worker that had taken them."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The ledger after another worker had run what it could, and the state before that worker came.

    Of the messages sent, those in `begun` were running then, those in `unacknowledged` were not acknowledged.
    """

    ledger: Ledger
    begun: frozenset[str]
    unacknowledged: frozenset[str]
