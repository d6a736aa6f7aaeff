"""What a run will decide and time, known before anything is started."""

from __future__ import annotations

from dataclasses import dataclass

from poolproof.catalogue import plan
from poolproof.catalogue.claims import Catalogue, Claim
from poolproof.catalogue.matrix import Matrix
from poolproof.model.cells import Cell
from poolproof.model.errors import BadInput
from poolproof.run.order import Order
from poolproof.timing.plan import Slot, slots


@dataclass(frozen=True, slots=True)
class RunPlan:
    """The cells of each claim and the timed slots that an order selects; each omission has its reason."""

    order: Order
    matrix: Matrix
    catalogue: Catalogue
    cells: tuple[tuple[Claim, Cell], ...]
    slots: tuple[Slot, ...]
    left_out: tuple[tuple[Claim, Cell, str], ...]

    @classmethod
    def of(cls, order: Order, matrix: Matrix, catalogue: Catalogue) -> RunPlan:
        """The plan of this order, or of its shard; BadInput when there are more shards than cells."""
        whole = [
            (claim, cell)
            for claim in catalogue.values()
            for cell in plan.cells(claim, order.pool, order.tier, matrix, order.seed)
        ]
        cells = len({cell for _, cell in whole})
        if order.shard.of > cells:
            raise BadInput(f"--shard {order.shard}: the run has {cells} cells; share it by fewer")
        left_out = [
            (claim, cell, reason)
            for claim in catalogue.values()
            for cell, reason in plan.excluded(claim, order.pool, matrix)
        ]
        return cls(
            order=order,
            matrix=matrix,
            catalogue=catalogue,
            cells=tuple(order.shard.cells(whole)),
            slots=slots(order.pool, order.tier, matrix, order.shard),
            left_out=tuple(order.shard.others(left_out)),
        )
