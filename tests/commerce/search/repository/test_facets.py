from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from commerce.core.criteria import Range, TagsAre, TextIs
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.search.criteria import (
    AttributeIs,
    CategoryIs,
    FacetWanted,
    OptionIs,
    ProductListing,
    ProductWhere,
)
from commerce.search.facets import Facet, FacetValue
from commerce.search.kinds import FacetKind
from commerce.search.repository.facets import FacetRepository
from tests.support.search import NOW, Shop, lists_for

EVERY_KIND = tuple(FacetWanted(kind) for kind in FacetKind)
CLOTHES = (CategoryIs(slug=TextIs(("clothes",))),)
RED, MEDIUM = OptionIs("Colour", ("RED",)), OptionIs("size", ("m",))
SOFT = AttributeIs("material", ("linen", "wool"))
HEAVY = AttributeIs("grams", range=Range(gte=Decimal(300)))


async def facets(
    shop: Shop,
    listing: ProductListing,
    *wanted: FacetWanted,
    viewer: Viewer = ANONYMOUS,
) -> list[Facet]:
    found: list[Facet] = await lists_for(shop.uow, viewer).facets(listing, wanted or EVERY_KIND)
    return found


def shown(facet: Facet) -> Sequence[tuple[str, int]]:
    return [(value.label, value.count) for value in facet.values]


async def test_the_whole_shop(shop: Shop) -> None:
    found = await facets(shop, ProductListing())
    assert [(facet.kind.value, facet.name, facet.label) for facet in found] == [
        ("category", "", "category"),
        ("brand", "", "brand"),
        ("price", "", "price"),
        ("availability", "", "availability"),
        ("option", "Colour", "Colour"),
        ("option", "Size", "Size"),
        ("attribute", "grams", "Weight"),
        ("attribute", "material", "Material"),
    ]
    category, brand, price, availability, colour, size, grams, material = found
    assert shown(category) == [("Clothes", 3), ("Shirts", 2), ("Below", 1), ("Jumpers", 1)]
    assert shown(brand) == [("Acme", 1), ("Zeta", 1)]
    assert [(v.low, v.high, v.count) for v in price.values] == [
        (amount, amount, 1) for amount in map(Decimal, (12, 30, 45, 80))
    ]
    assert shown(availability) == [("true", 5), ("false", 1)]
    assert shown(colour) == [("Red", 2), ("Blue", 1)]
    assert shown(size) == [("M", 2), ("S", 1)]
    assert shown(grams) == [("200", 1), ("300", 1), ("600", 1)]
    assert shown(material) == [("clay", 1), ("linen", 1), ("wood", 1), ("wool", 1)]


FILTERS = [
    ProductWhere(),
    ProductWhere(categories=CLOTHES),
    ProductWhere(categories=(CategoryIs(slug=TextIs(("shirts", "jumpers"))),)),
    ProductWhere(price=Range(gte=Decimal(20))),
    ProductWhere(in_stock=True),
    ProductWhere(in_stock=False),
    ProductWhere(options=(RED,)),
    ProductWhere(options=(RED, MEDIUM)),
    ProductWhere(attributes=(SOFT,)),
    ProductWhere(attributes=(SOFT, HEAVY)),
    ProductWhere(tags=(TagsAre(all_of=("sale",)),)),
    ProductWhere(none=ProductWhere(categories=CLOTHES), price=Range(lt=Decimal(100))),
    ProductWhere(some=(ProductWhere(price=Range(lt=Decimal(40))), ProductWhere(options=(RED,)))),
    ProductWhere(
        categories=CLOTHES,
        price=Range(gte=Decimal(30)),
        in_stock=True,
        options=(MEDIUM,),
        attributes=(SOFT,),
    ),
]


@pytest.mark.parametrize(
    ("words", "viewer", "filters"),
    [(None, ANONYMOUS, FILTERS), ("sale", ANONYMOUS, FILTERS[-4:]), ("norht", SYSTEM, FILTERS[:3])],
    ids=["storefront", "searching", "staff"],
)
async def test_a_value_leads_to_as_many_products_as_it_says(
    shop: Shop, words: str | None, viewer: Viewer, filters: list[ProductWhere]
) -> None:
    lists, seen = lists_for(shop.uow, viewer), 0
    for where in filters:
        listing = ProductListing(where, words=words)
        for facet in await facets(shop, listing, viewer=viewer):
            for value in facet.values:
                chosen = replace(listing, where=_choosing(where, facet, value))
                count = await lists.product_count(chosen, None)
                assert count.count == value.count, (where, facet, value)
                seen += 1
    assert seen > len(filters)


def _choosing(where: ProductWhere, facet: Facet, value: FacetValue) -> ProductWhere:
    """The filter with this value instead of the choices of its facet."""
    match facet.kind:
        case FacetKind.CATEGORY:
            return replace(where, categories=(CategoryIs((int(value.key),)),))
        case FacetKind.BRAND:
            return replace(where, brand_ids=(int(value.key),))
        case FacetKind.PRICE:
            return replace(where, price=Range(gte=value.low, lte=value.high))
        case FacetKind.AVAILABILITY:
            return replace(where, in_stock=value.key == "true")
        case FacetKind.OPTION:
            others = (o for o in where.options or () if o.name.lower() != facet.name.lower())
            return replace(where, options=(*others, OptionIs(facet.name, (value.key,))))
        case FacetKind.ATTRIBUTE:
            rest = (a for a in where.attributes or () if a.code != facet.name)
            return replace(where, attributes=(*rest, AttributeIs(facet.name, (value.key,))))


async def test_chosen_values_are_selected(shop: Shop) -> None:
    shirts = shop.categories["Shirts"].id
    where = ProductWhere(
        categories=(CategoryIs((shirts,)),),
        brand_ids=(shop.brands["Acme"].id,),
        in_stock=True,
        price=Range(lte=Decimal(50)),
        options=(OptionIs("SIZE", ("m",)),),
        attributes=(AttributeIs("material", ("linen",)),),
    )
    found = await facets(shop, ProductListing(where))
    selected = {
        f"{f.kind.value} {f.name}": [v.label for v in f.values if v.selected] for f in found
    }
    assert selected == {
        "category ": ["Shirts"],
        "brand ": ["Acme"],
        "price ": [""],
        "availability ": ["true"],
        "option Colour": [],
        "option Size": ["M"],
        "attribute grams": [],
        "attribute material": ["linen"],
    }


async def test_a_category_chosen_by_slug_is_selected(shop: Shop) -> None:
    where = ProductWhere(categories=CLOTHES)
    (found,) = await facets(shop, ProductListing(where), FacetWanted(FacetKind.CATEGORY))
    assert [value.label for value in found.values if value.selected] == ["Clothes"]


async def test_one_option_and_one_attribute_by_name(shop: Shop) -> None:
    size = FacetWanted(FacetKind.OPTION, "size")
    material = FacetWanted(FacetKind.ATTRIBUTE, "material", limit=2)
    found = await facets(shop, ProductListing(), material, size)
    assert [facet.name for facet in found] == ["material", "Size"]
    assert shown(found[0]) == [("clay", 1), ("linen", 1)]


async def test_what_has_no_values_is_empty_or_absent(shop: Shop) -> None:
    found = await facets(shop, ProductListing(words="xyzzyx"))
    assert [(facet.kind.value, facet.values) for facet in found] == [
        (kind, ()) for kind in ("category", "brand", "price", "availability")
    ]


async def test_attributes_that_are_not_filterable_are_no_facet(shop: Shop) -> None:
    assert await facets(shop, ProductListing(), FacetWanted(FacetKind.ATTRIBUTE, "note")) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
async def test_price_ranges_share_the_products_without_overlap(shop: Shop, limit: int) -> None:
    cheap = await make_more(shop)
    wanted = FacetWanted(FacetKind.PRICE, limit=limit)
    (found,) = await facets(shop, ProductListing(), wanted)
    assert 1 <= len(found.values) <= limit
    assert sum(value.count for value in found.values) == 4 + cheap
    bounds = [bound for value in found.values for bound in (value.low, value.high)]
    assert bounds == sorted(bounds)  # type: ignore[type-var]  # ranges have bounds
    starts = [value.low for value in found.values]
    assert len(set(starts)) == len(starts)
    assert all(a.high < b.low for a, b in zip(found.values, found.values[1:], strict=False))  # type: ignore[operator]  # ranges have bounds


async def make_more(shop: Shop) -> int:
    """Products of few prices, so that some are on the edge of a range; how many."""
    for number in range(9):
        await shop.add(f"Cheap {number}", {"sku": f"C{number}", "price": str(1 + number % 3)})
    return 9


async def test_prices_without_a_difference_are_one_range(shop: Shop) -> None:
    only = ProductListing(ProductWhere(title=TextIs(("Ceramic Mug",))))
    (found,) = await facets(shop, only, FacetWanted(FacetKind.PRICE, limit=7))
    assert [(value.low, value.high, value.count) for value in found.values] == [
        (Decimal(12), Decimal(12), 1)
    ]


async def test_an_empty_shop_has_no_values(shop: Shop) -> None:
    found = await facets(shop, ProductListing(ProductWhere(ids=())))
    assert all(facet.values == () for facet in found)


@pytest.mark.parametrize("wanted", [EVERY_KIND[:1], EVERY_KIND])
async def test_all_facets_take_one_statement(
    shop: Shop, statements: list[str], wanted: tuple[FacetWanted, ...]
) -> None:
    statements.clear()
    await facets(shop, ProductListing(words="north"), *wanted)
    assert len(statements) == 1


async def test_a_shop_without_prices_has_facets(shop: Shop) -> None:
    bare = ProductListing(currency="USD")
    (found,) = await facets(shop, bare, FacetWanted(FacetKind.PRICE))
    assert found.values == ()


async def test_options_count_variants_that_fit_the_other_options(shop: Shop) -> None:
    """A red M there is, and a red S; the blue one is only in M."""
    (size,) = await facets(
        shop, ProductListing(ProductWhere(options=(RED,))), FacetWanted(FacetKind.OPTION, "Size")
    )
    assert shown(size) == [("M", 1), ("S", 1)]


async def test_no_facet_counts_more_products_than_it_may(shop: Shop) -> None:
    """The bound holds for each facet by itself: what one leaves out takes no other's place."""
    where = ProductWhere(in_stock=True)
    repository = FacetRepository(shop.uow, ANONYMOUS, most=2)
    wanted = (FacetWanted(FacetKind.AVAILABILITY), FacetWanted(FacetKind.PRICE))
    rows = await repository.values(ProductListing(where), wanted, NOW)
    stock = {row.key: row.products for row in rows if row.number == 0}
    assert stock == {"true": 2, "false": 1}
    assert sum(row.products for row in rows if row.number == 1) <= 2
