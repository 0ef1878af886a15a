"""Products back to rows: what is exported here, imported again, changes nothing."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any, Final, TextIO

from commerce.catalog.kinds import BackorderPolicy, ProductStatus
from commerce.core.money import shown_amount
from commerce.interchange.repository import ExportedProduct
from commerce.interchange.shopify_csv.columns import (
    HANDLE,
    MEDIA,
    OPTION_COLUMNS,
    OPTION_COUNT,
    PRODUCT,
    VARIANT,
    neutral,
)
from commerce.interchange.shopify_csv.reader import NO_OPTIONS, ParsedProduct, Reject

PROBLEM: Final = "Import Problem"
COLUMNS: Final = (
    HANDLE,
    *(column.name for column in PRODUCT if column.name != "Collection"),
    *OPTION_COLUMNS,
    *(column.name for column in VARIANT),
    *(column.name for column in MEDIA),
)
TRACKER: Final = "shopify"  # whoever counts the stock; any name says that somebody does

Cells = dict[str, str]


class RejectWriter:
    """Rows that were refused, each complete enough to be imported by itself once mended."""

    def __init__(self, file: TextIO, names: Sequence[str]) -> None:
        columns = [*(name for name in names if name != PROBLEM), PROBLEM]
        self._rows = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        self._rows.writeheader()

    def write(self, reject: Reject, product: ParsedProduct | None) -> None:
        """Later rows of a product leave its own fields to the first: they are filled in."""
        cells = {name: reject.record.cells.get(name, "") for name in self._rows.fieldnames}
        if product is not None:
            first = product.record.cells
            shared = [column.name for column in PRODUCT]
            shared += [f"Option{place} Name" for place in range(1, OPTION_COUNT + 1)]
            cells |= {name: first[name] for name in shared if name in first}
        self._rows.writerow(_neutral(cells | {PROBLEM: f"{reject.column} {reject.message}"}))


def product_rows(product: ExportedProduct) -> Iterator[Cells]:
    """As many rows as the longer of variants and pictures; the first carries the product."""
    count = max(len(product.variants), len(product.media), 1)
    for place in range(count):
        cells = {HANDLE: product.row.slug}
        if place == 0:
            cells |= product_cells(product) | _option_names(product)
        if place < len(product.variants):
            cells |= variant_cells(product, product.variants[place])
        if place < len(product.media):
            cells |= media_cells(product.media[place], place)
        yield cells


def product_cells(product: ExportedProduct) -> Cells:
    row = product.row
    sold = row.status in {ProductStatus.ACTIVE, ProductStatus.HIDDEN}
    return {
        "Title": row.title,
        "Body (HTML)": row.description_html,
        "Vendor": row.vendor,
        "Type": row.product_type,
        "Tags": ", ".join(row.tags),
        "Published": _flag(row.status is ProductStatus.ACTIVE),
        "Status": "active" if sold else row.status.value,
        "SEO Title": row.seo_title,
        "SEO Description": row.seo_description,
    }


def _option_names(product: ExportedProduct) -> Cells:
    if not product.option_names:
        return {"Option1 Name": NO_OPTIONS[0]}
    return {
        f"Option{place} Name": name
        for place, name in enumerate(product.option_names[:OPTION_COUNT], start=1)
    }


def variant_cells(product: ExportedProduct, row: Any) -> Cells:
    options = row.option_values or ([NO_OPTIONS[1]] if not product.option_names else [])
    cells = {
        f"Option{place} Value": value for place, value in enumerate(options[:OPTION_COUNT], start=1)
    }
    return cells | {
        "Variant SKU": row.sku or "",
        "Variant Grams": str(row.weight_grams),
        "Variant Inventory Tracker": TRACKER if row.track_stock else "",
        "Variant Inventory Qty": "" if row.on_hand is None else str(row.on_hand),
        "Variant Inventory Policy": (
            "continue" if row.backorder is BackorderPolicy.ALLOW else "deny"
        ),
        "Variant Price": _amount(row.amount, row.currency),
        "Variant Compare At Price": _amount(row.compare_at, row.currency),
        "Variant Requires Shipping": _flag(row.requires_shipping),
        "Variant Taxable": _flag(row.taxable),
        "Variant Barcode": row.barcode or "",
        "Variant Image": row.media_url or "",
        "Variant Weight Unit": row.weight_unit,
        "Variant Tax Code": row.tax_code,
        "Cost per item": _amount(row.cost, row.currency),
    }


def media_cells(row: Any, place: int) -> Cells:
    return {"Image Src": row.url, "Image Position": str(place + 1), "Image Alt Text": row.alt}


def _amount(amount: Any, currency: str | None) -> str:
    if amount is None or currency is None:
        return ""
    return format(shown_amount(amount, currency), "f")


def _neutral(cells: Cells) -> Cells:
    return {name: neutral(text) for name, text in cells.items()}


def _flag(value: bool) -> str:
    return "true" if value else "false"
