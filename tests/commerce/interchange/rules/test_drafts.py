from decimal import Decimal

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.rules.claims import Claims
from commerce.interchange.rules.drafts import (
    Draft,
    Surroundings,
    drafts_of,
    good,
    match,
    plan,
    refer,
)
from commerce.interchange.rules.references import KINDS, Names, Thing
from commerce.interchange.rules.sets import ProductSet, VariantSet
from commerce.interchange.rules.terms import Terms
from tests.support.trees import NOW, archived_product, stored_product

SHIRT = stored_product(slug="shirt", variants=[("a", ())])


def paths(drafts: list[Draft]) -> list[list[tuple[str, ...]]]:
    return [[problem.path for problem in draft.problems] for draft in drafts]


def around(**skus: int) -> Surroundings:
    names = {kind: Names(noun) for kind, noun in KINDS.items()}
    names["categories"].add([Thing(7, "hats", "Hats")])
    return Surroundings(Claims({"shirt": 1}, skus), names, set(), set(), Terms(currency="EUR"), NOW)


def test_flaws_and_repetitions_are_seen_without_data() -> None:
    drafts = drafts_of(
        [
            ProductSet(slug="a", title="A"),
            ProductSet(title="No key"),
            ProductSet(slug="a", title="Again"),
            ProductSet(slug="Not a slug", title=""),
            ProductSet(slug="b", variants=[VariantSet(weight_grams=-1)]),
        ]
    )
    assert paths(drafts) == [
        [],
        [("slug",)],
        [("slug",)],
        [("title",), ("slug",)],
        [("variants", "0", "weight_grams")],
    ]
    assert [draft.index for draft in good(drafts)] == [0]


def test_rows_mean_products_by_id_or_slug() -> None:
    other = stored_product(id_=2, slug="other")
    drafts = drafts_of(
        [
            ProductSet(slug="shirt"),
            ProductSet(id=2, slug="renamed"),
            ProductSet(id=9),
            ProductSet(slug="new", title="New"),
            ProductSet(slug="nameless"),
            ProductSet(id=1),
        ]
    )
    match(drafts, [SHIRT, other])
    assert [draft.stored.id if draft.stored else None for draft in drafts] == [
        1,
        2,
        None,
        None,
        None,
        1,
    ]
    assert paths(drafts) == [[], [], [("id",)], [], [("title",)], [("id",)]]


def test_a_row_becomes_a_product_to_be() -> None:
    (draft,) = drafts_of(
        [ProductSet(slug="shirt", title=" Blouse ", variants=[VariantSet(sku="b")])]
    )
    draft.stored = SHIRT
    plan(draft, around())
    assert draft.problems == []
    assert draft.tree is not None
    assert (draft.tree.columns["title"], [node.id for node in draft.nodes]) == ("Blouse", [101])


def test_everything_the_surroundings_refuse_is_said() -> None:
    row = ProductSet(
        slug="shirt",
        variants=[VariantSet(sku="taken", price=Decimal(-1))],
        brand="Acme",
        categories=["Hats", "Socks"],
    )
    (draft,) = drafts_of([row])
    draft.stored = SHIRT
    plan(draft, around(taken=5))
    assert paths([draft]) == [
        [
            ("variants", "0", "sku"),
            ("brand",),
            ("categories", "1"),
            ("variants", "0", "price"),
        ]
    ]


def test_a_row_that_failed_leaves_its_names_to_the_next() -> None:
    bad, fine = drafts_of(
        [
            ProductSet(slug="one", title="One", brand="Nobody", variants=[VariantSet(sku="x")]),
            ProductSet(slug="two", title="Two", variants=[VariantSet(sku="x")]),
        ]
    )
    met = around()
    plan(bad, met)
    plan(fine, met)
    assert paths([bad, fine]) == [[("brand",)], []]


def test_prices_of_an_archived_product_are_left_alone() -> None:
    row = VariantSet(sku="a", price=Decimal(1))
    (draft,) = drafts_of([ProductSet(slug="shirt", variants=[row])])
    draft.stored = archived_product(slug="shirt", variants=[("a", ())])
    plan(draft, around())
    assert draft.sold == []
    (back,) = drafts_of([ProductSet(slug="shirt", variants=[row], status=ProductStatus.ACTIVE)])
    back.stored = draft.stored
    plan(back, around())
    assert len(back.sold) == 1


def test_references_replace_or_join_those_there_are() -> None:
    names = around().names
    for exhaustive, expected in ((True, {7}), (False, {3, 7})):
        row = ProductSet(slug="shirt", categories=["Hats"], exhaustive=exhaustive)
        (draft,) = drafts_of([row])
        draft.stored = stored_product(slug="shirt")
        draft.stored.category_ids = frozenset({3})
        plan(draft, around())
        refer(draft, names)
        assert draft.tree is not None
        assert draft.tree.category_ids == expected
        assert draft.tree.columns["brand_id"] is None
