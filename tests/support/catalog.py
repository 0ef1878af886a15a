"""Builders of catalogue rows; each returns what it wrote."""

from typing import Any

from sqlalchemy import Row, insert

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import (
    Attribute,
    Brand,
    Category,
    Collection,
    CollectionProduct,
    Media,
    Product,
    ProductCategory,
    Variant,
)
from commerce.core.db import UnitOfWork


async def make_brand(uow: UnitOfWork, name: str = "Acme", **values: Any) -> Row[Any]:
    slug = values.pop("slug", name.lower().replace(" ", "-"))
    return await _add(uow, Brand, name=name, slug=slug, **values)


async def make_product(
    uow: UnitOfWork, title: str = "Shirt", *, variants: int = 0, media: int = 0, **values: Any
) -> Row[Any]:
    """An active product; `variants` and `media` say how many to add."""
    slug = values.pop("slug", title.lower().replace(" ", "-"))
    values.setdefault("status", ProductStatus.ACTIVE)
    product = await _add(uow, Product, title=title, slug=slug, **values)
    for place in range(variants):
        await make_variant(uow, product, position=place, option_key=str(place))
    for place in range(media):
        await _add(uow, Media, product_id=product.id, url=f"{slug}-{place}.jpg", position=place)
    return product


async def make_variant(uow: UnitOfWork, product: Any, **values: Any) -> Row[Any]:
    return await _add(uow, Variant, product_id=product.id, **values)


async def make_category(
    uow: UnitOfWork, title: str = "Shirts", *products: Any, parent: Any = None, **values: Any
) -> Row[Any]:
    """A category with these products, in this order."""
    slug = values.pop("slug", title.lower().replace(" ", "-"))
    parent_id = None if parent is None else parent.id
    category = await _add(uow, Category, title=title, slug=slug, parent_id=parent_id, **values)
    for place, product in enumerate(products):
        row = {"category_id": category.id, "product_id": product.id, "position": place}
        await _add(uow, ProductCategory, **row)
    return category


async def make_collection(
    uow: UnitOfWork, title: str = "Summer", *products: Any, **values: Any
) -> Row[Any]:
    """A collection of these products, in this order."""
    slug = values.pop("slug", title.lower().replace(" ", "-"))
    collection = await _add(uow, Collection, title=title, slug=slug, **values)
    for place, product in enumerate(products):
        row = {"collection_id": collection.id, "product_id": product.id, "position": place}
        await _add(uow, CollectionProduct, **row)
    return collection


async def make_attribute(uow: UnitOfWork, code: str, **values: Any) -> Row[Any]:
    return await _add(uow, Attribute, code=code, label=values.pop("label", code), **values)


async def _add(uow: UnitOfWork, model: Any, **values: Any) -> Row[Any]:
    returned = [column for column in model.__table__.c if column.computed is None]
    row = await uow.row(insert(model).values(**values).returning(*returned))
    assert row is not None
    return row
