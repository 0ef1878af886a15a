"""Reading and changing brands."""

from commerce.catalog.kinds import DeletedKind, MetafieldOwner
from commerce.catalog.repository.brands import BrandRepository, BrandRow
from commerce.catalog.repository.metafields import MetafieldRepository
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.rules.slugged import cleaned_slugged
from commerce.catalog.service.slugged import SluggedService, Values
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, Problem


class BrandService(SluggedService):
    name = "name"

    def __init__(
        self,
        brands: BrandRepository,
        slugs: SlugRepository,
        metafields: MetafieldRepository,
        tombstones: TombstoneRepository,
    ) -> None:
        super().__init__(brands, slugs)
        self._brands = brands
        self._metafields = metafields
        self._tombstones = tombstones

    async def page(self, active: bool | None, args: PageArgs) -> Page[BrandRow]:
        return await self._brands.page(active, args)

    async def count(self, active: bool | None, limit: int | None) -> Count:
        return await self._brands.count(active, limit)

    async def upsert(
        self,
        id_: int | None,
        values: Values,
        expected_version: int | None = None,
        *,
        must_be_new: bool = False,
    ) -> BrandRow | Problem:
        """Change the brand with this id, else the one with this slug, else add one.

        Only the given values are written. What must be new changes none that is there.
        """
        if not must_be_new:
            return await self._upsert(id_, values, expected_version)
        if id_ is not None or expected_version is not None:
            return Invalid("What must be new has no id and no version yet.", ("mustBeNew",))
        return await self._add_numbered(cleaned_slugged(values))

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """The id of what is no more. Its products stay, without a brand."""
        row = await self._locked(id_, expected_version, "id")
        if isinstance(row, Problem):
            return row
        await self._brands.remove(id_)
        await self._slugs.forget(self._brands.kind, [id_])
        await self._metafields.forget(MetafieldOwner.BRAND, [id_])
        await self._tombstones.add(DeletedKind.BRAND, [id_])
        return id_
