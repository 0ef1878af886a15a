from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.criteria import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_WORDS,
    Direction,
    Range,
    TagsAre,
    TextIs,
    check_where,
    clean_words,
)
from commerce.core.problems import BadInputError
from commerce.search.criteria import (
    AttributeIs,
    CategoryIs,
    FacetWanted,
    OptionIs,
    ProductListing,
    ProductOrder,
    ProductWhere,
    VariantListing,
    VariantOrder,
    VariantWhere,
)
from commerce.search.kinds import FacetKind, ProductOrderField, VariantOrderField
from commerce.search.rules import (
    Choice,
    categories_in,
    check_facets,
    choices_of,
    only_category,
    product_order,
    variant_order,
    with_branches,
)

FEATURED = ProductWhere(featured=True)
ONE, TWO = CategoryIs((1,)), CategoryIs(slug=TextIs(("two",)))


def nested(levels: int) -> ProductWhere:
    where = FEATURED
    for _ in range(levels - 1):
        where = ProductWhere(none=where)
    return where


@pytest.mark.parametrize(
    "where",
    [
        ProductWhere(),
        VariantWhere(),
        nested(MAX_DEPTH),
        ProductWhere(every=(FEATURED,) * (MAX_CONDITIONS - 1)),
        ProductWhere(ids=tuple(range(250))),
        ProductWhere(title=TextIs(contains="x" * 1000)),
        ProductWhere(price=Range(gte=Decimal("1e30"), lt=Decimal("1e-30"))),
        ProductWhere(price=Range(gte=Decimal("0e99"))),
    ],
)
def test_honest_filters_pass(where: ProductWhere | VariantWhere) -> None:
    check_where(where)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (nested(MAX_DEPTH + 1), "levels deep"),
        (ProductWhere(some=(ProductWhere(every=(nested(MAX_DEPTH - 1),)),)), "levels deep"),
        (ProductWhere(every=(FEATURED,) * MAX_CONDITIONS), "conditions"),
        (ProductWhere(some=(ProductWhere(every=(FEATURED,) * MAX_CONDITIONS),)), "conditions"),
        (ProductWhere(ids=tuple(range(251))), "values"),
        (ProductWhere(title=TextIs(("x",) * 251)), "values"),
        (ProductWhere(title=TextIs(contains="x" * 1001)), "characters"),
        (ProductWhere(title=TextIs(("a\0b",))), "characters that"),
        (ProductWhere(tags=(TagsAre(any_of=("\ud800",)),)), "characters that"),
        (ProductWhere(attributes=(AttributeIs("\0"),)), "characters that"),
        (ProductWhere(none=ProductWhere(vendor=TextIs(starts_with="\0"))), "characters that"),
        (ProductWhere(price=Range(gte=Decimal("1e31"))), "out of range"),
        (ProductWhere(price=Range(lt=Decimal("1e-999999"))), "out of range"),
        (VariantWhere(price=Range(lt=Decimal("-1e99"))), "out of range"),
    ],
)
def test_filters_no_database_should_see_are_refused(
    where: ProductWhere | VariantWhere, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        check_where(where)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("linen shirt", "linen shirt"),
        ("  linen \n\t shirt ", "linen shirt"),
        ("", ""),
        (" \0 ", ""),
        ("a\0b", "ab"),
        ("\ud800x\udfff", "x"),
        ("x" * 500, "x" * MAX_WORDS),
        ("x" * (MAX_WORDS - 1) + " yz", "x" * (MAX_WORDS - 1)),
        ("𝒳é", "𝒳é"),
    ],
)
def test_words_become_one_clean_line(text: str, words: str) -> None:
    assert clean_words(text) == words


BEST = ProductOrder(ProductOrderField.RELEVANCE, Direction.DESC)
TITLE = ProductOrder(ProductOrderField.TITLE)
NEWEST = ProductOrder(ProductOrderField.CREATED_AT, Direction.DESC)
PLACE = ProductOrder(ProductOrderField.CATEGORY_POSITION)


@pytest.mark.parametrize(
    ("listing", "order"),
    [
        (ProductListing(), (NEWEST,)),
        (ProductListing(order=(TITLE,)), (TITLE,)),
        (ProductListing(words="lamp"), (BEST,)),
        (ProductListing(words="lamp", order=(TITLE, BEST)), (TITLE, BEST)),
        (ProductListing(words=""), (NEWEST,)),
        (ProductListing(words="", order=(BEST,)), (NEWEST,)),
        (ProductListing(words="", order=(BEST, TITLE)), (TITLE,)),
        (ProductListing(ProductWhere(categories=(ONE,)), (PLACE,)), (PLACE,)),
    ],
)
def test_the_order_that_applies(listing: ProductListing, order: tuple[ProductOrder, ...]) -> None:
    assert product_order(listing) == order


@pytest.mark.parametrize(
    "listing",
    [
        ProductListing(order=(BEST,)),
        ProductListing(order=(PLACE,)),
        ProductListing(ProductWhere(some=(ProductWhere(categories=(ONE,)),)), (PLACE,)),
        ProductListing(order=(TITLE,) * 5),
    ],
)
def test_an_order_without_meaning_is_refused(listing: ProductListing) -> None:
    with pytest.raises(BadInputError):
        product_order(listing)


def test_variants_are_listed_newest_first() -> None:
    newest = VariantOrder(VariantOrderField.CREATED_AT, Direction.DESC)
    assert variant_order(VariantListing()) == (newest,)
    by_sku = (VariantOrder(VariantOrderField.SKU),)
    assert variant_order(VariantListing(order=by_sku)) == by_sku


LOOKED_UP = CategoryIs((7,), TextIs(("two",)), branch=(7, 8))


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        (None, None),
        ((ONE,), ONE),
        ((TWO,), TWO),
        ((CategoryIs((1, 2)), TWO), TWO),
        ((CategoryIs((1, 2)),), None),
        ((CategoryIs(()),), None),
        ((CategoryIs(slug=TextIs(starts_with="t")),), None),
        ((LOOKED_UP,), LOOKED_UP),
    ],
)
def test_the_only_category(categories: Any, expected: CategoryIs | None) -> None:
    assert only_category(ProductWhere(categories=categories)) == expected


def test_categories_are_found_and_replaced_on_every_level() -> None:
    where = ProductWhere(
        categories=(ONE,),
        every=(ProductWhere(categories=(TWO,)), FEATURED),
        some=(FEATURED,),
        none=ProductWhere(none=ProductWhere(categories=(ONE,))),
    )
    assert categories_in(where) == {ONE, TWO}
    first, second = CategoryIs((1,), branch=(1, 5)), CategoryIs((2,), branch=(2,))
    assert with_branches(where, {ONE: first, TWO: second}) == ProductWhere(
        categories=(first,),
        every=(ProductWhere(categories=(second,)), FEATURED),
        some=(FEATURED,),
        none=ProductWhere(none=ProductWhere(categories=(first,))),
    )


RED, MEDIUM, LARGE = (
    OptionIs(*of) for of in (("Colour", ("red",)), ("size", ("m",)), ("SIZE", ("l",)))
)
WOOL, HEAVY = AttributeIs("material", ("wool",)), AttributeIs("grams")
FIXED = ProductWhere(in_stock=False, options=(RED,))


def but_not(where: ProductWhere, **own: Any) -> ProductWhere:
    return replace(where, every=(*(where.every or ()), ProductWhere(none=ProductWhere(**own))))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (FEATURED, []),
        (ProductWhere(every=(FIXED,), some=(FIXED,), none=FIXED), []),
        (
            ProductWhere(featured=True, brand_ids=(1,), price=Range(gte=Decimal(1))),
            [
                (FacetKind.BRAND, "", but_not(
                    ProductWhere(featured=True, price=Range(gte=Decimal(1))), brand_ids=(1,))),
                (FacetKind.PRICE, "", but_not(
                    ProductWhere(featured=True, brand_ids=(1,)), price=Range(gte=Decimal(1)))),
            ],
        ),
        (
            ProductWhere(categories=(ONE,), in_stock=False, every=(FEATURED,)),
            [
                (FacetKind.CATEGORY, "", but_not(
                    ProductWhere(in_stock=False, every=(FEATURED,)), categories=(ONE,))),
                (FacetKind.AVAILABILITY, "", but_not(
                    ProductWhere(categories=(ONE,), every=(FEATURED,)), in_stock=False)),
            ],
        ),
        (
            ProductWhere(options=(RED, MEDIUM, LARGE)),
            [
                (FacetKind.OPTION, "colour", but_not(
                    ProductWhere(options=(MEDIUM, LARGE)), options=(RED, MEDIUM, LARGE))),
                (FacetKind.OPTION, "size", but_not(
                    ProductWhere(options=(RED,)), options=(RED, MEDIUM, LARGE))),
            ],
        ),
        (
            ProductWhere(attributes=(WOOL, HEAVY)),
            [
                (FacetKind.ATTRIBUTE, "material", but_not(
                    ProductWhere(attributes=(HEAVY,)), attributes=(WOOL,))),
                (FacetKind.ATTRIBUTE, "grams", but_not(
                    ProductWhere(attributes=(WOOL,)), attributes=(HEAVY,))),
            ],
        ),
    ],
)  # fmt: skip
def test_each_choice_knows_whom_it_alone_leaves_out(where: ProductWhere, expected: Any) -> None:
    assert choices_of(where) == [Choice(*each) for each in expected]


@pytest.mark.parametrize(
    "facets",
    [
        (),
        (FacetWanted(FacetKind.BRAND),) * 13,
        (FacetWanted(FacetKind.BRAND, limit=0),),
        (FacetWanted(FacetKind.BRAND, limit=101),),
        (FacetWanted(FacetKind.OPTION, "\0"),),
        (FacetWanted(FacetKind.OPTION, "x" * 1001),),
    ],
)
def test_facets_without_meaning_are_refused(facets: tuple[FacetWanted, ...]) -> None:
    with pytest.raises(BadInputError):
        check_facets(facets)
