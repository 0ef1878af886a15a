"""In which language buyers are written to: their own, else the store's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from commerce.carts.service.abandoned import LEFT
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.notifications.messages import Mail
from commerce.orders.rules.snapshots import Placement
from commerce.store.models import Store
from commerce.wiring import Services
from tests.support.carts import TOKEN, make_cart
from tests.support.orders import AT, BERLIN, place_order, price
from tests.support.payments import authorized, make_method
from tests.support.services import PORTS

EURO = "10,00\N{NO-BREAK SPACE}€"


@pytest.fixture
async def shop(uow: UnitOfWork) -> Services:
    """A German one."""
    await speak(uow, "de")
    return Services(uow, SYSTEM, system_clock, PORTS)


async def speak(uow: UnitOfWork, locale: str) -> None:
    await uow.change(update(Store).values(locale=locale))


async def bought(shop: Services, locale: str) -> Any:
    placement = Placement(
        await price(shop.uow),
        email="ada@shop.test",
        billing=BERLIN,
        shipping=BERLIN,
        locale=locale,
        placed_at=AT,
    )
    return await shop.uow.transact(lambda: shop.order_writer.place(placement))


@pytest.mark.parametrize(("said", "written", "total"), [("", "de", EURO), ("en", "en", "€10.00")])
async def test_a_buyer_who_named_no_language_is_written_to_in_the_stores(
    shop: Services, said: str, written: str, total: str
) -> None:
    order = await bought(shop, said)
    assert order.locale == written
    for mail in (
        await shop.order_mails.placed({"order_id": order.id}),
        await shop.order_mails.received({"order_id": order.id, "to": "shop@shop.test"}),
        await shop.order_mails.paid({"order_id": order.id}),
    ):
        assert mail is not None
        assert (mail.locale, mail.context["total"]) == (written, total)


async def test_an_order_keeps_its_language_when_the_store_takes_another(shop: Services) -> None:
    order = await place_order(shop.uow)
    await speak(shop.uow, "fr")
    mail = await shop.order_mails.canceled({"order_id": order.id})
    assert mail is not None
    assert mail.locale == "de"
    assert (await place_order(shop.uow)).locale == "fr"


@pytest.mark.parametrize(("said", "written"), [(None, "de"), ("en", "en")])
async def test_a_cart_without_a_language_is_written_about_in_the_stores(
    shop: Services, said: str | None, written: str
) -> None:
    """Both of one that was left behind, and of money that came too late for it."""
    earlier = system_clock() - timedelta(hours=5)
    cart = await make_cart(shop.uow, email="ada@shop.test", locale=said, updated_at=earlier)
    left = await shop.abandoned_carts.mail({"cart_id": cart.id})
    assert left == Mail(LEFT, "ada@shop.test", written, {"token": TOKEN})
    method = await make_method(shop.uow)
    payment = await shop.uow.transact(lambda: authorized(shop, method.id, "10", cart_id=cart.id))
    late = await shop.order_mails.returned({"payment_id": payment, "sold_out": True})
    assert late is not None
    assert late.locale == written
    assert late.context["amount"] == {"de": EURO, "en": "€10.00"}[written]
