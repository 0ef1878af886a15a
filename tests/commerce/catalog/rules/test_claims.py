from commerce.catalog.kinds import ProductStatus
from commerce.catalog.problems import SkuTaken, SlugTaken
from commerce.catalog.rules.claims import Claims
from commerce.catalog.rules.products import new_product, put_product
from commerce.catalog.rules.variants import put_variants
from commerce.catalog.rules.wanted import WantedVariant
from tests.support.trees import NOW, archived_product, stored_product, tree

ONE = stored_product(variants=[("a", ())])
TWO = stored_product(variants=[("b", ())], id_=2)


def claims() -> Claims:
    return Claims({"product-1": 1, "product-2": 2}, {"a": 1, "b": 2})


def test_a_product_has_its_own_names() -> None:
    assert list(claims().problems(tree(ONE), ())) == []


def test_names_of_others_are_said_of_the_row() -> None:
    edited = tree(ONE)
    edited.columns["slug"] = "product-2"
    nodes, _ = put_variants(edited, [WantedVariant(sku="b")])
    assert list(claims().problems(edited, nodes)) == [
        SlugTaken("Another product has this slug.", ("slug",)),
        SkuTaken("Another product has the sku b.", ("variants", "0", "sku")),
    ]


def test_a_sku_that_one_gives_up_the_next_may_have_and_not_the_other_way_round() -> None:
    first, second = tree(ONE), tree(TWO)
    put_variants(first, [WantedVariant(sku=None)])
    nodes, _ = put_variants(second, [WantedVariant(sku="a")])
    held = claims()
    assert [problem.code for problem in held.problems(second, nodes)] == ["SKU_TAKEN"]
    held.let_in(ONE, first)
    assert list(held.problems(second, nodes)) == []


def test_two_new_products_cannot_have_one_name() -> None:
    held = Claims({}, {})
    for expected in ([], ["SLUG_TAKEN"]):
        edited = new_product(NOW)
        edited.columns["slug"] = "shirt"
        assert [problem.code for problem in held.problems(edited, ())] == expected
        held.let_in(None, edited)


def test_a_former_slug_stays_taken_until_all_is_written() -> None:
    held, edited, other = claims(), tree(ONE), tree(TWO)
    edited.columns["slug"] = "elsewhere"
    held.let_in(ONE, edited)
    other.columns["slug"] = "product-1"
    assert [problem.code for problem in held.problems(other, ())] == ["SLUG_TAKEN"]


def test_an_archived_product_claims_no_sku_until_it_comes_back() -> None:
    edited = tree(archived_product(variants=[("b", ())]))
    assert list(claims().problems(edited, ())) == []
    put_product(edited, {"status": ProductStatus.ACTIVE})
    assert list(claims().problems(edited, ())) == [
        SkuTaken("Another product has the sku b.", ("status",))
    ]
    leaving = tree(ONE)
    put_product(leaving, {"status": ProductStatus.ARCHIVED})
    held = claims()
    held.let_in(ONE, leaving)
    nodes, _ = put_variants(edited, [WantedVariant(sku="a")])
    assert list(held.problems(edited, nodes)) == []
