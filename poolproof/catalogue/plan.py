"""The plan: which cells of a claim a run decides, and which it leaves out, each with its reason."""

from __future__ import annotations

from random import Random

from poolproof.catalogue.claims import Claim
from poolproof.catalogue.matrix import Matrix
from poolproof.catalogue.mistakes import unknown
from poolproof.model.cells import STATIC, Cell
from poolproof.model.errors import BadInput


def cells(claim: Claim, pool: str, tier: str, matrix: Matrix, seed: int) -> tuple[Cell, ...]:
    """The cells to run: the claim's axes and variants crossed, then the tier's sample of the other axes.

    A static claim has its own cells, for any pool; a claim that does not apply to the pool has none.
    """
    size = matrix.tier(tier).sample
    crossed = _crossed(claim, pool, matrix)
    return (*_kept(claim, crossed, matrix), *_sample(claim, pool, crossed, matrix, size, seed))


def excluded(claim: Claim, pool: str, matrix: Matrix) -> tuple[tuple[Cell, str], ...]:
    """The cells of the claim that no run decides, with the reason from the matrix or the catalogue."""
    reasons = ((cell, _reason(claim, cell, matrix)) for cell in _crossed(claim, pool, matrix))
    return tuple((cell, reason) for cell, reason in reasons if reason is not None)


def _crossed(claim: Claim, pool: str, matrix: Matrix) -> tuple[Cell, ...]:
    if pool not in (*matrix.pools, STATIC.pool):
        raise BadInput(f"{matrix.file}: pools: {unknown('pool', pool, matrix.pools)}")
    if claim.kind == "static":
        return matrix.cross(STATIC.pool, claim.over, claim.variants)
    return matrix.cross(pool, claim.over, claim.variants) if pool in claim.pools else ()


def _reason(claim: Claim, cell: Cell, matrix: Matrix) -> str | None:
    for exclude in matrix.exclude:
        if exclude.covers(claim.id, cell):
            return exclude.reason
    expected = claim.expect(cell)
    return expected.because if expected.verdict == "n/a" else None


def _kept(claim: Claim, among: tuple[Cell, ...], matrix: Matrix) -> tuple[Cell, ...]:
    return tuple(cell for cell in among if _reason(claim, cell, matrix) is None)


def _sample(
    claim: Claim, pool: str, crossed: tuple[Cell, ...], matrix: Matrix, size: int, seed: int
) -> tuple[Cell, ...]:
    others = tuple(cell for cell in claim.whole(matrix) if cell.pool == pool and cell not in crossed)
    candidates = _kept(claim, others, matrix)
    # The seed contains the claim's name, so that its sample stays the same when another claim is added.
    drawn = Random(f"{seed} {claim.id} {pool}").sample(candidates, min(size, len(candidates)))
    return tuple(cell for cell in candidates if cell in drawn)
