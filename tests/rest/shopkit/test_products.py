from pathlib import Path
from typing import Any

import pytest

from commerce.core.ids import global_id
from commerce.core.paging import cursor_at_offset
from commerce.rest.shopkit.texts import shortened
from tests.support.golden import body, differences, sample
from tests.support.rest import BEARER, SHOPKIT_KEY, PaperShop

HERE = Path(__file__).parent
KEY = BEARER["shopkit"]
STORE = "https://parallax.shopk.it"
GOLDEN = sample(HERE / "golden" / "product.json")
# The document quotes some numbers of two options; numbers are printed as numbers.
QUOTED = ("id", "id_variant_1", "id_variant_2", "stock", "shipping", "weight")
# What no fact of a product here says: see docs/rest.md.
UNKNOWN = {
    "hits",
    "stock.stock_qty",
}
# Keys that later revisions of the document have.
LATER = {
    *("barcode", "price_formatted", "price_promo_formatted", "price_promo_percentage"),
    *("price_without_tax", "updated_at", "excerpt", "taxable", "brand", "tags", "custom_fields"),
    *("origin_country", "harmonized_code"),
}


def golden() -> Any:
    """The sample with its quoted numbers as numbers."""
    product = sample(HERE / "golden" / "product.json")
    for option in product["options"]:
        option |= {name: int(option[name]) for name in QUOTED}
        option["price"] = type(GOLDEN["price"])(str(option["price"]))
        option |= {"price_promo": 0, "price_on_request": False, "active": True}
        option["id_variant_3"] = None
    return product


def priced(price: str, before: str | None = None) -> dict[str, Any]:
    def money(amount: str | None) -> Any:
        return amount and {
            "amount": amount,
            "formatted": f"{amount.replace('.', ',')}\N{NO-BREAK SPACE}€",
        }

    return {"price": money(price), "compareAt": money(before), "pricesIncludeTax": True}


def variant(option: dict[str, Any], skus: str | None) -> dict[str, Any]:
    return {
        "databaseId": int(option["id"]),
        "sku": skus,
        "title": option["title"],
        "weightGrams": 0,
        "barcode": None,
        "trackStock": True,
        "active": True,
        "originCountry": None,
        "customsCode": None,
        "backorder": "ALLOW",
        "taxable": False,
        "selectedOptions": [
            {"valueId": int(option["id_variant_1"])},
            {"valueId": int(option["id_variant_2"])},
        ],
        "pricing": priced(str(option["price"])),
        "availability": {"inStock": True, "quantity": int(option["stock"])},
        "stockLevels": {"nodes": [{"lowStockThreshold": 5}]},
        "media": None,
    }


def plain(html: str) -> str:
    text = html.replace("<br />", " ").replace("&nbsp;", " ")
    return " ".join(text.replace("<p>", "").replace("</p>", "").split())


CATEGORY = GOLDEN["categories"][0]
BOWLS: dict[str, Any] = {
    "databaseId": 1337,
    "slug": "rustic-spice-bowl-set",
    "title": "Rustic Spice Bowl Set",
    "descriptionHtml": GOLDEN["description"],
    "descriptionText": plain(GOLDEN["description"]),
    "status": "ACTIVE",
    "featured": False,
    "shownAsNew": True,
    "priceOnRequest": False,
    "position": 0,
    "inStock": True,
    "createdAt": "2014-11-30T01:04:40.125Z",
    "updatedAt": "2014-12-01T01:04:40.125Z",
    "excerpt": "",
    "announced": False,
    "onePerOrder": True,
    "stockShown": True,
    "tags": ["clay"],
    "taxPercent": "23",
    "unitsSold": 0,
    "brand": None,
    "metafields": {"nodes": []},
    "seo": {"title": "", "description": "", "keywords": ""},
    "options": [
        {
            "name": group["title"],
            "values": [
                {"databaseId": int(value["id"]), "name": value["title"]}
                for value in group["options"]
            ],
        }
        for group in GOLDEN["option_groups"]
    ],
    "media": {
        "nodes": [
            {
                "kind": "IMAGE",
                "url": image["full"],
                **{size: {"url": url} for size, url in image.items()},
            }
            for image in (GOLDEN["image"], *GOLDEN["images"].values())
        ]
    },
    "categories": {
        "nodes": [
            {
                "databaseId": CATEGORY["id"],
                "slug": CATEGORY["handle"],
                "title": CATEGORY["title"],
                "descriptionHtml": CATEGORY["description"],
                "active": True,
                "parent": None,
            }
        ]
    },
    "variants": {"nodes": [variant(option, option["reference"]) for option in GOLDEN["options"]]},
}
MUG_VARIANT: dict[str, Any] = {
    **variant(GOLDEN["options"][0], "mug-001"),
    "selectedOptions": [],
    "weightGrams": 350,
    "pricing": priced("8.50", "10.00"),
    "barcode": "4006381333931",
}
FILM = {"kind": "EXTERNAL_VIDEO", "url": "https://video.test/1", "full": None}
MUG = BOWLS | {
    "databaseId": 7,
    "slug": "mug",
    "options": [],
    "seo": {"title": "Mugs", "description": "All mugs", "keywords": "mug, cup"},
    "variants": {"nodes": [MUG_VARIANT]},
}


def connection(*nodes: Any, total: int = 120, more: bool = True) -> dict[str, Any]:
    return {
        "nodes": list(nodes),
        "pageInfo": {"hasNextPage": more},
        "totalCount": {"count": total},
    }


@pytest.fixture
def shop() -> PaperShop:
    return PaperShop(result=BOWLS)


async def ask(shop: PaperShop, path: str = "/1337", **options: Any) -> Any:
    client = shop.client(public_url=STORE, **options)
    response = await client.get(f"/v1/product{path}", headers=KEY)
    return response.status_code, body(response)


async def test_one_product_is_the_documents_sample(shop: PaperShop) -> None:
    status, shown = await ask(shop)
    assert status == 200
    assert set(differences(shown, golden())) == UNKNOWN
    assert set(shown) - LATER == set(GOLDEN)
    for option, documented in zip(shown["options"], GOLDEN["options"], strict=True):
        assert set(option) - LATER == set(documented)
    assert set(shown["stock"]) == set(GOLDEN["stock"])


async def test_options_and_groups_print_ids_as_documented(shop: PaperShop) -> None:
    _, shown = await ask(shop)
    assert shown["options"][0]["id_variant_1"] == 45896
    assert shown["option_groups"][0]["options"][0]["id"] == "45896"
    assert shown["stock"]["stock_qty"] == 99 + 95 + 100 + 100


async def test_numbers_take_the_fewest_digits(shop: PaperShop) -> None:
    shop.result = MUG
    text = (await shop.client().get("/v1/product/7", headers=KEY)).text
    assert '"price":10,"price_formatted":"10,00 €","price_promo":8.5,' in text
    assert '"price_promo_percentage":15,"price_without_tax":10,' in text


async def test_a_product_without_options_is_its_only_variant(shop: PaperShop) -> None:
    shop.result = MUG
    _, shown = await ask(shop, "/7")
    assert (shown["reference"], shown["weight"]) == ("mug-001", 350)
    assert (shown["options"], shown["option_groups"]) == ([], [])
    assert (shown["promo"], shown["is_promotion"]) == (True, True)
    assert (shown["page_title"], shown["meta_description"]) == ("Mugs", "All mugs")
    assert shown["stock"]["stock_qty"] == 99


async def test_a_product_without_pictures_prices_and_counted_stock(shop: PaperShop) -> None:
    bare = MUG_VARIANT | {"pricing": None, "trackStock": False}
    shop.result = MUG | {
        "media": {"nodes": [FILM]},
        "variants": {"nodes": [bare]},
    }
    _, shown = await ask(shop, "/7")
    assert (shown["image"], shown["images"]) == (None, {})
    assert shown["video_url"] == "https://video.test/1"
    assert (shown["price"], shown["price_promo"], shown["promo"]) == (None, 0, False)
    assert shown["stock"] == {"stock_enabled": False}


async def test_a_key_that_may_not_read_stock_sees_no_quantity(shop: PaperShop) -> None:
    shop.result = MUG | {
        "options": BOWLS["options"],
        "variants": {"nodes": [MUG_VARIANT | {"availability": {"inStock": True}}]},
    }
    _, shown = await ask(shop, "/7")
    assert (shown["stock"]["stock_qty"], shown["options"][0]["stock"]) == (None, None)


@pytest.mark.parametrize(
    ("status", "in_stock", "printed"),
    [
        ("ACTIVE", True, (1, "active")),
        ("ACTIVE", False, (3, "out_of_stock")),
        ("HIDDEN", True, (2, "hidden")),
        ("DRAFT", False, (2, "hidden")),
    ],
)
async def test_statuses(
    shop: PaperShop, status: str, in_stock: bool, printed: tuple[int, str]
) -> None:
    shop.result = BOWLS | {"status": status, "inStock": in_stock}
    _, shown = await ask(shop)
    assert (shown["status"], shown["status_alias"]) == printed


async def test_an_archived_product_is_not_found(shop: PaperShop) -> None:
    shop.result = BOWLS | {"status": "ARCHIVED"}
    assert await ask(shop) == (404, {"message": "Not found."})


@pytest.mark.parametrize(
    ("path", "id_", "slug"),
    [
        ("/1337", global_id("Product", 1337), None),
        ("/rustic-bowl", None, "rustic-bowl"),
        ("?id=1337", global_id("Product", 1337), None),
        ("/?id=1337&handle=other&page=2", global_id("Product", 1337), None),
        ("?handle=rustic-bowl", None, "rustic-bowl"),
        ("?handle=1337", None, "1337"),
    ],
)
async def test_one_product_by_id_or_handle(
    shop: PaperShop, path: str, id_: str | None, slug: str | None
) -> None:
    status, shown = await ask(shop, path)
    assert (status, shown["id"]) == (200, 1337)
    assert (shop.variables["id"], shop.variables["slug"]) == (id_, slug)


@pytest.mark.parametrize("path", ["/7", "/no-such", "?id=7", "?handle=no-such", f"/{2**64}"])
async def test_a_product_that_is_not_there_is_not_found(shop: PaperShop, path: str) -> None:
    shop.result = None
    assert await ask(shop, path) == (404, {"message": "Not found."})


async def test_a_list_is_an_object_that_ends_with_paging(shop: PaperShop) -> None:
    shop.result = connection(BOWLS, MUG)
    response = await shop.client().get("/v1/product?limit=50&page=2", headers=KEY)
    shown = body(response)
    assert list(shown) == ["0", "1", "paging"]
    assert (shown["0"]["id"], shown["1"]["id"]) == (1337, 7)
    assert shown["paging"] == {
        "previous": "http://shop.test/v1/product?limit=50&page=1",
        "next": "http://shop.test/v1/product?limit=50&page=3",
    }
    assert response.headers["X-Total-Count"] == "120"


async def test_an_empty_list_is_paging_alone(shop: PaperShop) -> None:
    shop.result = connection(more=False, total=0)
    assert await ask(shop, "") == (200, {"paging": {"previous": None, "next": None}})
    _, shown = await ask(shop, "?page=9")
    assert shown["paging"] == {"previous": f"{STORE}/v1/product?page=8", "next": None}


async def test_links_keep_all_but_the_key(shop: PaperShop) -> None:
    shop.result = connection(BOWLS)
    url = f"/v1/product?X-API-KEY={SHOPKIT_KEY}&status_alias=active&q=a+b"
    response = await shop.client().get(url)
    assert body(response)["paging"]["next"] == (
        "http://shop.test/v1/product?status_alias=active&q=a+b&page=2"
    )
    assert SHOPKIT_KEY not in response.text


@pytest.mark.parametrize(
    ("query", "first", "after"),
    [
        ("", 25, None),
        ("?page=1", 25, None),
        ("?page=3", 25, cursor_at_offset(50)),
        ("?limit=10&page=2", 10, cursor_at_offset(10)),
        ("?limit=51", 50, None),
    ],
)
async def test_pages(shop: PaperShop, query: str, first: int, after: str | None) -> None:
    shop.result = connection()
    await ask(shop, query)
    assert (shop.variables["first"], shop.variables["after"]) == (first, after)


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=x",
        "?limit=-1",
        "?page=0",
        "?page=x",
        "?page=1e3",
        "?id=x",
        "?id=-1",
        "?status=5",
        "?status=x",
        "?status=-1",
        "?status_alias=gone",
        "?status=1&status_alias=hidden",
        "?new=yes",
        "?category=kitchen",
        "?ids=1,x",
        "?reference=%00",
        "?handle=%00",
    ],
)
async def test_bad_parameters_are_bad_requests(shop: PaperShop, query: str) -> None:
    response = await shop.client().get(f"/v1/product{query}", headers=KEY)
    assert response.status_code == 400
    assert response.content == b'{"message":"Bad request."}'
    assert response.headers["Content-Length"] == "26"
    assert not shop.executed


async def test_a_not_found_is_as_long_as_documented(shop: PaperShop) -> None:
    shop.result = None
    response = await shop.client().get("/v1/product/7", headers=KEY)
    assert response.headers["Content-Length"] == "24"


SHOWN = {"status": ["DRAFT", "ACTIVE", "HIDDEN"]}
FOR_SALE = {"status": ["ACTIVE"], "inStock": True, "announced": False}
SOLD_OUT = {"status": ["ACTIVE"], "inStock": False, "announced": False}
HIDDEN = {"status": ["DRAFT", "HIDDEN"]}
CATEGORY_ID = global_id("Category", 15942)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", SHOWN),
        ("?status=0", SHOWN),
        ("?status_alias=all", SHOWN),
        ("?status=1", FOR_SALE),
        ("?status_alias=active&status=1", FOR_SALE),
        ("?status=2", HIDDEN),
        ("?status_alias=out_of_stock", SOLD_OUT),
        ("?status=1,3", {"or": [FOR_SALE, SOLD_OUT]}),
        ("?status_alias=active,hidden", {"or": [FOR_SALE, HIDDEN]}),
        ("?status=4", {"status": ["ACTIVE"], "announced": True}),
        ("?featured=true&new=false", SHOWN | {"featured": True, "shownAsNew": False}),
        (
            "?category=15942",
            SHOWN | {"categoryId": {"in": [CATEGORY_ID]}, "includeSubcategories": False},
        ),
        ("?ids=7,8", SHOWN | {"id": {"in": [global_id("Product", 7), global_id("Product", 8)]}}),
        ("?reference=bowl-001", SHOWN | {"sku": {"eq": "bowl-001"}}),
        ("?q=bowl", SHOWN),
    ],
)
async def test_filters(shop: PaperShop, query: str, where: dict[str, Any]) -> None:
    shop.result = connection()
    await ask(shop, query)
    assert shop.variables["where"] == where
    assert shop.variables["query"] == ("bowl" if "q=" in query else "")


@pytest.mark.parametrize(
    "short",
    [
        "This set of four rustic, pinch pots have been hand formed by me from textured, earthy",
        'This is a tree decal that is created to work with standard 24" wall shelves that you',
        "This stoneware planter/pot has been hand made by me from earthy textured, speckled clay",
    ],
)
def test_short_descriptions_end_where_the_samples_do(short: str) -> None:
    assert shortened(f"{short} and many more words") == f"{short}&#8230;"
    assert shortened(short[:60]) == short[:60]
    assert shortened(short) == short


def test_a_short_description_may_be_one_long_word() -> None:
    assert shortened("a" * 200) == "a" * 200
    assert shortened("a" * 200 + " b") == "a" * 200 + "&#8230;"
    assert shortened("") == ""
