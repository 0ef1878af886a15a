import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy, ProductStatus
from commerce.interchange.shopify_csv.reader import (
    FileError,
    ParsedProduct,
    ProductReader,
    Reject,
)

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n"


def read(text: str) -> list[ParsedProduct | Reject]:
    return list(ProductReader(StringIO(text, newline="")).products())


def only(text: str) -> ParsedProduct:
    (found,) = read(text)
    assert isinstance(found, ParsedProduct)
    return found


def flaws(text: str) -> list[tuple[int, str, str]]:
    """Line, column and message of every row that was not taken."""
    found: list[Reject] = []
    for item in read(text):
        found += [item] if isinstance(item, Reject) else item.rejects
    return [(reject.record.line, reject.column, reject.message) for reject in found]


def test_rows_of_a_handle_are_one_product() -> None:
    product = only(
        HEADER
        + "shirt,Shirt,Size,S,A,9.99,a.jpg\n"
        + "shirt,,,M,B,10.50,b.jpg\n"
        + "shirt,,,,,,c.jpg\n"
    )
    assert product.values == {"title": "Shirt"}
    assert product.option_names == ["Size"]
    assert [(v.options, v.values["sku"], v.values["price"]) for v in product.variants] == [
        ({"Size": "S"}, "A", Decimal("9.99")),
        ({"Size": "M"}, "B", Decimal("10.50")),
    ]
    assert [media.values["url"] for media in product.media] == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_product_without_options_has_one_variant() -> None:
    product = only(HEADER + "pot,Pot,Title,Default Title,,5,\n")
    assert product.option_names == []
    assert [variant.options for variant in product.variants] == [{}]


def test_quoted_newlines_count_as_lines() -> None:
    text = HEADER + 'a,"Two\nlines",Title,Default Title,,1,\nb,B,Title,Default Title,,-1,\n'
    assert flaws(text) == [(4, "Variant Price", "must not be negative")]


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ("-1", "must not be negative"),
        ("9,99", "must be a number with a decimal point, such as 9.99"),
        ("€5", "must be a number with a decimal point, such as 9.99"),
        ("NaN", "must be a number with a decimal point, such as 9.99"),
        ("1_0", "must be a number with a decimal point, such as 9.99"),
    ],
)
def test_a_bad_price_loses_its_row_alone(price: str, message: str) -> None:
    text = HEADER + f'a,A,Size,S,,1,\na,,,M,,"{price}",\na,,,L,,3,\n'
    product = only(text)
    assert [variant.options["Size"] for variant in product.variants] == ["S", "L"]
    assert flaws(text) == [(3, "Variant Price", message)]


def test_a_handle_that_comes_again_later_is_refused() -> None:
    text = HEADER + "a,A,,,,1,\nb,B,,,,1,\na,A,,,,2,\n"
    assert flaws(text) == [
        (4, "Handle", "stood at line 2 already; a product's rows must be together")
    ]


def test_a_missing_handle_is_refused() -> None:
    assert flaws(HEADER + ",A,,,,1,\n") == [(2, "Handle", "is missing")]


def test_a_repeated_variant_is_refused() -> None:
    assert flaws(HEADER + "a,A,Size,S,,1,\na,,,S,,2,\n") == [
        (3, "Option1 Value", "repeats a variant of this product")
    ]


def test_a_row_with_too_many_cells_is_refused() -> None:
    assert flaws(HEADER + "a,A,,,,1,,,\n") == [(2, "Row", "has more cells than the header")]


def test_blank_lines_are_skipped_and_short_rows_are_filled() -> None:
    product = only(HEADER + "\n,,,,,,\na,A\n")
    assert product.values == {"title": "A"}
    assert len(product.variants) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no Handle column: this is not a Shopify product CSV."),
        ("name,price\n", "There is no Handle column: this is not a Shopify product CSV."),
        ("Handle,Title,Title\n", "Column Title is there twice."),
    ],
)
def test_a_file_of_another_kind_is_refused(text: str, message: str) -> None:
    with pytest.raises(FileError, match=message.replace("(", r"\(")):
        read(text)


def test_unknown_columns_are_named() -> None:
    reader = ProductReader(StringIO("Handle,Colour of box,Google Shopping / Gender\n"))
    assert reader.header.unknown == ["Colour of box"]


def test_absent_columns_leave_fields_alone_and_blank_cells_clear_them() -> None:
    product = only("Handle,Vendor,Variant Barcode\na,,\n")
    assert product.values == {"vendor": ""}
    assert product.variants[0].values == {"barcode": None}


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("Variant Inventory Policy", "continue", "backorder", BackorderPolicy.ALLOW),
        ("Variant Inventory Qty", "12", "stock", 12),
        ("Variant Inventory Tracker", "shopify", "track_stock", True),
        ("Variant Inventory Tracker", "", "track_stock", False),
        ("Variant Grams", "250", "weight_grams", 250),
        ("Variant Weight Unit", "lb", "weight_unit", "lb"),
        ("Variant Taxable", "FALSE", "taxable", False),
        ("Cost per item", "3.10", "cost", Decimal("3.10")),
    ],
)
def test_variant_columns(column: str, cell: str, field: str, value: Any) -> None:
    assert only(f"Handle,{column}\na,{cell}\n").variants[0].values == {field: value}


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("Tags", "a, b ,,c", "tags", ["a", "b", "c"]),
        ("Status", "Archived", "status", ProductStatus.ARCHIVED),
        ("Published", "true", "published", True),
    ],
)
def test_product_columns(column: str, cell: str, field: str, value: Any) -> None:
    assert only(f'Handle,{column}\na,"{cell}"\n').values == {field: value}


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Variant Inventory Qty", "1.5", "must be a whole number"),
        ("Variant Inventory Qty", "-1", "must be from 0 to 2147483647"),
        ("Variant Inventory Qty", "99999999999", "must be from 0 to 2147483647"),
        ("Variant Weight Unit", "stone", "must be one of g, kg, lb, oz"),
        ("Variant Taxable", "maybe", "must be true or false"),
        ("Status", "sold", "must be one of active, draft, archived"),
        ("Title", "a\x00b", "contains a NUL character"),
        ("Title", "a\udc80b", "is not UTF-8"),
    ],
)
def test_bad_cells_name_their_column(column: str, cell: str, message: str) -> None:
    assert flaws(f"Handle,{column}\na,{cell}\n") == [(2, column, message)]


def test_a_flaw_of_the_product_loses_all_its_rows() -> None:
    text = "Handle,Status,Option1 Name,Option1 Value\na,sold,Size,S\na,,,M\nb,active,,\n"
    assert [line for line, _, _ in flaws(text)] == [2, 3]


def test_memory_does_not_grow_with_the_file() -> None:
    def rows(count: int) -> Iterator[str]:
        yield "Handle,Title\n"
        for number in range(count):
            yield f"handle-{number},Title {number}\n"

    def peak(count: int) -> int:
        tracemalloc.start()
        taken = sum(1 for _ in ProductReader(rows(count)).products())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert taken == count
        return most

    peak(100)
    assert peak(20_000) < peak(2_000) + 100_000
