"""Writing products and variants over the real schema and database."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope
from tests.conftest import Ask
from tests.rest.cartino.calling import Cartino
from tests.rest.conftest import MakeKey
from tests.support.catalog import make_brand
from tests.support.golden import sample
from tests.support.store import Store

HERE = Path(__file__).parent
READ = """query ($id: ID!) { product(id: $id) { title slug status variants(first: 9) { nodes {
  sku title weightGrams lengthMm pricing { price { amount } compareAt { amount } }
  availability { quantity } } } metafields(namespace: "custom", first: 9) {
  nodes { key value } } } }"""


async def stored(ask: Ask, id_: int) -> Any:
    return (await ask(READ, {"id": global_id("Product", id_)}))["data"]["product"]


@pytest.mark.parametrize("base", ["/api", "/api/v1"])
async def test_the_documents_error(
    client: httpx.AsyncClient, make_key: MakeKey, store: Store, base: str
) -> None:
    caller = Cartino(client, await make_key("cartino"), base)
    for given in ({"price": 0}, {"title": "  ", "price": -1}, {"title": None, "price": "0"}):
        status, shown = await caller("POST", "/products", given)
        assert (status, shown) == (422, sample(HERE / "golden" / "error.json"))


async def test_a_price_without_variants_makes_the_default_one(
    cartino: Cartino, store: Store, ask: Ask
) -> None:
    made = await cartino.data("POST", "/products", {"title": "Cotton T-Shirt", "price": 19.99}, 201)
    assert (made["slug"], made["status"], made["type"]) == ("cotton-t-shirt", "draft", "physical")
    (variant,) = made["variants"]
    assert (variant["sku"], variant["price"]) == ("COTTON-T-SHIRT", Decimal("19.99"))
    assert made["published_at"] is None
    assert (await stored(ask, made["id"]))["variants"]["nodes"][0]["sku"] == "COTTON-T-SHIRT"
    assert await cartino.data("GET", f"/products/{made['id']}") == made
    again = await cartino.data("POST", "/products", {"title": "Cotton T-Shirt", "price": 5}, 201)
    assert (again["slug"], again["variants"][0]["sku"]) == ("cotton-t-shirt-2", "COTTON-T-SHIRT-2")


async def test_a_product_with_everything(
    cartino: Cartino, store: Store, uow: UnitOfWork, ask: Ask
) -> None:
    acme = await make_brand(uow, "Acme")
    made = await cartino.data(
        "POST",
        "/products?include=options",
        {
            "title": "Shirt",
            "slug": "shirt",
            "description": "<p>Soft.</p>",
            "type": "physical",
            "status": "active",
            "vendor": "Mill",
            "brand_id": acme.id,
            "seo_title": "Shirts",
            "published_at": "2024-01-15T10:00:00Z",
            "data": {"care": {"wash": 30}, "rank": 1.5},
            "options": [{"name": "Colour"}, {"name": "Size", "values": ["M", "L"]}],
            "variants": [
                {
                    "sku": "TS-RED-M",
                    "option1": "Red",
                    "option2": "M",
                    "price": "19.99",
                    "compare_at_price": 24.99,
                    "inventory_quantity": 100,
                    "weight": 0.25,
                    "length": 10,
                    "dimension_unit": "in",
                    "inventory_policy": "continue",
                    "data": {"note": "best"},
                },
                {"sku": "TS-RED-L", "option1": "Red", "option2": "L", "price": 20},
            ],
        },
        201,
    )
    assert (made["brand"], made["data"]) == (
        {"id": acme.id, "name": "Acme"},
        {"care": {"wash": 30}, "rank": Decimal("1.5")},
    )
    assert (made["published_at"], made["seo_title"]) == ("2024-01-15T10:00:00Z", "Shirts")
    assert [option["name"] for option in made["options"]] == ["Colour", "Size"]
    first, second = made["variants"]
    assert (first["title"], first["inventory_quantity"], first["weight"]) == (
        "Red / M",
        100,
        Decimal("0.25"),
    )
    assert (first["length"], first["inventory_policy"]) == (Decimal("25.4"), "continue")
    assert (first["data"], second["data"]) == ({"note": "best"}, None)
    found = await stored(ask, made["id"])
    assert [(node["title"], node["weightGrams"]) for node in found["variants"]["nodes"]] == [
        ("Red / M", 250),
        ("Red / L", 0),
    ]


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"slug": "mug"}, "slug", "Another product has this slug."),
        ({"brand_id": 999}, "brand_id", "The selected brand_id is invalid."),
        ({"type": "ghost"}, "type", "The type must be one of physical, digital, service."),
        ({"data": []}, "data", "The data must be an object."),
        (
            {"data": {"a b": 1}},
            "data",
            "The data must have names of 1 to 64 letters, digits, hyphens and underscores.",
        ),
        (
            {"published_at": "2999-01-01T00:00:00Z"},
            "published_at",
            "This is not to be later than now.",
        ),
        ({"variants": [{"price": 0}]}, "variants.0.price", "The variants.0.price must be greater"),
        ({"variants": [{"sku": "MUG"}]}, "variants.0.sku", "Another product has the sku MUG."),
    ],
)
async def test_what_cannot_be_adds_nothing(
    cartino: Cartino, store: Store, given: Any, field: str, text: str
) -> None:
    await store.sell("Mug", slug="mug", sku="MUG")
    errors = await cartino.refused("POST", "/products", {"title": "New", **given})
    assert list(errors) == [field]
    assert errors[field][0].startswith(text)
    assert (await cartino("GET", "/products"))[1]["meta"]["total"] == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_only_given_fields_change(cartino: Cartino, store: Store, method: str) -> None:
    body = {"title": "Mug", "vendor": "Mill", "price": 8, "data": {"a": 1, "b": 2}}
    made = await cartino.data("POST", "/products", body, 201)
    path = f"/products/{made['id']}"
    for _ in range(2):
        changed = await cartino.data(
            method, path, {"title": "Cup", "price": 9.5, "data": {"b": 3, "c": None}}
        )
        assert (changed["title"], changed["vendor"], changed["slug"]) == ("Cup", "Mill", "mug")
        assert (changed["variants"][0]["price"], changed["data"]) == (Decimal("9.50"), {"b": 3})
    assert (await cartino.data(method, path, {"vendor": None, "data": None}))["data"] is None
    assert (await cartino.data(method, path, {}))["vendor"] is None
    assert await cartino(method, "/products/999999", {"title": "X"}) == (
        404,
        {"message": "Not Found"},
    )


async def test_a_price_of_several_variants_is_said_of_one(cartino: Cartino, store: Store) -> None:
    rows = [{"option1": size, "price": 5} for size in "SM"]
    made = await cartino.data("POST", "/products", {"title": "Shirt", "variants": rows}, 201)
    path = f"/products/{made['id']}"
    assert list(await cartino.refused("PUT", path, {"price": 6})) == ["price"]
    changed = await cartino.data(
        "PUT", path, {"variants": [{"id": made["variants"][1]["id"], "price": 6}]}
    )
    assert [variant["price"] for variant in changed["variants"]] == [5, 6]


async def test_publishing_and_deleting(cartino: Cartino, store: Store) -> None:
    made = await cartino.data("POST", "/products", {"title": "Mug", "price": 8}, 201)
    path = f"/products/{made['id']}"
    published = await cartino.data("POST", f"{path}/publish")
    assert published["status"] == "active"
    assert published["published_at"] is not None
    assert await cartino.data("POST", f"{path}/publish") == published
    for _ in range(2):
        assert await cartino("DELETE", path) == (
            200,
            {"message": "Product deleted successfully"},
        )
    assert (await cartino.data("GET", path))["status"] == "archived"
    for method, missing in (("DELETE", "/products/99999"), ("POST", "/products/99999/publish")):
        assert (await cartino(method, missing))[0] == 404


async def test_variants_are_added_to_a_product_without_options(
    cartino: Cartino, store: Store
) -> None:
    made = await cartino.data("POST", "/products", {"title": "Mug", "price": 8}, 201)
    path = f"/products/{made['id']}/variants"
    given = {
        "sku": "BLUE",
        "option1": "Blue",
        "price": 9,
        "inventory_quantity": 4,
        "data": {"a": 1},
    }
    blue = await cartino.data("POST", path, given, 201)
    assert (blue["title"], blue["product_id"], blue["inventory_quantity"], blue["data"]) == (
        "Blue",
        made["id"],
        4,
        {"a": 1},
    )
    green = await cartino.data("POST", path, {"sku": "GREEN", "title": "Green", "price": 9}, 201)
    assert green["option1"] == "Green"
    status, listed = await cartino("GET", f"{path}?per_page=2")
    assert (status, [row["option1"] for row in listed["data"]]) == (200, ["Default", "Blue"])
    assert (listed["meta"]["total"], listed["meta"]["last_page"]) == (3, 2)
    _, rest = await cartino("GET", f"{path}?per_page=2&cursor={listed['meta']['next_cursor']}")
    assert [row["id"] for row in rest["data"]] == [green["id"]]
    for body, field in (
        ({"sku": "BLUE", "option1": "Red", "price": 9}, "sku"),
        ({"sku": "RED", "option1": "Blue", "price": 9}, "option1"),
        ({"sku": "RED", "option1": "Red", "price": 0}, "price"),
    ):
        assert list(await cartino.refused("POST", path, body)) == [field]
    assert (await cartino("GET", path))[1]["meta"]["total"] == 3


@pytest.mark.parametrize("name", ["weight", "length", "width", "height"])
async def test_measures_beyond_all_measure_are_refused(
    cartino: Cartino, store: Store, name: str
) -> None:
    made = await cartino.data("POST", "/products", {"title": "Mug", "price": 8}, 201)
    huge = {"option1": "Blue", "price": 9, name: 10**30}
    assert list(await cartino.refused("POST", f"/products/{made['id']}/variants", huge)) == [name]


async def test_a_variant_is_changed_and_archived(cartino: Cartino, store: Store) -> None:
    rows = [{"sku": size, "option1": size, "price": 5} for size in "SM"]
    made = await cartino.data("POST", "/products", {"title": "Shirt", "variants": rows}, 201)
    small, medium = (f"/variants/{variant['id']}" for variant in made["variants"])
    given = {
        "price": 6,
        "inventory_quantity": 7,
        "weight": 1,
        "weight_unit": "lb",
        "data": {"x": 1},
    }
    for _ in range(2):
        changed = await cartino.data("PUT", small, given)
        assert (changed["price"], changed["inventory_quantity"], changed["sku"]) == (6, 7, "S")
        assert (changed["weight_unit"], changed["data"]) == ("lb", {"x": 1})
    assert await cartino.data("GET", small) == changed
    assert (await cartino.data("PUT", small, {"inventory_quantity": 2}))["inventory_quantity"] == 2
    assert list(await cartino.refused("PUT", small, {"sku": "M"})) == ["sku"]
    assert await cartino("DELETE", small) == (200, {"message": "Variant deleted successfully"})
    assert (await cartino("GET", small))[0] == 404
    status, refused = await cartino("DELETE", medium)
    assert (status, list(refused["errors"])) == (422, ["id"])
    assert (await cartino("PUT", "/variants/99999", {"price": 1}))[0] == 404


async def test_writing_needs_scopes(
    client: httpx.AsyncClient, make_key: MakeKey, store: Store
) -> None:
    product = await store.sell("Mug")
    reader = Cartino(client, await make_key("cartino", Scope.READ_PRODUCTS))
    writer = Cartino(client, await make_key("cartino", Scope.READ_PRODUCTS, Scope.WRITE_PRODUCTS))
    refused = (403, {"message": "This action is unauthorized."})
    for caller, method, path, body in (
        (reader, "POST", "/products", {"title": "New"}),
        (reader, "PUT", f"/products/{product.id}", {"title": "New"}),
        (reader, "DELETE", f"/products/{product.id}", None),
        (writer, "POST", "/products", {"title": "New", "price": 5}),
    ):
        assert await caller(method, path, body) == refused
    assert (await writer("POST", "/products", {"title": "New"}))[0] == 201


async def test_a_call_under_an_idempotency_key_is_done_once(cartino: Cartino, store: Store) -> None:
    given = {"title": "Mug", "price": 8, "data": {"a": 1}}
    first = await cartino("POST", "/products", given, Idempotency_Key="once")
    assert first == await cartino("POST", "/products", given, Idempotency_Key="once")
    assert (await cartino("GET", "/products"))[1]["meta"]["total"] == 1


async def test_prices_by_list_group_and_quantity(cartino: Cartino, store: Store, ask: Ask) -> None:
    made = await cartino.data("POST", "/products", {"title": "Mug", "price": 8}, 201)
    variant = made["variants"][0]["id"]
    row = {"product_variant_id": variant, "currency": "eur", "price": 6.5, "min_quantity": 10}
    for _ in range(2):
        written = await cartino.data("POST", "/variant-prices", row, 201)
        assert (written["price"], written["min_quantity"]) == (Decimal("6.50"), 10)
    listed = await cartino.data("GET", f"/variants/{variant}/prices")
    assert [(each["price"], each["min_quantity"], each["max_quantity"]) for each in listed] == [
        (8, 1, 9),
        (Decimal("6.50"), 10, None),
    ]
    assert listed[0]["is_currently_active"] is True
    assert await cartino.data("GET", f"/variants/{variant}/prices?currency=USD") == []
    calculate = f"/variants/{variant}/price/calculate"
    cheaper = await cartino.data("POST", calculate, {"quantity": 12})
    assert (cheaper["price"], cheaper["min_quantity"], cheaper["formatted"]) == (
        Decimal("6.50"),
        10,
        "€6.50",
    )
    assert (await cartino.data("POST", calculate, {}))["price"] == 8
    assert (await cartino("POST", calculate, {"currency": "USD"}))[0] == 404
    for body, field in (
        ({**row, "currency": "USD"}, "currency"),
        ({**row, "currency": "EURO"}, "currency"),
        ({**row, "price": 0}, "price"),
        ({**row, "product_variant_id": 9999}, "product_variant_id"),
    ):
        assert list(await cartino.refused("POST", "/variant-prices", body)) == [field]
