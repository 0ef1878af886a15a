from commerce.catalog.rules.products import new_product
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue, WantedVariant
from commerce.catalog.rules.whole import part_flaws, put_parts
from commerce.core.absent import ABSENT
from tests.support.trees import NOW, options, stored_product, tree, variants

SHIRT = stored_product({"Size": ["S", "M"]}, [("s", ["S"]), ("m", ["M"])], ["/a.jpg"])
LARGE = WantedVariant(options=[("Size", "L")], sku="l")
COLOUR = WantedOption("Colour", [WantedValue("Red")])


def test_every_product_has_a_variant_whatever_is_given() -> None:
    bare, chosen = new_product(NOW), new_product(NOW)
    assert put_parts(bare, ABSENT, (), ABSENT) == ((), [])
    assert variants(bare) == [(None, None, "")]
    put_parts(chosen, [COLOUR], ABSENT, ABSENT)
    assert variants(chosen) == [(None, None, "Red")]


def test_absent_parts_stay() -> None:
    edited = tree(SHIRT)
    assert put_parts(edited, ABSENT, ABSENT, ABSENT) == ((), [])
    assert put_parts(edited, ABSENT, (), ABSENT) == ((), [])
    assert variants(edited) == [(101, "s", "S"), (102, "m", "M")]


def test_given_parts_are_everything() -> None:
    edited = tree(SHIRT)
    nodes, problems = put_parts(edited, ABSENT, [LARGE], [WantedMedia("/b.jpg")])
    assert (list(nodes), problems) == (edited.variants, [])
    assert variants(edited) == [(None, "l", "L")]
    assert [node.url for node in edited.media] == ["/b.jpg"]


def test_parts_that_are_not_exhaustive_are_added() -> None:
    edited = tree(SHIRT)
    red = WantedVariant(options=[("Size", "L"), ("Colour", "Red")])
    nodes, problems = put_parts(edited, [COLOUR], [red], [WantedMedia("/b.jpg")], exhaustive=False)
    assert ([node.sku for node in nodes], problems) == ([None], [])
    assert options(edited) == {"Size": ["S", "M", "L"], "Colour": ["Red"]}
    assert variants(edited) == [(101, "s", "S/Red"), (102, "m", "M/Red"), (None, None, "L/Red")]
    assert [node.url for node in edited.media] == ["/b.jpg", "/a.jpg"]


def test_a_new_product_is_what_is_given_exhaustive_or_not() -> None:
    edited = new_product(NOW)
    sizes = WantedOption("Size", [WantedValue("S"), WantedValue("L")])
    put_parts(edited, [sizes], [LARGE], ABSENT, exhaustive=False)
    assert variants(edited) == [(None, "l", "L")]


def test_flaws_are_found_in_all_parts() -> None:
    flaws = part_flaws(
        [WantedOption("")], [LARGE, WantedVariant(weight_grams=-1)], [WantedMedia("data:x")]
    )
    assert [flaw.path for flaw in flaws] == [
        ("options", "0", "name"),
        ("variants", "1", "weight_grams"),
        ("media", "0", "url"),
    ]
    assert [flaw.path for flaw in part_flaws([WantedOption("Size")], ABSENT, ABSENT)] == [
        ("options", "0", "values")
    ]
