from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commerce.catalog.kinds import ProductStatus, ProductType
from commerce.core.criteria import Range, TagsAre, TextIs
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer, ViewerKind
from commerce.search.criteria import AttributeIs, CategoryIs, OptionIs, ProductListing, ProductWhere
from tests.support.catalog import make_product
from tests.support.pricing import make_price, make_price_list
from tests.support.search import OPENED, Shop, titles

SHIRT, JUMPER, MUG = "Linen Shirt", "Wool Jumper", "Ceramic Mug"
CARD, SUIT, SHELF, HAT = "Gift Card", "Bespoke Suit", "Étagère", "Draft Hat"
ON_SALE = {SHIRT, JUMPER, MUG, CARD, SUIT, SHELF}

Filter = Callable[[Shop], ProductWhere]


async def found(shop: Shop, where: ProductWhere, viewer: Viewer = ANONYMOUS) -> set[str]:
    return set(await titles(shop.uow, ProductListing(where), viewer=viewer))


def in_category(*names: str, deep: bool = True) -> Filter:
    return lambda shop: ProductWhere(
        categories=(CategoryIs(tuple(shop.categories[name].id for name in names), deep=deep),)
    )


def category_slug(wanted: TextIs, *, deep: bool = True) -> ProductWhere:
    return ProductWhere(categories=(CategoryIs(slug=wanted, deep=deep),))


def text(**wanted: str) -> TextIs:
    return TextIs(**wanted)  # type: ignore[arg-type]  # texts alone


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (ProductWhere(), ON_SALE),
        (ProductWhere(slug=TextIs(("linen-shirt", "no-such"))), {SHIRT}),
        (ProductWhere(slug=TextIs(())), set()),
        (ProductWhere(slug=text(starts_with="LINEN")), {SHIRT}),
        (ProductWhere(title=TextIs((MUG,))), {MUG}),
        (ProductWhere(title=TextIs(("ceramic mug",))), set()),
        (ProductWhere(title=text(contains="ERAMIC m")), {MUG}),
        (ProductWhere(title=text(contains="tagere")), {SHELF}),
        (ProductWhere(title=text(starts_with="étag")), {SHELF}),
        (ProductWhere(title=text(starts_with="agere")), set()),
        (ProductWhere(title=text(contains="acme")), set()),
        (ProductWhere(title=text(contains="")), ON_SALE),
        (ProductWhere(title=text(contains="%")), set()),
        (ProductWhere(vendor=text(contains="0%")), {SUIT}),
        (ProductWhere(vendor=text(contains="\uff05")), {SUIT}),  # a wide percent sign
        (ProductWhere(vendor=text(contains="_")), set()),
        (ProductWhere(vendor=text(contains="\\")), set()),
        (ProductWhere(vendor=TextIs(("North",))), {SHIRT, MUG}),
        (ProductWhere(product_type=text(contains="shirt")), {SHIRT}),
        (ProductWhere(status=(ProductStatus.ACTIVE,)), ON_SALE),
        (ProductWhere(status=(ProductStatus.DRAFT,)), set()),
        (ProductWhere(status=()), set()),
        (ProductWhere(type=(ProductType.DIGITAL, ProductType.SERVICE)), {CARD}),
        (ProductWhere(tags=(TagsAre(all_of=("sale",)),)), {SHIRT, JUMPER}),
        (ProductWhere(tags=(TagsAre(all_of=("sale", "summer")),)), {SHIRT}),
        (ProductWhere(tags=(TagsAre(any_of=("winter", "summer")),)), {SHIRT, JUMPER}),
        (ProductWhere(tags=(TagsAre(any_of=()),)), set()),
        (ProductWhere(featured=True), {SHIRT}),
        (ProductWhere(featured=False), ON_SALE - {SHIRT}),
        (ProductWhere(shown_as_new=True), {CARD}),
        (ProductWhere(price_on_request=True), {SUIT}),
        (ProductWhere(sku=TextIs(("CM", "DH", "ET-OLD"))), {MUG}),
        (ProductWhere(sku=text(starts_with="ls-")), {SHIRT}),
        (ProductWhere(in_stock=True), {SHIRT, MUG, CARD, SUIT, SHELF}),
        (ProductWhere(in_stock=False), {JUMPER}),
        (ProductWhere(price=Range(gte=Decimal(30))), {SHIRT, JUMPER, SHELF}),
        (ProductWhere(price=Range(gt=Decimal(30))), {JUMPER, SHELF}),
        (ProductWhere(price=Range(gte=Decimal(31), lte=Decimal(40))), set()),
        (ProductWhere(price=Range(lt=Decimal(30))), {MUG}),
        (ProductWhere(price=Range(lte=Decimal(30))), {MUG, SHIRT}),
        (ProductWhere(attributes=(AttributeIs("material", ("wool", "linen")),)), {SHIRT, JUMPER}),
        (ProductWhere(attributes=(AttributeIs("grams", range=Range(gt=Decimal(200))),)),
         {JUMPER, MUG}),
        (ProductWhere(attributes=(AttributeIs("note"),)), {SHIRT}),
        (ProductWhere(attributes=(AttributeIs("material", ("wool",)), AttributeIs("note"))), set()),
        (ProductWhere(attributes=(AttributeIs("no-such", ("wool",)),)), set()),
        (ProductWhere(options=(OptionIs("SIZE", ("m",)),)), {SHIRT, JUMPER}),
        (ProductWhere(options=(OptionIs("Size", ("M",)), OptionIs("Colour", ("Red",)))), {JUMPER}),
        (ProductWhere(options=(OptionIs("Size", ()),)), set()),
        (ProductWhere(created_at=Range(gte=OPENED + timedelta(days=4))), {SUIT, SHELF}),
        (ProductWhere(updated_at=Range(lt=OPENED + timedelta(days=1))), {SHIRT}),
        (ProductWhere(published_at=Range(gt=OPENED, lte=OPENED + timedelta(days=3))),
         {JUMPER, MUG}),
        (category_slug(TextIs(("clothes",))), {SUIT, SHIRT, JUMPER}),
        (category_slug(TextIs(("clothes",)), deep=False), {SUIT}),
        (category_slug(text(starts_with="s")), {SUIT, SHIRT}),
    ],
)  # fmt: skip
async def test_a_filter_finds(shop: Shop, where: ProductWhere, expected: set[str]) -> None:
    assert await found(shop, where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (in_category("Clothes"), {SUIT, SHIRT, JUMPER}),
        (in_category("Clothes", deep=False), {SUIT}),
        (in_category("Jumpers", "Shirts"), {SUIT, SHIRT, JUMPER}),
        (in_category("Secret"), set()),
        (in_category("Below"), {MUG}),
        (in_category(), set()),
        (lambda shop: ProductWhere(brand_ids=(shop.brands["Acme"].id,)), {SHIRT}),
        (lambda shop: ProductWhere(brand_ids=(shop.brands["Hidden"].id,)), set()),
        (lambda shop: ProductWhere(collection_ids=(shop.collections["Summer"].id,)), {SHIRT, MUG}),
        (lambda shop: ProductWhere(collection_ids=(shop.collections["Closed"].id,)), set()),
        (lambda shop: ProductWhere(ids=(shop.products[MUG].id, shop.products[HAT].id)), {MUG}),
    ],
)
async def test_a_filter_by_id_finds_what_the_storefront_sees(
    shop: Shop, where: Filter, expected: set[str]
) -> None:
    assert await found(shop, where(shop)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (lambda _: ProductWhere(), ON_SALE | {HAT}),
        (lambda _: ProductWhere(status=(ProductStatus.DRAFT,)), {HAT}),
        (in_category("Clothes"), {SUIT, SHIRT, JUMPER, CARD, MUG}),
        (lambda shop: ProductWhere(brand_ids=(shop.brands["Hidden"].id,)), {MUG}),
        (lambda shop: ProductWhere(collection_ids=(shop.collections["Closed"].id,)), {MUG}),
        (lambda _: ProductWhere(price=Range(gt=Decimal(100))), {SUIT}),
    ],
)
async def test_readers_of_the_catalogue_find_what_is_not_shown(
    shop: Shop, where: Filter, expected: set[str]
) -> None:
    assert await found(shop, where(shop), SYSTEM) == expected


CHEAP = ProductWhere(price=Range(lt=Decimal(40)))
FEATURED = ProductWhere(featured=True)
TAGGED = ProductWhere(tags=(TagsAre(all_of=("sale",)),))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (ProductWhere(every=(CHEAP, TAGGED)), {SHIRT}),
        (ProductWhere(some=(CHEAP, TAGGED)), {MUG, SHIRT, JUMPER}),
        (ProductWhere(some=()), set()),
        (ProductWhere(every=()), ON_SALE),
        (ProductWhere(none=FEATURED), ON_SALE - {SHIRT}),
        (ProductWhere(none=ProductWhere()), set()),
        # What has no price is not cheap: NOT finds all that the filter does not.
        (ProductWhere(none=CHEAP), ON_SALE - {MUG, SHIRT}),
        (ProductWhere(none=ProductWhere(none=CHEAP)), {MUG, SHIRT}),
        (ProductWhere(vendor=TextIs(("North",)), none=FEATURED), {MUG}),
        (ProductWhere(some=(ProductWhere(every=(FEATURED, CHEAP)), ProductWhere(in_stock=False))),
         {SHIRT, JUMPER}),
        (ProductWhere(some=(category_slug(TextIs(("shirts",))), FEATURED)), {SUIT, SHIRT}),
    ],
)  # fmt: skip
async def test_filters_combine(shop: Shop, where: ProductWhere, expected: set[str]) -> None:
    assert await found(shop, where) == expected


async def test_prices_are_those_of_the_viewer(shop: Shop) -> None:
    friends = await make_price_list(shop.uow, "friends", customer_group_id=7)
    await make_price(shop.uow, friends, shop.variants["WJ-M"], "5")
    friend = Viewer(ViewerKind.API_KEY, 1, customer_group_id=7)
    cheapest = ProductWhere(price=Range(lte=Decimal(10)))
    assert await found(shop, cheapest) == set()
    assert await found(shop, cheapest, friend) == {JUMPER}


async def test_prices_are_compared_in_the_wanted_currency(shop: Shop) -> None:
    dollars = await make_price_list(shop.uow, "us", currency="USD")
    await make_price(shop.uow, dollars, shop.variants["CM"], "99")
    dear = ProductListing(ProductWhere(price=Range(gte=Decimal(99))), currency="USD")
    assert await titles(shop.uow, dear) == [MUG]


async def test_two_categories_must_both_hold(shop: Shop) -> None:
    shirts, clothes = shop.categories["Shirts"].id, shop.categories["Clothes"].id
    both = (CategoryIs((shirts,)), CategoryIs((clothes,), deep=False))
    assert await found(shop, ProductWhere(categories=both)) == {SUIT}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80
)
@given(
    title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    span=st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
@example(title="100%_\\", span=(3, 6))
async def test_a_title_contains_all_of_its_parts(
    uow: UnitOfWork, title: str, span: tuple[int, int]
) -> None:
    part = title[min(span) : max(span)]
    product = await make_product(uow, title, slug=token_hex(8))
    for wanted in (TextIs(contains=part), TextIs(starts_with=title), TextIs((title,))):
        where = ProductWhere(ids=(product.id,), title=wanted)
        assert await titles(uow, ProductListing(where)) == [title], wanted
