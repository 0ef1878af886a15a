"""Clients by Shopkit's words."""

from hashlib import md5
from typing import Any

import httpx

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.customers.kinds import GroupKind
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.goods.conftest import Shopkit
from tests.support.customers import make_address, make_customer, make_group
from tests.support.store import Store

PLACE = {
    "name": "Ada Lovelace",
    "phone": "+351969057993",
    "address": "Avª do Empresário, 1",
    "address_extra": "S1.08",
    "zip_code": "6000-767",
    "city": "Castelo Branco",
    "country_code": "prt",
}


def digest(email: str) -> str:
    return md5(email.encode(), usedforsecurity=False).hexdigest()


async def test_a_client_by_the_hash_of_its_address(shopkit: Shopkit, uow: UnitOfWork) -> None:
    ada = await make_customer(uow, "Ada@shop.test", first_name="Ada", last_name="Lovelace")
    await make_address(uow, ada, country="PT", postal_code="6000-767", is_default_shipping=True)
    (shown,) = await shopkit.get(f"/client/{digest('ada@shop.test')}")
    assert (shown["id"], shown["hash"]) == (ada.id, digest("ada@shop.test"))
    assert (shown["name"], shown["is_registered"], shown["is_banned"]) == (
        "Ada Lovelace",
        ada.password_hash is not None,
        False,
    )
    assert shown["delivery"]["country"] == "Portugal - Continental"
    assert shown["created_at"] == int(ada.created_at.timestamp())
    for hash_ in (digest("other@shop.test"), "x", "1", "0" * 32):
        assert await shopkit.refused("GET", f"/client/{hash_}") == 404


async def test_lists_of_clients(shopkit: Shopkit, uow: UnitOfWork) -> None:
    await make_customer(uow, "a@shop.test", password_hash="x", tags=["vip", "new"])
    trade = await make_group(uow, "Trade", kind=GroupKind.WHOLESALE)
    await make_customer(uow, "b@shop.test", accepts_email=True, tags=["new"], group_id=trade.id)
    for query, emails in (
        ("", ["b", "a"]),
        ("?registered=true", ["a"]),
        ("?registered=false", ["b"]),
        ("?accepts_marketing=true", ["b"]),
        ("?banned=true", []),
        ("?banned=false&limit=1", ["b"]),
        ("?limit=1&page=2", ["a"]),
        ("?tags=new,vip", ["a"]),
        ("?q=b@shop", ["b"]),
        ("?wholesale=true", ["b"]),
        ("?wholesale=false", ["a"]),
        ("?wholesale=pending", []),
        ("?wishlist=true", []),
    ):
        shown = await shopkit.get(f"/client{query}")
        assert [client["email"][0] for client in shown] == emails, query
        assert [client["wholesale"] for client in shown] == [each == "b" for each in emails]
    response = await shopkit.send("GET", "/client?limit=1")
    assert response.headers["X-Total-Count"] == "2"
    for query in ("?limit=0", "?registered=maybe", "?wholesale=x"):
        assert await shopkit.refused("GET", f"/client{query}") == 400


async def test_a_client_is_added_changed_and_forgotten(shopkit: Shopkit, ask: Ask) -> None:
    sent = {
        "email": "ada@shop.test",
        "name": "Ada Lovelace",
        "company": "Engines",
        "fiscal_id": "PT123456789",
        "birthday": "1990-12-10",
        "accepts_marketing": True,
        "internal_notes": "Counts",
        "tags": ["vip"],
        "delivery": PLACE,
        "billing": {**PLACE, "city": "Lisboa"},
    }
    (made,) = await shopkit.ask("POST", "/client", sent, 201)
    for name in ("email", "name", "company", "birthday", "accepts_marketing", "tags"):
        assert made[name] == sent[name], name
    assert made["delivery"]["country_code"] == "PRT"
    assert (made["delivery"]["city"], made["billing"]["city"]) == ("Castelo Branco", "Lisboa")
    assert await shopkit.refused("POST", "/client", {**sent, "email": "ADA@shop.test"}) == 409
    path = f"/client/{made['id']}"
    change: dict[str, Any] = {"name": "Ada King", "is_banned": True, "billing": {"city": "Porto"}}
    for _ in range(2):
        (changed,) = await shopkit.ask("PUT", path, change)
        assert (changed["name"], changed["is_banned"]) == ("Ada King", True)
        assert (changed["billing"]["city"], changed["billing"]["address"]) == (
            "Porto",
            PLACE["address"],
        )
        assert changed["delivery"]["city"] == "Castelo Branco"
    (unbanned,) = await shopkit.ask("PUT", path, {"is_banned": False, "company": None})
    assert (unbanned["is_banned"], unbanned["company"]) == (False, None)
    found = await ask(
        '{ customer(email: "ada@shop.test") { firstName addresses(first: 9) { nodes { city } } } }'
    )
    assert found["data"]["customer"]["firstName"] == "Ada"
    assert len(found["data"]["customer"]["addresses"]["nodes"]) == 2
    await shopkit.ask("DELETE", path, status=204)
    for method, body in (("DELETE", None), ("PUT", {"name": "x"})):
        assert await shopkit.refused(method, path, body) == 404
    assert await shopkit.get("/client") == []


async def test_what_makes_no_client(shopkit: Shopkit) -> None:
    for sent in (
        {},
        {"email": "nobody"},
        {"email": "a@shop.test", "birthday": "tomorrow"},
        {"email": "a@shop.test", "delivery": {"country_code": "XXX"}},
        {"email": "a@shop.test", "tags": "vip"},
        [],
    ):
        assert await shopkit.refused("POST", "/client", sent) == 400, sent
    assert await shopkit.refused("PUT", "/client/999", {"name": "x"}) == 404


async def test_who_may_not_read_customers_sees_none(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    reader = Shopkit(client, await make_key("shopkit", Scope.READ_PRODUCTS))
    assert await reader.refused("GET", "/client") == 403
    assert await reader.refused("POST", "/client", {"email": "a@shop.test"}) == 403
