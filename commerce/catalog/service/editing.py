"""The steps that every change of products shares: hold them, edit them, write the difference."""

from collections.abc import Iterable, Sequence
from typing import Final

from commerce.catalog.repository.names import NameRepository
from commerce.catalog.repository.trees import Part, TreeRepository
from commerce.catalog.repository.writes import WriteRepository
from commerce.catalog.rules.difference import Edit, Writes, difference, ids_needed, number
from commerce.catalog.rules.slugged import base_slug, free_slugs, numbered_slug
from commerce.catalog.rules.tree import Stored
from commerce.core.clock import Clock
from commerce.core.problems import NotFound, Problem, version_conflict

CANDIDATES: Final = 20


class ProductEditor:
    """Needs a transaction, which is to be rolled back when a Problem is answered."""

    def __init__(
        self, names: NameRepository, trees: TreeRepository, writes: WriteRepository, clock: Clock
    ) -> None:
        self.names = names
        self.trees = trees
        self.now = clock
        self._writes = writes

    async def held(
        self, id_: int, expected_version: int | None, parts: Part, *path: str
    ) -> Stored | Problem:
        """The product in the expected version; nobody else changes it meanwhile."""
        stored = (await self.trees.locked([id_], parts=parts)).get(id_)
        if stored is None:
            return NotFound("There is no product with this id.", path)
        return version_conflict("product", stored.product["version"], expected_version) or stored

    async def free_slugs(
        self, titles: Sequence[str], slugs: Iterable[str], skus: Iterable[str]
    ) -> list[str]:
        """A slug for each title: the first that is made of it, numbered, and that nobody has.

        They are held, and with them `slugs`, which are others' from now on, and `skus`.
        """
        size, others = CANDIDATES, set(slugs)
        while True:
            bases = [base_slug(title, "product") for title in titles]
            rows = [[numbered_slug(base, 1 + place) for place in range(size)] for base in bases]
            candidates = {slug for row in rows for slug in row}
            await self.names.lock(candidates | others, skus)
            found = free_slugs(rows, others | await self.names.slugs_in_use(candidates))
            if found is not None:
                return found
            size *= 10

    async def save(self, edits: Sequence[Edit]) -> Writes:
        """Write what the trees say differently from the rows, and only that."""
        trees = [tree for _, tree in edits]
        number(trees, await self.trees.reserve(ids_needed(trees)))
        writes = difference(edits)
        await self._writes.save(writes)
        return writes
