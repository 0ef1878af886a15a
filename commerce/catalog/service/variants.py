"""Reading and changing variants."""

from commerce.catalog.repository.variants import VariantRepository, VariantRow


class VariantService:
    def __init__(self, variants: VariantRepository) -> None:
        self._variants = variants

    async def one(self, id_: int | None, sku: str | None) -> VariantRow | None:
        """By id if given, else by sku."""
        if id_ is not None:
            return (await self._variants.by_ids([id_])).get(id_)
        return None if sku is None else await self._variants.by_sku(sku)
