"""The timed part of a run: gives each slot its stage, and enters what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import redis

from poolproof.host.waiting import wall
from poolproof.lab.evidence import keep
from poolproof.lab.trouble import BROKER_ERRORS
from poolproof.model.errors import Void
from poolproof.timing.plan import Slot
from poolproof.timing.results import Ledger
from poolproof.timing.sample import Sample
from poolproof.timing.session import Hall
from poolproof.timing.timed_case import Stage

WALL = 300.0
"""Seconds that one slot may take, its worker's start, pilots and waits included."""


@dataclass(slots=True)
class Timings:
    """What the wiring speaks to; logs and events of a run without a number are kept in `evidence`.

    The machine is theirs alone, by `turn`, from the first slot to the last.
    """

    hall: Hall
    ledger: Ledger
    evidence: Path
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    _alone: ExitStack | None = field(init=False, default=None)

    def put(self, slot: Slot, ask: Callable[[Stage], float]) -> Sample:
        """Let `ask` work on the slot's stage and return its clock's seconds; Void when there is no number."""
        stage: Stage | None = None
        if self._alone is None:
            self._alone = ExitStack()
            self._alone.enter_context(self.turn())
        try:
            with wall(WALL):
                stage = Stage(slot, self.hall.room(slot), self.hall)
                sample = stage.sample(ask(stage))
        except (Void, *BROKER_ERRORS, redis.ResponseError) as reason:
            self._refuse(slot, str(reason), stage)
            raise Void(str(reason)) from None
        except BaseException:
            self.hall.close()
            raise
        self.ledger.keep(slot, sample, stage.room.command)
        return sample

    def _refuse(self, slot: Slot, reason: str, stage: Stage | None) -> None:
        """Enter why there is no number, and close the room, so that the next slot gets a fresh worker."""
        work = stage.work if stage else None
        sent, unique = (len(work.sent), work.unique) if work else (0, 0)
        target = self.evidence / f"timing.{slot.probe}" / slot.id
        keep(self.hall.room_folder, target)
        self.hall.close()
        self.ledger.refuse(slot, reason, sent, unique, stage.room.command if stage else "")

    def close(self) -> None:
        """Enter what was begun and cut off; no worker is left."""
        with self._alone or nullcontext():
            try:
                self.hall.close()
            finally:
                self.ledger.close()
