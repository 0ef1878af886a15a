"""What customs ask of products."""

from tests.rest.shopkit.goods.conftest import Shopkit
from tests.support.store import Store


async def test_where_it_was_made_and_what_customs_call_it(shopkit: Shopkit, store: Store) -> None:
    mug = await store.sell("Mug", "10", 5, sku="mug-1")
    path = f"/product/{mug.id}"
    blank = await shopkit.get(path)
    assert (blank["origin_country"], blank["harmonized_code"]) == (None, None)
    sent = {"origin_country": "prt", "harmonized_code": "6911.10.00"}
    shown = await shopkit.ask("PUT", path, sent)
    assert (shown["origin_country"], shown["harmonized_code"]) == ("PRT", "69111000")
    await shopkit.ask("POST", path + "/option_group", {"title": "Size", "options": ["S", "M"]}, 201)
    kept = await shopkit.ask("PUT", path, {"origin_country": "ES"})
    assert (kept["origin_country"], kept["harmonized_code"]) == ("ESP", "69111000")
    for bad in (
        {"origin_country": "ZZZ"},
        {"origin_country": "ZZ"},
        {"harmonized_code": "12"},
        {"harmonized_code": "12345x"},
    ):
        assert await shopkit.refused("PUT", path, bad) == 400
    gone = await shopkit.ask("PUT", path, {"origin_country": None, "harmonized_code": ""})
    assert (gone["origin_country"], gone["harmonized_code"]) == (None, None)
