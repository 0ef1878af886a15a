from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commerce.core.criteria import Direction, Range
from commerce.core.db import UnitOfWork
from commerce.core.paging import PageArgs
from commerce.core.viewer import SYSTEM
from commerce.search.criteria import ProductListing, ProductOrder, ProductWhere
from commerce.search.kinds import ProductOrderField
from tests.support.catalog import make_brand, make_product
from tests.support.search import ALL, Shop, lists_for, make_empty_shop, titles

SHIRT, JUMPER, MUG = "Linen Shirt", "Wool Jumper", "Ceramic Mug"
CARD, SUIT, SHELF, HAT = "Gift Card", "Bespoke Suit", "Étagère", "Draft Hat"


async def found(shop: Shop, words: str, where: ProductWhere = ProductWhere()) -> Sequence[str]:
    return await titles(shop.uow, ProductListing(where, words=words))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("shirt", [SHIRT]),
        ("SHIRTS", [SHIRT]),
        ("shi", [SHIRT]),
        ("linen shi", [SHIRT]),
        ("lin shirt", [SHIRT]),
        ("shirt linen", [SHIRT]),
        ("linen jumper", [SHIRT, JUMPER]),  # none has both words, so what looks alike
        ("weave", []),
        ("woven", [SHIRT]),  # in the description
        ("jumpers jump jumping", [JUMPER]),
        ("etagere", [SHELF]),
        ("ÉTAGÈRE", [SHELF]),
        ("north", [MUG, SHIRT]),  # the vendor
        ("winter", [JUMPER]),  # a tag
        ("acme", [SHIRT]),  # the brand
        ("acme linen", [SHIRT]),
        ("hidden", []),  # a brand that is not shown
        ("hat", []),
        ("shirt for the summer", [SHIRT]),
        ("the", []),
        ("sale -linen", [SHELF, JUMPER]),
        ("sale -linens", [SHELF, JUMPER]),
        ("-sale north", [MUG]),
        ('"linen shirt"', [SHIRT]),
        ('"shirt linen"', [SHIRT]),  # found nowhere, so what looks alike
        ('north -"ceramic mug"', [SHIRT]),
        ("wool or ceramic", [JUMPER, MUG]),
        ("ls-m", [SHIRT]),
        ("LS-M", [SHIRT]),
        ("4006381333931", [SHIRT]),
        ("et-old", []),  # archived
        ("dh", []),  # of a draft
        ("cermic", [MUG]),
        ("linnen shrit", [SHIRT]),
        ("bespok siut", [SUIT]),
        ("zetta", [JUMPER]),
        ("xyzzyx", []),
        ("sale -linen -wool -etagere", []),  # all excluded: nothing that looks alike either
        ("!!!", []),
        ("'", []),
        ("a & b | !c:*", []),
    ],
)
async def test_words_find(shop: Shop, words: str, expected: list[str]) -> None:
    assert sorted(await found(shop, words)) == sorted(expected)


@pytest.mark.parametrize("words", ["", "  ", "\t\n", "\0", "\ud800", " \0 "])
async def test_no_words_list_everything_newest_first(shop: Shop, words: str) -> None:
    assert await found(shop, words) == [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]
    best = (ProductOrder(ProductOrderField.RELEVANCE, Direction.DESC),)
    listing = ProductListing(order=best, words=words)
    assert await titles(shop.uow, listing) == [SHELF, SUIT, CARD, MUG, JUMPER, SHIRT]


async def test_readers_of_the_catalogue_find_what_is_not_on_sale(shop: Shop) -> None:
    assert await titles(shop.uow, ProductListing(words="hat"), viewer=SYSTEM) == [HAT]
    assert await titles(shop.uow, ProductListing(words="dh"), viewer=SYSTEM) == [HAT]


async def test_a_filter_leaves_out_what_words_find(shop: Shop) -> None:
    cheap = ProductWhere(price=Range(lt=Decimal(20)))
    assert await found(shop, "north", cheap) == [MUG]


async def test_words_found_elsewhere_are_not_misspelt(shop: Shop) -> None:
    """A filter that leaves nothing does not bring up what only looks alike."""
    await shop.add("Shorts")
    assert await found(shop, "shirt", ProductWhere(featured=False)) == []
    assert await found(shop, "shirts") == [SHIRT]


async def test_the_best_come_first(uow: UnitOfWork) -> None:
    shop = await make_empty_shop(uow)
    await shop.add("Storage box for a lamp")
    await shop.add("Ceiling", description_text="Light it with a lamp.")
    await shop.add("Lampshade")
    await shop.add("Desk lamp")
    await shop.add("Lamp")
    await shop.add("Lamp post")
    await shop.add("Shade", vendor="Lamp & Sons")
    await shop.add("Bulb", {"sku": "lamp"})
    ranked = await found(shop, "lamp")
    assert ranked[:3] == ["Bulb", "Lamp", "Lamp post"]
    assert ranked.index("Desk lamp") < ranked.index("Shade") < ranked.index("Ceiling")
    assert ranked.index("Storage box for a lamp") < ranked.index("Shade")
    assert ranked.index("Desk lamp") < ranked.index("Lampshade")
    assert ranked[-1] == "Ceiling"


async def test_what_looks_alike_most_comes_first(uow: UnitOfWork) -> None:
    shop = await make_empty_shop(uow)
    for title in ("Jacks", "Jacket", "Racket"):
        await shop.add(title)
    assert (await found(shop, "jakket"))[0] == "Jacket"


async def test_relevance_pages_like_any_order(uow: UnitOfWork) -> None:
    shop = await make_empty_shop(uow)
    for number in range(23):
        await shop.add(f"Lamp {number}", description_text="lamp " * (number % 5))
    await shop.add("Odd", {"sku": "lamp"})
    for words in ("lamp", "lampp"):
        whole = await found(shop, words)
        assert len(whole) >= 23
        assert await _walked(shop, words) == whole
        assert await _walked(shop, words, backwards=True) == whole


async def _walked(shop: Shop, words: str, *, backwards: bool = False) -> list[str]:
    lists, listing = lists_for(shop.uow), ProductListing(words=words)
    seen: list[str] = []
    position: Any = None
    while True:
        page = await lists.products(listing, PageArgs(5, position, backwards=backwards))
        rows = [row.title for row in page.rows]
        seen = rows + seen if backwards else seen + rows
        if not (page.has_previous if backwards else page.has_next):
            return seen
        edge = page.rows[0 if backwards else -1]
        position = tuple(edge[-page.key_count :])


async def test_a_renamed_brand_is_found_by_its_name_at_once(shop: Shop) -> None:
    service = lists_for(shop.uow)
    assert [row.title for row in (await service.products(BOLT, ALL)).rows] == []
    bolt = await make_brand(shop.uow, "Bolt")
    await make_product(shop.uow, "Torch", brand_id=bolt.id)
    assert [row.title for row in (await service.products(BOLT, ALL)).rows] == ["Torch"]


BOLT = ProductListing(words="bolt torch")

SIGNS = st.sampled_from([*"'\"\\!&|():*<->@%_$;?{}[]#~`.,/ \0\t", "or", "a", "é", "½", "ŉ"])
TEXTS = st.one_of(
    st.text(),
    st.lists(SIGNS, max_size=40).map("".join),
    st.lists(st.one_of(SIGNS, st.sampled_from(["linen", "'shirt'", "http://e.com/it's"])))
    .map("".join),
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300
)
@given(TEXTS)
@example("x" * 5000)
@example("'" * 300)
@example("\\")
@example("!(a")
@example('-"')
@example("http://a.b/c'd?e='f' -'g'")
@example("';drop table products;--")
@example("\ud800\udfff\0")
@example("ŉ" * 150)
async def test_any_text_has_an_answer(shop: Shop, words: str) -> None:
    lists, listing = lists_for(shop.uow), ProductListing(words=words)
    page = await lists.products(listing, PageArgs(2))
    count = await lists.product_count(listing, None)
    assert len(page.rows) == min(2, count.count)
    assert page.has_next == (count.count > 2)
