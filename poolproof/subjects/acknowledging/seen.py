"""What became of messages after something happened to the worker that had taken them."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.model.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The ledger once another worker had run what it could, and what was so before that one came.

    Of the messages sent, `begun` were running then and `unacknowledged` were not acknowledged.
    """

    ledger: Ledger
    begun: frozenset[str]
    unacknowledged: frozenset[str]
