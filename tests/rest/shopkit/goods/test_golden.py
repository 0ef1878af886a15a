"""The product of the documents, out of the database, field by field."""

from typing import Any

from sqlalchemy import update

from commerce.catalog.models import Product
from commerce.core.db import UnitOfWork
from commerce.inventory.models import StockLevel
from tests.rest.shopkit.goods.conftest import Shopkit
from tests.rest.shopkit.test_products import UNKNOWN, golden
from tests.rest.test_store import bowls
from tests.support.golden import differences
from tests.support.store import Store

HOST, THEIRS = "http://store.test", "https://parallax.shopk.it"
LINKS = ("url", "permalink", "add_cart_url")


def one_size(picture: Any) -> Any:
    """Pictures that are elsewhere are not made smaller."""
    return dict.fromkeys(picture, picture["full"])


def of_this_shop(product: Any, shown: Any) -> Any:
    """The sample with the ids, hosts and pictures of this shop; what refers to what stays."""
    ids = {"None": None}
    for theirs, ours in zip(product["option_groups"], shown["option_groups"], strict=True):
        for value, own in zip(theirs["options"], ours["options"], strict=True):
            ids[value["id"]] = value["id"] = own["id"]
    for option, own in zip(product["options"], shown["options"], strict=True):
        for name in ("id_variant_1", "id_variant_2", "id_variant_3"):
            known = ids[str(option[name])]
            option[name] = known and int(known)
        option |= {"id": own["id"], "image": one_size(option["image"])}
        option["url"] = f"{HOST}/product/{product['handle']}?option={own['id']}"
    for category, own in zip(product["categories"], shown["categories"], strict=True):
        category |= {"id": own["id"], "url": category["url"].replace(THEIRS, HOST)}
    links = {name: product[name].replace(THEIRS, HOST) for name in LINKS}
    images = {place: one_size(picture) for place, picture in product["images"].items()}
    return {**product, **links, "id": shown["id"], "image": one_size(product["image"])} | {
        "images": images
    }


async def test_the_product_of_the_documents(
    shopkit: Shopkit, store: Store, uow: UnitOfWork
) -> None:
    made = await bowls(store, golden())
    await uow.change(update(Product).values(one_per_order=True, stock_shown=True))
    await uow.change(update(StockLevel).values(low_stock_threshold=5))
    shown = await shopkit.get(f"/product/{made.id}")
    assert set(differences(shown, of_this_shop(golden(), shown))) == UNKNOWN
    listed = await shopkit.get("/product")
    assert listed["0"] == shown
    assert await shopkit.get(f"/product/{made.slug}") == shown
