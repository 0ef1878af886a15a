"""Options that are there and not sold."""

from tests.rest.shopkit.goods.conftest import Shopkit
from tests.support.store import Store


async def test_options_are_switched_off_and_on(shopkit: Shopkit, store: Store) -> None:
    mug = await store.sell("Mug", "10", 5, sku="mug-1")
    path = f"/product/{mug.id}"
    await shopkit.ask("POST", path + "/option_group", {"title": "Size", "options": ["S", "M"]}, 201)
    small, _ = await shopkit.get(path + "/option")
    assert (await shopkit.get(path))["status_alias"] == "active"
    off = await shopkit.ask("PUT", f"{path}/option/{small['id']}", {"active": "false"})
    assert (off["active"], off["stock"]) == (False, 5)
    shown = await shopkit.get(path)
    assert [option["active"] for option in shown["options"]] == [False, True]
    assert shown["status_alias"] == "out_of_stock"  # of the other there is none
    on = await shopkit.ask("PUT", f"{path}/option/{small['id']}", {"active": 1})
    assert on["active"] is True
    assert (await shopkit.get(path))["status_alias"] == "active"
