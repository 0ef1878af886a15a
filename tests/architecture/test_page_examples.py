"""Every GraphQL example of the pages about selling runs as it is written.

What is refused is refused because an example names something of its own that this store has not;
the codes say so. `test_buying_page` runs a page whose examples build on each other.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.support.carts import Goods

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    "carts",
    "gift-cards",
    "idempotency",
    "inventory",
    "invoices",
    "orders",
    "payments",
    "promotions",
    "shipping",
    "store",
    "taxes",
)
BLOCK = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
VARIABLE = re.compile(r"\$(\w+): (\w+!)")
NODES = {"order": "Order", "line": "OrderLine", "variant": "ProductVariant", "id": "Payment"}
VARIANT = global_id("ProductVariant", 1)
INPUTS = {"StockAdjustInput!": {"changes": [{"variantId": VARIANT, "change": {"delta": 1}}]}}
MISSING = {"NOT_FOUND"}
# By words of the example: the codes of what may be refused.
REFUSED = {
    "cartMerge(": {"INVALID"},
    "cartPaymentCancel(": MISSING,
    "couponBulkCreate(": MISSING,
    "fulfillmentCreate(": MISSING,
    "giftCardLookup(": MISSING,
    "invoiceIssue(": MISSING,
    "orderEdit(": MISSING,
    "promotionCreate(": MISSING,
    'provider: "stripe"': {"INVALID"},
    "refundCreate(": MISSING,
    'sku: "MUG-1"': MISSING,
    "stockTransfer(": MISSING,
}


def examples() -> list[Any]:
    return [
        pytest.param(document, id=f"{page}-{number}")
        for page in PAGES
        for number, document in enumerate(BLOCK.findall((DOCS / f"{page}.md").read_text()), 1)
    ]


def value(name: str, type_: str) -> Any:
    """Of a variable: the id of nothing, a text, or an input for the variant that there is."""
    if type_ == "ID!":
        return global_id(NODES[name], 1)
    return INPUTS.get(type_, "a text of somebody's")


@pytest.mark.parametrize("document", examples())
async def test_it_does_what_the_page_says(document: str, ask: Ask, uow: UnitOfWork) -> None:
    await (await Goods.open(uow)).variant(id=1)
    answer = await ask(
        document, {name: value(name, type_) for name, type_ in VARIABLE.findall(document)}
    )
    assert "errors" not in answer, answer["errors"]
    results = [told for told in answer["data"].values() if isinstance(told, dict)]
    codes = {error["code"] for told in results for error in told.get("userErrors", ())}
    assert codes <= set().union(*(REFUSED[words] for words in REFUSED if words in document))
