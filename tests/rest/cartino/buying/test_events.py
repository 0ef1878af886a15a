"""What is told of an order is what is answered to whoever asks for it."""

import json
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import update

from commerce.app import context_factory
from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.rest.cartino.events import CARTINO_HOOKS
from commerce.rest.hooks import dialect_formats
from commerce.runtime import Resources
from commerce.taxes.models import TaxRate
from resolvers.schema import core_schema
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support.graphql import schema

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def test_an_order_is_told_as_it_is_listed(
    buyer: Buyer, counter: Counter, resources: Resources
) -> None:
    """Prices are without taxes, and so is what its shipping costs, which is taxed here."""
    await counter.uow.change(update(TaxRate).values(applies_to_shipping=True))
    body = {
        "items": [{"variant_id": counter.shirt.id, "quantity": 3}],
        "email": "john@example.com",
        "shipping_address": ADDRESS,
        "shipping_method": "standard",
    }
    await buyer.data("POST", "/orders", body, 201)
    (listed,) = await buyer.data("GET", "/orders")
    assert str(listed["shipping"]) == "10.00"
    executor = Executor(
        core_schema(schema()),
        resources.open_unit,
        context_factory(resources),
        ExecutorOptions(production=False),
    )
    formats = dialect_formats(
        (CARTINO_HOOKS,), executor.prepare, executor.execute, "https://shop.test"
    )
    happened = Happened(UUID(int=7), EventType.ORDER_CREATED, "Order", listed["id"], 1, AT, {})
    told = await formats["cartino"].body(happened)
    assert told is not None
    assert json.loads(told) == {
        "event": "order.created",
        "data": json.loads(json.dumps(listed, default=float)),
        "timestamp": "2026-01-02T03:04:05Z",
    }
