from datetime import timedelta

import pytest

from commerce.catalog.kinds import DeletedKind, ProductStatus
from commerce.catalog.rules.difference import difference
from commerce.catalog.rules.products import new_product, put_product
from commerce.catalog.rules.tree import id_of
from commerce.catalog.rules.variants import put_variants, replace_variants
from commerce.catalog.rules.wanted import WantedVariant
from tests.support.trees import (
    BEFORE,
    NOW,
    archived_product,
    stored_product,
    tree,
    variants,
    written,
)

GRID = stored_product(
    {"Size": ["S", "M"], "Colour": ["Red"]},
    [("s", ["S", "Red"]), ("m", ["M", "Red"])],
    ["/a.jpg"],
)


def test_a_tree_that_nobody_edited_writes_nothing() -> None:
    writes = written(GRID, tree(GRID))
    assert writes.product_ids == set()
    tables = (writes.products, writes.groups, writes.values, writes.media, writes.variants)
    assert [len(table) for table in tables] == [0] * 5
    assert (writes.choices, writes.moves, writes.released) == ([], [], [])
    assert not any(writes.tombstones.values())


def test_a_new_product_is_written_with_all_its_parts() -> None:
    edited = new_product(NOW)
    put_product(edited, {"slug": "shirt", "title": "Shirt"})
    edited.category_ids = frozenset({5, 4})
    replace_variants(edited, [WantedVariant(options=[("Size", "S")], media_url="/a.jpg")])
    writes = written(None, edited)
    assert writes.moves == [(9001, "", "shirt")]
    assert writes.categories.added == [(9001, 4), (9001, 5)]
    (variant,) = writes.variants.added
    assert (variant["title"], variant["option_key"], variant["media_id"]) == ("S", "9001", 9001)
    assert writes.choices == [(9001, 9001, 9001)]
    assert writes.touched == []


def test_titles_and_keys_follow_the_options() -> None:
    edited = tree(GRID)
    edited.groups.reverse()
    edited.groups[0].values[0].name = "Rouge"
    changed = written(GRID, edited).variants.changed
    assert [(row["title"], row["option_key"]) for row in changed] == [
        ("Rouge / S", "11-21"),
        ("Rouge / M", "12-21"),
    ]


def test_ids_in_a_key_are_sorted_as_numbers() -> None:
    edited = new_product(NOW)
    rows = [WantedVariant(options=[("B", "1"), ("A", "2")])]
    replace_variants(edited, rows)
    edited.groups[0].values[0].id, edited.groups[1].values[0].id = 10, 9
    assert written(None, edited).variants.added[0]["option_key"] == "9-10"


def test_a_product_that_changed_only_in_its_parts_is_touched() -> None:
    edited = tree(GRID)
    put_variants(edited, [WantedVariant(sku="s", barcode="1")])
    writes = written(GRID, edited)
    assert (writes.touched, writes.products.changed) == ([1], [])
    edited.columns["title"] = "Other"
    writes = written(GRID, edited)
    assert (writes.touched, len(writes.products.changed)) == ([], 1)


def test_categories_that_were_not_read_are_not_compared() -> None:
    stored = stored_product()
    edited = tree(stored)
    edited.category_ids = frozenset({1})
    assert written(stored, edited).categories.added == [(1, 1)]
    stored.category_ids = None
    assert written(stored, edited).categories.added == []


def test_a_removed_variant_is_archived_and_mourned() -> None:
    edited = tree(GRID)
    edited.variants.pop()
    writes = written(GRID, edited)
    (row,) = writes.variants.changed
    assert (row["id"], row["sku"], row["archived_at"]) == (
        102,
        "m",
        NOW - timedelta(microseconds=1),
    )
    assert writes.tombstones[DeletedKind.VARIANT] == [102]
    assert writes.tombstones[DeletedKind.PRODUCT] == []


def test_variants_are_archived_and_return_with_their_product() -> None:
    edited = tree(GRID)
    put_product(edited, {"status": ProductStatus.ARCHIVED})
    writes = written(GRID, edited)
    assert [row["archived_at"] for row in writes.variants.changed] == [NOW, NOW]
    assert writes.tombstones[DeletedKind.VARIANT] == [101, 102]
    assert writes.tombstones[DeletedKind.PRODUCT] == [1]
    gone = archived_product(variants=[("a", ())])
    back = tree(gone)
    put_product(back, {"status": ProductStatus.DRAFT})
    writes = written(gone, back)
    assert [row["archived_at"] for row in writes.variants.changed] == [None]
    assert not any(writes.tombstones.values())


def test_what_left_before_does_not_come_back_with_the_product() -> None:
    edited = tree(GRID)
    edited.variants.pop()
    put_product(edited, {"status": ProductStatus.ARCHIVED})
    rows = written(GRID, edited).variants.changed
    assert [row["archived_at"] == NOW for row in rows] == [True, False]


def test_an_archived_product_can_be_edited_without_new_tombstones() -> None:
    gone = archived_product(variants=[("a", ())])
    edited = tree(gone)
    put_variants(edited, [WantedVariant(sku="b")])
    writes = written(gone, edited)
    assert [(row["sku"], row["archived_at"]) for row in writes.variants.changed] == [("b", BEFORE)]
    assert not any(writes.tombstones.values())


@pytest.mark.parametrize(
    ("rows", "released"),
    [
        ([("s", "M"), ("m", "S")], [101, 102]),
        ([(None, "S"), ("s", "M")], [101]),
        ([("s", "S"), ("x", "M")], []),
    ],
)
def test_variants_release_what_another_one_takes(
    rows: list[tuple[str, str]], released: list[int]
) -> None:
    stored = stored_product({"Size": ["S", "M"]}, [("s", ["S"]), ("m", ["M"])])
    edited = tree(stored)
    by_id = [
        WantedVariant(id=101 + place, sku=sku, options=[("Size", size)])
        for place, (sku, size) in enumerate(rows)
    ]
    assert put_variants(edited, by_id)[1] == []
    assert written(stored, edited).released == released


def test_a_sku_passes_from_one_product_to_another_in_one_write() -> None:
    one, two = stored_product(variants=[("a", ())]), stored_product(variants=[("b", ())], id_=2)
    giving, taking = tree(one), tree(two)
    put_variants(giving, [WantedVariant(sku=None)])
    put_variants(taking, [WantedVariant(sku="a")])
    assert difference([(one, giving), (two, taking)]).released == [101]


def test_positions_that_rise_already_stay() -> None:
    stored = stored_product({"Size": ["S", "M"]}, [("s", ["S"]), ("m", ["M"])])
    for row, position in zip((stored.variants or {}).values(), (3, 7), strict=True):
        row["position"] = position
    edited = tree(stored)
    put_variants(edited, [WantedVariant(options=[("Size", "L")])])
    writes = written(stored, edited)
    assert ([row["position"] for row in writes.variants.added], writes.variants.changed) == (
        [8],
        [],
    )
    edited.variants.reverse()
    written(stored, edited)
    assert [node.position for node in edited.variants] == [8, 9, 10]


def test_a_node_without_an_id_makes_no_row() -> None:
    with pytest.raises(ValueError, match="ids are given"):
        id_of(new_product(NOW))


def test_trees_say_what_the_rows_say() -> None:
    assert variants(tree(GRID)) == [(101, "s", "S/Red"), (102, "m", "M/Red")]
