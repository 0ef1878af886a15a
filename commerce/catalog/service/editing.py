"""The steps that every change of products shares: hold them, edit them, write the difference."""

from collections.abc import Sequence

from commerce.catalog.repository.names import NameRepository
from commerce.catalog.repository.trees import Part, TreeRepository
from commerce.catalog.repository.writes import WriteRepository
from commerce.catalog.rules.difference import Edit, Writes, difference, ids_needed, number
from commerce.catalog.rules.tree import Stored
from commerce.core.clock import Clock
from commerce.core.problems import NotFound, Problem, version_conflict


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

    async def save(self, edits: Sequence[Edit]) -> Writes:
        """Write what the trees say differently from the rows, and only that."""
        trees = [tree for _, tree in edits]
        number(trees, await self.trees.reserve(ids_needed(trees)))
        writes = difference(edits)
        await self._writes.save(writes)
        return writes
