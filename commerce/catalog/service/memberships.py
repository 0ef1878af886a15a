"""Which products a category or collection has, and in which order: the same for both."""

from collections.abc import Sequence

from commerce.catalog.repository.memberships import MembershipRepository
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.rules.order import first_repeated
from commerce.catalog.service.slugged import SluggedService
from commerce.core.problems import Invalid, NotFound, Problem

PATH = "product_ids"
Answer = SluggedRow | Problem


class GroupService(SluggedService):
    """The version counts changes of the list, too; a call that changes nothing leaves it alone."""

    def __init__(
        self, things: SluggedRepository, slugs: SlugRepository, members: MembershipRepository
    ) -> None:
        super().__init__(things, slugs)
        self._members = members

    async def set_products(
        self, id_: int, product_ids: Sequence[int], expected_version: int | None = None
    ) -> Answer:
        """These and no others, in this order."""
        row = await self._open_for(id_, product_ids, expected_version)
        if isinstance(row, Problem):
            return row
        changed = await self._members.keep_only(id_, product_ids)
        changed += await self._members.append(id_, product_ids)
        changed += await self._members.arrange(id_, product_ids, 0)
        return await self._touched(row, changed)

    async def add_products(
        self,
        id_: int,
        product_ids: Sequence[int],
        position: int | None = None,
        expected_version: int | None = None,
    ) -> Answer:
        """At the end, or from `position` on; those already in the list stay or move there."""
        row = await self._open_for(id_, product_ids, expected_version)
        if isinstance(row, Problem):
            return row
        changed = await self._members.append(id_, product_ids)
        if position is not None:
            changed += await self._members.arrange(id_, product_ids, position)
        return await self._touched(row, changed)

    async def remove_products(
        self, id_: int, product_ids: Sequence[int], expected_version: int | None = None
    ) -> Answer:
        """Those not in the list are no problem."""
        row = await self._open(id_, product_ids, expected_version)
        if isinstance(row, Problem):
            return row
        return await self._touched(row, await self._members.remove(id_, product_ids))

    async def reorder_products(
        self,
        id_: int,
        product_ids: Sequence[int],
        position: int = 0,
        expected_version: int | None = None,
    ) -> Answer:
        """These together from `position` on, in this order; the others keep theirs around them."""
        row = await self._open(id_, product_ids, expected_version)
        if isinstance(row, Problem):
            return row
        outside = await self._members.outside(id_, product_ids)
        if outside:
            message = f"This product is not in the {self._noun}."
            return NotFound(message, (PATH, _place(product_ids, outside)))
        return await self._touched(row, await self._members.arrange(id_, product_ids, position))

    async def _open(
        self, id_: int, product_ids: Sequence[int], expected_version: int | None
    ) -> Answer:
        repeated = first_repeated(product_ids)
        if repeated is not None:
            return Invalid("This product was named before.", (PATH, str(repeated)))
        return await self._locked(id_, expected_version, "id")

    async def _open_for(
        self, id_: int, product_ids: Sequence[int], expected_version: int | None
    ) -> Answer:
        """The same, for products that may be anywhere yet."""
        row = await self._open(id_, product_ids, expected_version)
        if isinstance(row, Problem):
            return row
        unknown = await self._members.unknown(product_ids)
        if unknown:
            message = "There is no product with this id."
            return NotFound(message, (PATH, _place(product_ids, unknown)))
        return row

    async def _touched(self, row: SluggedRow, changed: int) -> Answer:
        return await self._things.change(row.id, {}) if changed else row


def _place(ids: Sequence[int], flawed: set[int]) -> str:
    return str(next(place for place, id_ in enumerate(ids) if id_ in flawed))
