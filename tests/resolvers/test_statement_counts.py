"""The measured operations keep their budget of SQL, whatever the size of a page."""

import pytest

from commerce.core.db import UnitOfWork
from tests.bench.operations import P1, P2, P3, P4
from tests.conftest import Ask
from tests.support.catalog import make_brand, make_product

COUNTS = {"P1": (P1, 4), "P2": (P2, 7), "P3": (P3, 4), "P4": (P4, 7)}
VARIABLES = {"P2": {"slug": "shirt-0"}, "P3": {"term": "shirt"}}


@pytest.mark.parametrize("products", [1, 50])
@pytest.mark.parametrize("name", COUNTS)
async def test_statements_do_not_grow_with_the_page(
    ask_anonymously: Ask, uow: UnitOfWork, statements: list[str], name: str, products: int
) -> None:
    brand = await make_brand(uow)
    for number in range(products):
        await make_product(uow, f"Shirt {number}", variants=3, media=2, brand_id=brand.id)
    document, count = COUNTS[name]
    statements.clear()
    answer = await ask_anonymously(document, VARIABLES.get(name))
    assert "errors" not in answer
    assert len(statements) == count
