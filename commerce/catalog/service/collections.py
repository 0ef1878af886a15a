"""Reading and changing collections."""

from commerce.catalog.kinds import DeletedKind, MetafieldOwner
from commerce.catalog.repository.collections import CollectionRepository, CollectionRow
from commerce.catalog.repository.memberships import MembershipRepository
from commerce.catalog.repository.metafields import MetafieldRepository
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.service.memberships import GroupService
from commerce.catalog.service.slugged import Values
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Problem


class CollectionService(GroupService):
    def __init__(
        self,
        collections: CollectionRepository,
        slugs: SlugRepository,
        members: MembershipRepository,
        metafields: MetafieldRepository,
        tombstones: TombstoneRepository,
    ) -> None:
        super().__init__(collections, slugs, members)
        self._collections = collections
        self._metafields = metafields
        self._tombstones = tombstones

    async def page(self, args: PageArgs) -> Page[CollectionRow]:
        return await self._collections.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._collections.count(limit)

    async def upsert(
        self, id_: int | None, values: Values, expected_version: int | None = None
    ) -> CollectionRow | Problem:
        """Change the collection with this id, else the one with this slug, else add one.

        Only the given values are written.
        """
        return await self._upsert(id_, values, expected_version)

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """The id of what is no more. Its products stay."""
        row = await self._locked(id_, expected_version, "id")
        if isinstance(row, Problem):
            return row
        await self._collections.remove(id_)
        await self._slugs.forget(self._collections.kind, [id_])
        await self._metafields.forget(MetafieldOwner.COLLECTION, [id_])
        await self._tombstones.add(DeletedKind.COLLECTION, [id_])
        return id_
