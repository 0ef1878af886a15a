from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.support.carts import TOKEN, Change, Goods, errors, make_cart, make_cart_line, wanted
from tests.support.customers import make_address, make_customer, viewer_of
from tests.support.gift_cards import make_gift_card
from tests.support.pricing import make_price
from tests.support.promotions import make_coupon
from tests.support.shipping import make_method

HOME = {
    "country": "DE",
    "firstName": "Ada",
    "street1": "Weg 1",
    "city": "Bonn",
    "postalCode": "53111",
}


async def test_a_cart_is_told_who_buys(change: Change, uow: UnitOfWork) -> None:
    await make_cart(uow)
    said = {"email": " Ada@shop.test ", "phone": "+49 228 12345", "locale": "de_at"}
    told = await change("cartContactSet", cartToken=TOKEN, **said)
    cart = told["cart"]
    assert [cart[name] for name in said] == ["Ada@shop.test", "+4922812345", "de-AT"]
    gone = await change("cartContactSet", cartToken=TOKEN, phone=None)
    assert (gone["cart"]["phone"], gone["cart"]["email"]) == (None, "Ada@shop.test")
    for name in said:
        refused = await change("cartContactSet", cartToken=TOKEN, **{name: "nothing good"})
        assert errors(refused) == [("INVALID", [name])]


async def test_a_cart_is_told_where_it_goes(change: Change, uow: UnitOfWork) -> None:
    await make_cart(uow)
    told = await change("cartAddressSet", cartToken=TOKEN, shippingAddress=HOME)
    assert told["cart"]["shippingAddress"] == {"firstName": "Ada", "city": "Bonn", "country": "DE"}
    bad = await change(
        "cartAddressSet", cartToken=TOKEN, billingAddress={**HOME, "postalCode": "1"}
    )
    assert errors(bad) == [("INVALID", ["billingAddress", "postalCode"])]
    gone = await change("cartAddressSet", cartToken=TOKEN, shippingAddress=None)
    assert gone["cart"]["shippingAddress"] is None


async def test_goods_go_to_countries_the_store_sells_to(change: Change, uow: UnitOfWork) -> None:
    await make_cart(uow)
    await uow.change(text("UPDATE store SET countries = '{AT}'"))
    refused = await change("cartAddressSet", cartToken=TOKEN, shippingAddress=HOME)
    assert errors(refused) == [("INVALID", ["shippingAddress", "country"])]
    fine = await change("cartAddressSet", cartToken=TOKEN, billingAddress=HOME)
    assert errors(fine) == []


async def test_an_entry_of_ones_own_address_book_is_taken(change: Change, uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.test")
    await make_cart(uow, customer_id=ada.id)
    own = await make_address(uow, ada, street1="Weg 1", city="Bonn", postal_code="53111")
    foreign = await make_address(uow, bob, street1="Weg 2", city="Köln", postal_code="50667")
    for entry, answer in ((own, []), (foreign, [("NOT_FOUND", ["shippingAddressId"])])):
        id_ = global_id("CustomerAddress", entry.id)
        told = await change("cartAddressSet", viewer_of(ada), shippingAddressId=id_)
        assert errors(told) == answer


async def test_a_way_of_shipping_that_is_offered_is_selected(
    change: Change, uow: UnitOfWork, goods: Goods
) -> None:
    cart = await make_cart(uow)
    await make_cart_line(uow, cart, await goods.variant("10"))
    method = global_id("ShippingMethod", (await make_method(uow)).id)
    early = await change("cartShippingSelect", cartToken=TOKEN, methodId=method)
    assert errors(early) == [("NOT_FOUND", ["methodId"])]
    await change("cartAddressSet", cartToken=TOKEN, shippingAddress=HOME)
    selected = await change("cartShippingSelect", cartToken=TOKEN, methodId=method)
    assert selected["cart"]["selectedShipping"] == {"code": "parcel"}
    assert selected["cart"]["cost"]["total"]["amount"] == "14.90"
    back = await change("cartShippingSelect", cartToken=TOKEN, methodId=None)
    assert back["cart"]["cost"]["total"]["amount"] == "10.00"


async def test_a_note_and_answers_are_kept(change: Change, uow: UnitOfWork) -> None:
    await make_cart(uow)
    told = await change("cartNoteSet", cartToken=TOKEN, note="Ring twice", extraFields={"a": 1})
    assert (told["cart"]["note"], told["cart"]["extraFields"]) == ("Ring twice", {"a": 1})
    for given, path in (({"note": "x" * 5001}, "note"), ({"extraFields": [1]}, "extraFields")):
        assert errors(await change("cartNoteSet", cartToken=TOKEN, **given)) == [
            ("INVALID", [path])
        ]


async def test_a_coupon_is_applied_once_and_removed(
    change: Change, uow: UnitOfWork, goods: Goods
) -> None:
    cart = await make_cart(uow)
    await make_cart_line(uow, cart, await goods.variant("10"))
    await make_coupon(uow, "TEN")
    for code in ("ten", " TEN "):
        applied = await change("cartCouponApply", cartToken=TOKEN, code=code)
        assert applied["cart"]["coupons"] == [
            {"code": "ten", "applies": True, "reason": None, "discount": {"amount": "1.00"}}
        ]
    unknown = await change("cartCouponApply", cartToken=TOKEN, code="NONE")
    assert unknown["userErrors"] == [
        {"code": "COUPON_REJECTED", "path": ["code"], "reason": "UNKNOWN_CODE"}
    ]
    removed = await change("cartCouponRemove", cartToken=TOKEN, code="TEN")
    assert (removed["cart"]["coupons"], removed["cart"]["cost"]["total"]["amount"]) == ([], "10.00")


async def test_a_coupon_that_gives_nothing_any_more_says_so(
    ask: Ask, uow: UnitOfWork, goods: Goods
) -> None:
    cart = await make_cart(uow, codes=["OLD"])
    await make_cart_line(uow, cart, await goods.variant("10"))
    found = await ask(
        "{ cart(token: %r) { coupons { code applies reason } } }".replace("%r", f'"{TOKEN}"')
    )
    assert found["data"]["cart"]["coupons"] == [
        {"code": "OLD", "applies": False, "reason": "UNKNOWN_CODE"}
    ]


async def test_a_gift_card_pays(change: Change, uow: UnitOfWork, goods: Goods) -> None:
    cart = await make_cart(uow)
    await make_cart_line(uow, cart, await goods.variant("10"))
    card = await make_gift_card(uow, "4", "ABCD-EFGH-JKLM")
    other = await make_gift_card(uow, "4", "AAAA-BBBB-CCCC", currency="USD")
    for _ in range(2):
        paid = await change("cartGiftCardApply", cartToken=TOKEN, code="abcd efgh jklm")
        assert paid["cart"]["cost"] == {"total": {"amount": "10.00"}, "due": {"amount": "6.00"}}
        assert paid["cart"]["giftCards"] == [
            {
                "id": global_id("GiftCard", card.id),
                "lastCharacters": card.last_characters,
                "amount": {"amount": "4.00"},
            }
        ]
    for code in ("AAAA-BBBB-CCCC", "NONE-NONE-NONE"):
        assert (await change("cartGiftCardApply", cartToken=TOKEN, code=code))["cart"] is None
    id_ = global_id("GiftCard", card.id)
    gone = await change("cartGiftCardRemove", cartToken=TOKEN, giftCardId=id_)
    assert (gone["cart"]["giftCards"], other.currency) == ([], "USD")


async def test_a_changed_price_is_shown_until_the_line_is_changed(
    change: Change, uow: UnitOfWork, goods: Goods
) -> None:
    mug = await goods.variant(None)
    await make_price(uow, goods.prices, mug, "10")
    made = await change("cartCreate", lines=[wanted(mug)])
    token = made["cart"]["token"]
    await uow.change(text("UPDATE prices SET amount = 12"))

    def shown(payload: Any) -> Any:
        line = payload["cart"]["lines"]["nodes"][0]
        return line["unitPrice"]["amount"], line["unitPriceChange"]

    for _ in range(2):
        told = await change("cartNoteSet", cartToken=token, note="hello")
        assert shown(told) == ("12.00", {"amount": "2.00"})
    seen = await change("cartLinesAdd", cartToken=token, lines=[wanted(mug)])
    assert shown(seen) == ("12.00", None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": CartState.FROZEN}, "CART_FROZEN"),
        ({"state": CartState.COMPLETED, "order_id": 1}, "CART_NOT_ACTIVE"),
        ({"state": CartState.MERGED, "merged_into_id": 1}, "NOT_FOUND"),
        ({"state": CartState.EXPIRED}, "CART_EXPIRED"),
        ({"expires_at": system_clock() - timedelta(seconds=1)}, "CART_EXPIRED"),
    ],
)
async def test_only_an_active_cart_is_changed(
    change: Change, uow: UnitOfWork, values: dict[str, Any], code: str
) -> None:
    await make_cart(uow, **values)
    for name, given in (
        ("cartContactSet", {"email": "a@shop.test"}),
        ("cartClear", {}),
        ("cartCouponRemove", {"code": "X"}),
    ):
        assert errors(await change(name, cartToken=TOKEN, **given)) == [(code, ["cartToken"])]
    stored = await uow.scalar(text("SELECT version FROM carts"))
    assert stored == 1


async def test_every_change_moves_the_end_on(change: Change, uow: UnitOfWork) -> None:
    cart = await make_cart(uow)
    soon = system_clock() + timedelta(minutes=1)
    await uow.change(update(Cart).where(col(Cart.id) == cart.id).values(expires_at=soon))
    await change("cartNoteSet", cartToken=TOKEN, note="x")
    over = await uow.scalar(text("SELECT expires_at FROM carts"))
    assert over > system_clock() + timedelta(days=29)
