"""Carts that are left behind, and carts that are too old."""

from commerce.core.ids import global_id
from tests.support.buying import told
from tests.support.walking import BERLIN, Walker, codes, mutation, text_of, token_in

FOUND = """
query ($where: CartWhere!) { carts(first: 5, where: $where) { nodes {
  databaseId state email remindedAt recovered } } }
"""


async def aged(walker: Walker, token: str, change: str) -> int:
    """The number of the cart, as if time had passed."""
    statement = f"UPDATE carts SET {change} WHERE token = :token RETURNING id"
    return int(await told(walker.shop, statement, token=token))


async def test_a_mail_brings_a_buyer_back(walkers: tuple[Walker, Walker]) -> None:
    walker, _ = walkers
    await walker.work("shopUpdate", {"abandonedMails": True, "abandonedHours": 1})
    buyer = "left@example.com"
    token = await walker.cart(await walker.shop.variant("25"), email=buyer)
    await walker.change("cartContactSet", {"cartToken": token, "locale": "de-AT"})
    await aged(walker, token, "updated_at = now() - interval '2 hours'")
    letter = await walker.letter(buyer)
    await walker.work("shopUpdate", {"abandonedMails": False})
    assert "Warenkorb" in letter["Subject"]
    assert "/cart?token=" in text_of(letter)
    again = token_in(letter)
    assert (await walker.look(again, "state totalQuantity")) == {
        "state": "ACTIVE",
        "totalQuantity": 1,
    }
    bought = await walker.complete(again, "manual")
    assert bought["order"]["cost"]["total"]["amount"] == "25.00"
    (cart,) = (await walker.manage(FOUND, {"where": {"recovered": True}}))["nodes"]
    assert (cart["email"], cart["state"], cart["recovered"]) == (buyer, "COMPLETED", True)
    assert cart["remindedAt"] is not None


async def test_a_cart_that_is_too_old(walkers: tuple[Walker, Walker]) -> None:
    walker, other = walkers
    variant = await walker.shop.variant("25")
    token = await walker.cart(variant, email="late@example.com")
    number = await aged(walker, token, "expires_at = now() - interval '1 second'")
    assert (await walker.look(token, "state totalQuantity")) == {
        "state": "EXPIRED",
        "totalQuantity": 1,
    }
    changes = {
        "cartLinesAdd": {"lines": [{"variantId": global_id("ProductVariant", variant)}]},
        "cartClear": {},
        "cartContactSet": {"email": "other@example.com"},
        "cartAddressSet": {"shippingAddress": BERLIN},
        "cartCouponApply": {"code": "TEN"},
    }
    for name, change in changes.items():
        refused = await other.ask(mutation(name), {"input": {"cartToken": token, **change}})
        assert (name, codes(refused)) == (name, ["CART_EXPIRED"])
    for method in ("manual", "card"):
        refused = await other.complete(token, method, "25.00")
        assert (refused["order"], codes(refused)) == (None, ["CART_EXPIRED"])
    email = {"eq": "late@example.com"}
    found = (await walker.manage(FOUND, {"where": {"state": ["EXPIRED"], "email": email}}))["nodes"]
    assert [cart["databaseId"] for cart in found] == [number]
    assert (await walker.manage(FOUND, {"where": {"state": ["ACTIVE"], "email": email}})) == {
        "nodes": []
    }
    wish = {"cartId": global_id("Cart", number)}
    made = await walker.work("cartConvert", wish, "order { paymentStatus source }")
    assert made["order"] == {"paymentStatus": "UNPAID", "source": "ABANDONED_CART"}
