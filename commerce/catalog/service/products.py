"""Reading and changing products."""

from commerce.catalog.repository.products import ProductRepository, ProductRow


class ProductService:
    def __init__(self, products: ProductRepository) -> None:
        self._products = products

    async def one(self, id_: int | None, slug: str | None) -> ProductRow | None:
        """By id if given, else by its slug or one it had before."""
        if id_ is not None:
            return (await self._products.by_ids([id_])).get(id_)
        return None if slug is None else await self._products.by_slug(slug)

    async def any(self) -> bool:
        """Whether there is a product that the viewer sees."""
        return await self._products.any()
