from typing import Any

import pytest

from commerce.catalog.kinds import ProductStatus
from commerce.core.db import UnitOfWork
from tests.conftest import Ask
from tests.support.catalog import make_product

DETAIL = """
query ($slug: String!) {
  product(slug: $slug) {
    title
    featuredMedia { url }
    media(first: 2) { nodes { url } totalCount { count precision } }
    variants(first: 2) { nodes { position } pageInfo { hasNextPage endCursor } }
  }
}
"""


async def test_a_product_is_found_by_slug_with_its_gallery_and_variants(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    await make_product(uow, "Blue Shirt", variants=3, media=3)
    statements.clear()
    answer = await ask(DETAIL, {"slug": "blue-shirt"})
    assert "errors" not in answer
    product = answer["data"]["product"]
    assert product["featuredMedia"] == {"url": "blue-shirt-0.jpg"}
    assert product["media"] == {
        "nodes": [{"url": "blue-shirt-0.jpg"}, {"url": "blue-shirt-1.jpg"}],
        "totalCount": {"count": 3, "precision": "EXACT"},
    }
    assert product["variants"]["nodes"] == [{"position": 0}, {"position": 1}]
    assert product["variants"]["pageInfo"]["hasNextPage"] is True
    assert len(statements) == 5  # product, first picture, gallery, its count, variants


@pytest.mark.parametrize(
    "status", [ProductStatus.DRAFT, ProductStatus.HIDDEN, ProductStatus.ARCHIVED]
)
async def test_the_storefront_does_not_find_products_that_are_not_active(
    ask_anonymously: Ask, ask: Ask, uow: UnitOfWork, status: ProductStatus
) -> None:
    await make_product(uow, "Secret", status=status)
    query: Any = '{ product(slug: "secret") { title } }'
    assert await ask_anonymously(query) == {"data": {"product": None}}
    assert await ask(query) == {"data": {"product": {"title": "Secret"}}}
