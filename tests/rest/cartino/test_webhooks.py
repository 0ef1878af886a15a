from commerce.core.ids import global_id
from tests.conftest import Ask
from tests.rest.cartino.calling import Cartino

HOOK = {"url": "https://shop.test/hook", "events": ["order.created", "product.updated"]}


async def test_an_address_is_told_what_it_asked_for(cartino: Cartino, ask: Ask) -> None:
    given = {**HOOK, "secret": "a-secret-of-sixteen"}
    made = await cartino.data("POST", "/webhooks", given, 201)
    assert (made["events"], made["secret"], made["is_active"]) == (
        HOOK["events"],
        given["secret"],
        True,
    )
    query = "query ($id: ID!) { webhookEndpoint(id: $id) { format events url } }"
    found = await ask(query, {"id": global_id("WebhookEndpoint", made["id"])})
    assert found["data"]["webhookEndpoint"] == {
        "format": "CARTINO",
        "events": ["ORDER_CREATED", "PRODUCT_UPDATED"],
        "url": HOOK["url"],
    }
    shown = {name: value for name, value in made.items() if name != "secret"}
    assert await cartino.data("GET", f"/webhooks/{made['id']}") == shown
    assert await cartino.data("GET", "/webhooks") == [shown]
    assert await cartino("DELETE", f"/webhooks/{made['id']}") == (
        200,
        {"message": "Webhook deleted successfully"},
    )
    assert (await cartino("DELETE", f"/webhooks/{made['id']}"))[0] == 404
    assert await cartino.data("GET", "/webhooks") == []


async def test_a_secret_is_made_where_none_is_given(cartino: Cartino) -> None:
    made = await cartino.data("POST", "/webhooks", HOOK, 201)
    assert len(made["secret"]) >= 16


async def test_endpoints_of_other_formats_are_none_of_cartinos(cartino: Cartino, ask: Ask) -> None:
    add = """mutation { webhookEndpointCreate(input: {url: "https://a.test/"}) {
      webhookEndpoint { databaseId } } }"""
    made = (await ask(add))["data"]["webhookEndpointCreate"]["webhookEndpoint"]["databaseId"]
    assert await cartino.data("GET", "/webhooks") == []
    for method in ("GET", "DELETE"):
        assert (await cartino(method, f"/webhooks/{made}"))[0] == 404
    query = "{ webhookEndpoints(where: {format: [CARTINO]}) { totalCount { count } } }"
    assert (await ask(query))["data"]["webhookEndpoints"]["totalCount"] == {"count": 0}


async def test_what_cannot_be_is_named(cartino: Cartino) -> None:
    for body, field in (
        ({"events": ["order.created"]}, "url"),
        ({**HOOK, "url": "ftp://shop.test"}, "url"),
        ({**HOOK, "events": ["order.eaten"]}, "events.0"),
        ({**HOOK, "events": []}, "events"),
        ({**HOOK, "secret": "short"}, "secret"),
    ):
        assert list(await cartino.refused("POST", "/webhooks", body)) == [field]
