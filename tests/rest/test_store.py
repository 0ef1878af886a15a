"""The dialects over the real schema, database and keys."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from commerce.catalog.kinds import BackorderPolicy, ProductStatus, ProductType
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from tests.rest.conftest import MakeKey
from tests.support.catalog import make_brand, make_product
from tests.support.golden import body, differences, sample
from tests.support.store import Store

HERE = Path(__file__).parent
LISTS = {"litestore": "/api/products", "cartino": "/api/products", "shopkit": "/v1/product"}
EACH = pytest.mark.parametrize("dialect", LISTS)


class Caller:
    """One client of one dialect, with a key of its own."""

    def __init__(self, client: httpx.AsyncClient, dialect: str, key: str) -> None:
        self._client = client
        shopkit = dialect == "shopkit"
        self.headers = {"X-API-KEY": key} if shopkit else {"Authorization": f"Bearer {key}"}
        self.path = LISTS[dialect]

    async def get(self, path: str = "") -> httpx.Response:
        return await self._client.get(self.path + path, headers=self.headers)

    async def body(self, path: str = "") -> Any:
        response = await self.get(path)
        assert response.status_code == 200, response.text
        return body(response)


@pytest.fixture
async def store(uow: UnitOfWork) -> Store:
    return await Store.open(uow)


@pytest.fixture
async def litestore(client: httpx.AsyncClient, make_key: MakeKey) -> Caller:
    return Caller(client, "litestore", await make_key("litestore"))


@pytest.fixture
async def cartino(client: httpx.AsyncClient, make_key: MakeKey) -> Caller:
    return Caller(client, "cartino", await make_key("cartino"))


@pytest.fixture
async def shopkit(client: httpx.AsyncClient, make_key: MakeKey) -> Caller:
    return Caller(client, "shopkit", await make_key("shopkit"))


def names(shown: Any) -> list[str]:
    """The titles of a list in any dialect."""
    rows = shown["data"] if "data" in shown else [shown[k] for k in shown if k != "paging"]
    return [row.get("title") or row["name"] for row in rows]


async def test_litestores_sample(store: Store, litestore: Caller) -> None:
    product = await store.sell(
        "Premium Skincare Serum",
        "49.99",
        description_text="AI-generated description...",
        tags=["anti-aging", "hydration"],
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    await store.category("Skincare", product)
    await store.pictures(product, "image1.jpg", "image2.jpg")
    golden = sample(HERE / "litestore" / "golden" / "products.json")
    golden["data"][0]["id"] = f"prod-{product.id}"
    golden["total"] = 1
    assert differences(await litestore.body(), golden) == []
    assert differences(await litestore.body(f"/prod-{product.id}"), golden["data"][0]) == []


async def test_cartinos_sample(store: Store, cartino: Caller) -> None:
    product = await store.sell("Cotton T-Shirt", "19.99", 100, sku="TS-RED-M")
    golden = sample(HERE / "cartino" / "golden" / "products.json")
    golden["meta"]["total"] = 1
    golden["data"][0]["id"] = product.id
    (variant,) = golden["data"][0]["variants"]
    shown = await cartino.body()
    variant["id"] = shown["data"][0]["variants"][0]["id"]
    assert differences(shown, golden) == []
    one = await cartino.body(f"/{product.id}")
    assert differences(one["data"], golden["data"][0]) == []


async def test_shopkits_sample(store: Store, shopkit: Caller) -> None:
    golden = sample(HERE / "shopkit" / "golden" / "product.json")
    product = await bowls(store, golden)
    shown = await shopkit.body(f"/{product.id}")
    options = [(o["title"], str(o["price"]), o["stock"]) for o in shown["options"]]
    assert options == [
        ("Small bowl / White", "40.73", 99),
        ("Small bowl / Dark turquoise", "40.73", 95),
        ("Big bowl / White", "45.73", 100),
        ("Big bowl / Dark turquoise", "45.73", 100),
    ]
    values = {v["title"]: v["id"] for g in shown["option_groups"] for v in g["options"]}
    big = shown["options"][3]
    assert (str(big["id_variant_1"]), str(big["id_variant_2"])) == (
        values["Big bowl"],
        values["Dark turquoise"],
    )
    told_otherwise = {
        *("id", "hits", "url", "permalink", "add_cart_url", "image", "images"),
        *("options", "option_groups", "categories", "stock"),
    }
    expected = {name: value for name, value in golden.items() if name not in told_otherwise}
    assert differences(shown, expected) == []
    category = golden["categories"][0] | {"id": shown["categories"][0]["id"]}
    category["url"] = "http://store.test/category/cozinha"
    assert differences(shown["categories"], [category]) == []
    assert shown["image"]["full"] == golden["image"]["full"]
    assert [image["full"] for image in shown["images"].values()] == [
        image["full"] for image in golden["images"].values()
    ]
    assert shown["stock"]["stock_backorder"] is True


async def bowls(store: Store, golden: Any) -> Any:
    """The facts of Shopkit's sample product."""
    text = golden["description"].removeprefix("<p>").removesuffix("</p>")
    product = await make_bowls(store, golden["description"], text)
    size, sizes = await store.option(product, "Size", "Small bowl", "Big bowl")
    color, colors = await store.option(product, "Color", "White", "Dark turquoise", position=1)
    for place, option in enumerate(golden["options"]):
        first, second = option["title"].split(" / ")
        variant = await store.variant(
            product,
            (size, sizes[first]),
            (color, colors[second]),
            title=option["title"],
            sku=option["reference"],
            position=place,
            backorder=BackorderPolicy.ALLOW,
        )
        await store.offer(variant, str(option["price"]), int(option["stock"]))
    pictures = (golden["image"], *golden["images"].values())
    await store.pictures(product, *(image["full"] for image in pictures))
    lorem = golden["categories"][0]["description"]
    await store.category("Cozinha", product, description_html=lorem)
    return product


async def make_bowls(store: Store, html: str, text: str) -> Any:
    return await make_product(
        store.uow,
        "Rustic Spice Bowl Set",
        description_html=html,
        description_text=text,
        shown_as_new=True,
        created_at=datetime(2014, 11, 30, 1, 4, 40, tzinfo=UTC),
    )


@EACH
async def test_each_key_reads_its_own_dialect_from_one_server(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey, dialect: str
) -> None:
    await store.sell("Mug")
    response = await Caller(client, dialect, await make_key(dialect)).get()
    assert (response.status_code, response.headers["X-Api-Dialect"]) == (200, dialect)
    assert names(body(response)) == ["Mug"]


@EACH
async def test_a_revoked_key_is_refused_in_its_dialects_words(
    client: httpx.AsyncClient, make_key: MakeKey, dialect: str
) -> None:
    response = await Caller(client, dialect, await make_key(dialect, revoked=True)).get()
    assert (response.status_code, response.headers["X-Api-Dialect"]) == (401, dialect)


@EACH
async def test_a_key_without_a_dialect_reads_every_one(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey, dialect: str
) -> None:
    await store.sell("Mug")
    caller = Caller(client, dialect, await make_key(None))
    if dialect != "shopkit":
        caller.headers["X-Api-Dialect"] = dialect
    assert names(await caller.body()) == ["Mug"]


@EACH
async def test_only_readers_of_the_catalogue_see_what_is_not_for_sale(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey, dialect: str
) -> None:
    await store.sell("Mug")
    draft = await store.sell("Draft", status=ProductStatus.DRAFT)
    reader = Caller(client, dialect, await make_key(dialect, Scope.READ_PRODUCTS))
    writer = Caller(client, dialect, await make_key(dialect, Scope.WRITE_STOCK))
    assert sorted(names(await reader.body())) == ["Draft", "Mug"]
    assert names(await writer.body()) == ["Mug"]
    assert (await writer.get(f"/{draft.id}")).status_code == 404


async def test_quantities_and_costs_need_their_scopes(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    product = await store.sell("Mug", stock=7)
    all_of_it = Caller(client, "cartino", await make_key("cartino"))
    products_only = Caller(client, "cartino", await make_key("cartino", Scope.READ_PRODUCTS))
    shown = [
        (await caller.body(f"/{product.id}"))["data"]["variants"][0]
        for caller in (all_of_it, products_only)
    ]
    assert [variant["inventory_quantity"] for variant in shown] == [7, None]
    assert [variant["in_stock"] for variant in shown] == [True, True]


async def test_paging_by_number_walks_the_list(
    store: Store, litestore: Caller, cartino: Caller, shopkit: Caller
) -> None:
    for place in range(5):
        created = datetime(2024, 1, 1 + place, tzinfo=UTC)
        await store.sell(f"Mug {place}", created_at=created)
    pages = {
        litestore: [f"?limit=2&offset={offset}" for offset in (0, 2, 4, 6)],
        cartino: [f"?per_page=2&page={page}" for page in (1, 2, 3, 4)],
        shopkit: [f"?limit=2&page={page}" for page in (1, 2, 3, 4)],
    }
    for caller, queries in pages.items():
        assert [names(await caller.body(query)) for query in queries] == [
            ["Mug 4", "Mug 3"],
            ["Mug 2", "Mug 1"],
            ["Mug 0"],
            [],
        ]
    far = 2**31 - 1
    assert names(await litestore.body(f"?offset={far}")) == []
    assert names(await cartino.body(f"?page={far}&per_page=100")) == []
    assert names(await shopkit.body(f"?page={far}&limit=50")) == []


async def test_cartinos_links_and_cursors_lead_through_the_list(
    store: Store, cartino: Caller
) -> None:
    for place in range(5):
        await store.sell(f"Mug {place}")
    by_link, by_cursor = [], []
    query: str | None = "?per_page=2&sort=title"
    while query is not None:
        shown = await cartino.body(query)
        by_link += names(shown)
        following = shown["links"]["next"]
        query = following and following.removeprefix("http://store.test/api/products")
    cursor: str | None = ""
    while cursor is not None:
        shown = await cartino.body(f"?per_page=2&sort=title&cursor={cursor}")
        by_cursor += names(shown)
        cursor = shown["meta"]["next_cursor"]
    assert by_link == by_cursor == [f"Mug {place}" for place in range(5)]


async def test_a_cursor_of_another_list_is_refused(store: Store, cartino: Caller) -> None:
    for place in range(3):
        await store.sell(f"Mug {place}")
    cursor = (await cartino.body("?per_page=1&sort=title"))["meta"]["next_cursor"]
    for query in (f"?cursor={cursor}&sort=-title", "?cursor=forged", "?cursor=%00"):
        response = await cartino.get(query)
        assert (response.status_code, list(response.json()["errors"])) == (422, ["cursor"])


async def test_litestores_filters(store: Store, litestore: Caller) -> None:
    serum = await store.sell("Serum")
    await store.sell("Hidden mug", status=ProductStatus.HIDDEN)
    await store.sell("Draft mug", status=ProductStatus.DRAFT)
    await store.sell("Old mug", status=ProductStatus.ARCHIVED)
    category = await store.category("Skin & Hair", serum, slug="skin-hair")
    expected = {
        "?status=active": ["Serum"],
        "?status=archived": ["Old mug"],
        "?status=draft": ["Draft mug", "Hidden mug"],
        "?search=mug&status=draft": ["Draft mug", "Hidden mug"],
        "?search=serum": ["Serum"],
        f"?category={category.id}": ["Serum"],
        "?category=skin-hair": ["Serum"],
        "?category=SKIN+%26+hair": ["Serum"],
        "?category=nothing": [],
        "?category=999": [],
    }
    for query, titles in expected.items():
        assert sorted(names(await litestore.body(query))) == titles, query


async def test_cartinos_filters_and_sorts(store: Store, uow: UnitOfWork, cartino: Caller) -> None:
    acme = await make_brand(uow, "Acme")
    await store.sell("Mug", "8", brand_id=acme.id)
    await store.sell("Guide", "12", type=ProductType.DIGITAL)
    await store.sell("Advice", "30", type=ProductType.SERVICE, status=ProductStatus.DRAFT)
    expected = {
        "?sort=price": ["Mug", "Guide", "Advice"],
        "?sort=-price": ["Advice", "Guide", "Mug"],
        "?sort=title": ["Advice", "Guide", "Mug"],
        f"?brand_id={acme.id}": ["Mug"],
        "?brand_id=999": [],
        "?type=digital": ["Guide"],
        "?filter[type]=digital,service&sort=title": ["Advice", "Guide"],
        "?status=active&sort=title": ["Guide", "Mug"],
        "?search=guide": ["Guide"],
    }
    for query, titles in expected.items():
        assert names(await cartino.body(query)) == titles, query


async def test_shopkits_filters(store: Store, shopkit: Caller) -> None:
    mug = await store.sell("Mug", sku="mug-001", featured=True)
    bowl = await store.sell("Bowl", stock=0, shown_as_new=True)
    await store.sell("Secret", status=ProductStatus.HIDDEN)
    await store.sell("Gone", status=ProductStatus.ARCHIVED)
    kitchen = await store.category("Kitchen", mug)
    below = await store.category("Bowls", bowl, parent=kitchen)
    expected = {
        "": ["Bowl", "Mug", "Secret"],
        "?status=0": ["Bowl", "Mug", "Secret"],
        "?status=1": ["Mug"],
        "?status=2": ["Secret"],
        "?status_alias=out_of_stock": ["Bowl"],
        "?status_alias=soon": [],
        "?status=1,3": ["Bowl", "Mug"],
        "?featured=true": ["Mug"],
        "?featured=false&new=true": ["Bowl"],
        "?reference=mug-001": ["Mug"],
        "?reference=mug": [],
        f"?category={kitchen.id}": ["Mug"],
        f"?category={below.id}": ["Bowl"],
        "?category=999": [],
        f"?ids={mug.id},{bowl.id},999": ["Bowl", "Mug"],
        "?q=bowl": ["Bowl"],
    }
    for query, titles in expected.items():
        assert sorted(names(await shopkit.body(query))) == titles, query
    response = await shopkit.get("?status=1")
    assert response.headers["X-Total-Count"] == "1"


async def test_shopkits_products_by_handle(store: Store, shopkit: Caller) -> None:
    mug = await store.sell("Blue Mug")
    gone = await store.sell("Gone", status=ProductStatus.ARCHIVED)
    for path in (f"/{mug.id}", "/blue-mug", f"?id={mug.id}", "?handle=blue-mug"):
        assert (await shopkit.body(path))["title"] == "Blue Mug"
    for path in (f"/{gone.id}", "/gone", "/nothing", "?handle=nothing", "?id=999"):
        response = await shopkit.get(path)
        assert (response.status_code, response.content) == (404, b'{"message":"Not found."}')


async def test_cartinos_relations(store: Store, uow: UnitOfWork, cartino: Caller) -> None:
    acme = await make_brand(uow, "Acme")
    product = await store.sell("Mug", brand_id=acme.id)
    size, values = await store.option(product, "Size", "S", "M")
    await store.category("Kitchen", product)
    await store.pictures(product, "mug.jpg")
    include = "?include=variants,brand,options,categories,media"
    shown = (await cartino.body(f"/{product.id}{include}"))["data"]
    assert shown["options"] == [{"id": size, "name": "Size", "values": list(values)}]
    assert [category["slug"] for category in shown["categories"]] == ["kitchen"]
    assert [media["url"] for media in shown["media"]] == ["mug.jpg"]
    assert shown["brand"] == {"id": acme.id, "name": "Acme"}
    plain = (await cartino.body(f"/{product.id}"))["data"]
    assert not {"options", "categories", "media"} & set(plain)


# What it takes to know the caller, and to note from where a key is used for the first time.
OF_THE_KEY = ("api_keys", "audit_log")


@EACH
@pytest.mark.parametrize("products", [1, 12])
async def test_a_list_costs_the_same_for_any_number_of_products(
    store: Store,
    client: httpx.AsyncClient,
    make_key: MakeKey,
    statements: list[str],
    dialect: str,
    products: int,
) -> None:
    for place in range(products):
        product = await store.sell(f"Mug {place}")
        await store.pictures(product, "a.jpg", "b.jpg")
        await store.category(f"Kitchen {place}", product)
    caller = Caller(client, dialect, await make_key(dialect))
    statements.clear()
    shown = await caller.body("?include=options,categories,media")
    assert len(names(shown)) == products
    asked = [sent for sent in statements if not any(name in sent for name in OF_THE_KEY)]
    assert len(asked) == STATEMENTS[dialect], "\n\n".join(asked)


STATEMENTS = {"litestore": 5, "cartino": 13, "shopkit": 19}
