"""A small shop with everything that the REST dialects print."""

from typing import Any

from sqlalchemy import insert

from commerce.catalog.models import Media, OptionGroup, OptionValue, VariantOption
from commerce.core.db import UnitOfWork
from tests.support.catalog import make_category, make_product, make_variant
from tests.support.inventory import make_level, make_location
from tests.support.pricing import make_price, make_price_list


class Store:
    """Builds products with prices and stock; one per test."""

    def __init__(self, uow: UnitOfWork, prices: Any, location: Any) -> None:
        self.uow = uow
        self._prices = prices
        self._location = location

    @classmethod
    async def open(cls, uow: UnitOfWork) -> "Store":
        return cls(uow, await make_price_list(uow, is_default=True), await make_location(uow))

    async def sell(self, title: str, amount: str = "10", stock: int = 5, **values: Any) -> Any:
        """A product with one variant."""
        sku = values.pop("sku", None)
        product = await make_product(self.uow, title, **values)
        variant = await make_variant(self.uow, product, sku=sku, title="Default Title")
        await self.offer(variant, amount, stock)
        return product

    async def offer(self, variant: Any, amount: str, stock: int, **values: Any) -> None:
        await make_price(self.uow, self._prices, variant, amount, **values)
        await make_level(self.uow, variant, self._location, stock)

    async def option(self, product: Any, name: str, *values: str, position: int = 0) -> Any:
        """The group's id, and the ids of its values by name."""
        group = await self._add(OptionGroup, product_id=product.id, name=name, position=position)
        found = {}
        for place, value in enumerate(values):
            row = await self._add(OptionValue, group_id=group.id, name=value, position=place)
            found[value] = row.id
        return group.id, found

    async def variant(self, product: Any, *chosen: tuple[int, int], **values: Any) -> Any:
        """A variant with these (group, value) pairs."""
        key = "-".join(str(value) for _, value in chosen)
        variant = await make_variant(self.uow, product, option_key=key, **values)
        for group, value in chosen:
            await self._add(VariantOption, variant_id=variant.id, group_id=group, value_id=value)
        return variant

    async def pictures(self, product: Any, *urls: str) -> None:
        for place, url in enumerate(urls):
            await self._add(Media, product_id=product.id, url=url, position=place)

    async def category(self, title: str, *products: Any, **values: Any) -> Any:
        return await make_category(self.uow, title, *products, **values)

    async def _add(self, model: Any, **values: Any) -> Any:
        statement = insert(model).values(**values).returning(*model.__table__.c)
        row = await self.uow.row(statement)
        assert row is not None
        return row
