from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy, ProductType
from commerce.catalog.problems import CombinationTaken, SkuTaken
from commerce.catalog.rules.products import new_product
from commerce.catalog.rules.tree import ProductTree
from commerce.catalog.rules.variants import (
    MAX_VARIANTS,
    put_variants,
    replace_variants,
    variant_flaws,
)
from commerce.catalog.rules.wanted import WantedOption, WantedValue, WantedVariant
from commerce.core.problems import Invalid, NotFound
from tests.support.trees import NOW, options, stored_product, tree, variants, written

SHIRT = stored_product({"Size": ["S", "M"]}, [("s", ["S"]), ("m", ["M"])], ["/a.jpg", "/b.jpg"])
MUG = stored_product()


def row(size: str | None = None, **values: Any) -> WantedVariant:
    if size is not None:
        values["options"] = [("Size", size)]
    return WantedVariant(**values)


def put(edited: ProductTree, *rows: WantedVariant) -> list[Any]:
    return put_variants(edited, rows)[1]


def replace(edited: ProductTree, *rows: WantedVariant, **more: Any) -> list[Any]:
    return replace_variants(edited, rows, **more)[1]


@pytest.mark.parametrize(
    ("wanted", "after"),
    [
        (row(id=102, sku="x"), [(101, "s", "S"), (102, "x", "M")]),
        (row(sku="m", barcode="1"), [(101, "s", "S"), (102, "m", "M")]),
        (row("M", sku="x"), [(101, "s", "S"), (102, "x", "M")]),
        (row("L", sku="x"), [(101, "s", "S"), (102, "m", "M"), (None, "x", "L")]),
        (row("L", sku="m"), [(101, "s", "S"), (102, "m", "L")]),
        (row("M", id=102, sku=None), [(101, "s", "S"), (102, None, "M")]),
        (row(" M ", sku="  "), [(101, "s", "S"), (102, None, "M")]),
    ],
    ids=["by id", "by sku", "by combination", "new", "sku first", "no sku", "trimmed"],
)
def test_a_row_means_a_variant_by_id_sku_or_combination(wanted: WantedVariant, after: Any) -> None:
    edited = tree(SHIRT)
    assert put(edited, wanted) == []
    assert variants(edited) == after


def test_only_given_columns_are_written() -> None:
    edited = tree(SHIRT)
    assert put(edited, row(sku="m", weight_grams=250, backorder=BackorderPolicy.ALLOW)) == []
    (changed,) = written(SHIRT, edited).variants.changed
    assert (changed["weight_grams"], changed["backorder"]) == (250, BackorderPolicy.ALLOW)
    assert (changed["sku"], changed["tax_code"], changed["title"]) == ("m", "", "M")


def test_skus_and_combinations_can_be_exchanged() -> None:
    edited = tree(SHIRT)
    assert put(edited, row("M", sku="s"), row("S", sku="m")) == []
    assert variants(edited) == [(101, "s", "M"), (102, "m", "S")]
    assert written(SHIRT, edited).released == [101, 102]


def test_new_values_are_added_once_however_many_rows_name_them() -> None:
    edited = tree(stored_product({"Size": ["S"], "Colour": ["Red"]}, [(None, ["S", "Red"])]))
    rows = [WantedVariant(options=[("Size", size), ("Colour", "Blue")]) for size in ("S", "M", "L")]
    assert put(edited, *rows) == []
    assert options(edited) == {"Size": ["S", "M", "L"], "Colour": ["Red", "Blue"]}


def test_the_only_variant_of_a_product_without_options_is_meant_by_any_row() -> None:
    edited = tree(MUG)
    assert put(edited, row(sku="mug")) == []
    assert variants(edited) == [(101, "mug", "")]
    assert put(edited, row(sku="other"), row(sku="third")) == [
        CombinationTaken("Another variant has these options.", ("variants", "1", "option_values"))
    ]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (
            [row(id=999)],
            NotFound(
                "The product has no such variant, or it is named twice.", ("variants", "0", "id")
            ),
        ),
        (
            [row(id=101), row(id=101)],
            NotFound(
                "The product has no such variant, or it is named twice.", ("variants", "1", "id")
            ),
        ),
        (
            [row("M", id=101)],
            CombinationTaken(
                "Another variant has these options.", ("variants", "0", "option_values")
            ),
        ),
        (
            [row("L"), row("L")],
            CombinationTaken(
                "Another variant has these options.", ("variants", "1", "option_values")
            ),
        ),
        (
            [row("L", sku="x"), row("XL", sku="x")],
            SkuTaken("Another variant has the sku x.", ("variants", "1", "sku")),
        ),
        (
            [row(id=101, sku="m")],
            SkuTaken("Another variant has the sku m.", ("variants", "0", "sku")),
        ),
        (
            [row(sku="new")],
            Invalid("Say which Size it is.", ("variants", "0", "option_values")),
        ),
        (
            [row(id=101, options=[("Colour", "Red")])],
            NotFound("The product has no option Colour.", ("variants", "0", "option_values")),
        ),
        (
            [row("S", media_id=999)],
            NotFound("The product has no such picture.", ("variants", "0", "media_id")),
        ),
    ],
)
def test_rows_that_cannot_be_say_why(rows: list[WantedVariant], problem: Any) -> None:
    assert put(tree(SHIRT), *rows) == [problem]


def test_a_picture_is_found_by_id_or_address_and_joins_the_gallery_otherwise() -> None:
    edited = tree(SHIRT)
    assert put(edited, row("S", media_id=202), row("M", media_url="/new.jpg")) == []
    writes = written(SHIRT, edited)
    assert [item["url"] for item in writes.media.added] == ["/new.jpg"]
    assert [item["media_id"] for item in writes.variants.changed] == [202, 9001]
    assert put(edited, row("S", media_id=None), row("M", media_url="/a.jpg")) == []
    assert [None if node.media is None else node.media.id for node in edited.variants] == [
        None,
        201,
    ]


def test_all_variants_are_replaced_in_the_given_order() -> None:
    edited = tree(SHIRT)
    assert replace(edited, row("L", sku="l"), row("S", sku="s")) == []
    assert variants(edited) == [(None, "l", "L"), (101, "s", "S")]
    assert options(edited) == {"Size": ["L", "S"]}
    writes = written(SHIRT, edited)
    assert [(item["id"], item["archived_at"] is not None) for item in writes.variants.changed] == [
        (101, False),
        (102, True),
    ]


def test_replacing_with_the_same_changes_nothing() -> None:
    edited = tree(SHIRT)
    assert replace(edited, row("S", sku="s"), row("M", sku="m")) == []
    writes = written(SHIRT, edited)
    assert (writes.product_ids, writes.choices, len(writes.variants)) == (set(), [], 0)


def test_options_are_what_the_rows_name_in_the_order_they_do() -> None:
    edited = new_product(NOW)
    rows = [
        WantedVariant(options=[("Size", size), ("Colour", colour)])
        for colour in ("Red", "Blue")
        for size in ("S", "M")
    ]
    assert replace(edited, *rows) == []
    assert options(edited) == {"Size": ["S", "M"], "Colour": ["Red", "Blue"]}


def test_given_options_say_the_order_and_rows_may_add_values() -> None:
    edited = tree(SHIRT)
    sizes = WantedOption("Size", [WantedValue("XL"), WantedValue("M")])
    assert replace(edited, row("S"), row("M"), options=[sizes]) == []
    assert options(edited) == {"Size": ["XL", "M", "S"]}
    assert [value.id for value in edited.groups[0].values] == [None, 12, 11]


def test_rows_found_by_sku_keep_their_combination_and_the_options() -> None:
    edited = tree(SHIRT)
    assert replace(edited, row(sku="m"), row(sku="s")) == []
    assert variants(edited) == [(102, "m", "M"), (101, "s", "S")]
    assert options(edited) == {"Size": ["S", "M"]}


def test_a_variant_that_is_not_told_what_it_is_in_a_new_option_gets_the_first_value() -> None:
    edited = tree(SHIRT)
    both = [
        WantedOption("Size", [WantedValue("S"), WantedValue("M")]),
        WantedOption("Colour", [WantedValue("Red"), WantedValue("Blue")]),
    ]
    assert replace(edited, row(id=101), row(id=102), options=both) == []
    assert variants(edited) == [(101, "s", "S/Red"), (102, "m", "M/Red")]


def test_a_product_can_lose_its_options() -> None:
    edited = tree(SHIRT)
    assert replace(edited, WantedVariant(options=(), sku="s")) == []
    assert (variants(edited), options(edited)) == ([(101, "s", "")], {})


def test_options_of_another_product_are_not_found_when_all_is_replaced() -> None:
    stranger = WantedOption("Size", [WantedValue("S")], 999)
    problems = replace(tree(SHIRT), row("S"), options=[stranger])
    assert [problem.path for problem in problems] == [("options", "0", "id")]


def test_what_is_not_physical_is_not_sent_unless_said() -> None:
    edited = new_product(NOW)
    edited.columns["type"] = ProductType.DIGITAL
    replace(edited, row("PDF"), row("Print", requires_shipping=True))
    assert [node.columns["requires_shipping"] for node in edited.variants] == [False, True]


def test_a_product_has_a_great_many_variants_but_not_more() -> None:
    rows = [
        WantedVariant(options=[("Size", str(n % 64)), ("Colour", str(n // 64))])
        for n in range(MAX_VARIANTS + 1)
    ]
    assert replace(new_product(NOW), *rows[:MAX_VARIANTS]) == []
    problems = replace(new_product(NOW), *rows)
    assert [problem.path for problem in problems] == [("variants",)]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"sku": "x" * 256}, ("sku",)),
        ({"sku": "a\x00"}, ("sku",)),
        ({"barcode": "\ud800"}, ("barcode",)),
        ({"weight_grams": -1}, ("weight_grams",)),
        ({"weight_grams": 2**31}, ("weight_grams",)),
        ({"length_mm": -1}, ("length_mm",)),
        ({"weight_unit": "stone"}, ("weight_unit",)),
        ({"media_url": "javascript:alert(1)"}, ("media_url",)),
        ({"options": [("Size", "S"), ("Size ", "M")]}, ("option_values",)),
        ({"options": [("", "S")]}, ("option_values",)),
        ({"options": [("Size", " ")]}, ("option_values",)),
    ],
)
def test_flaws_of_a_row_are_seen_without_the_product(
    values: dict[str, Any], path: tuple[str, ...]
) -> None:
    assert [flaw.path for flaw in variant_flaws(WantedVariant(**values))] == [path]


def test_a_row_without_flaws_has_none() -> None:
    good = WantedVariant(sku="a", length_mm=None, weight_grams=0, weight_unit="lb", media_url="/x")
    assert variant_flaws(good) == []
