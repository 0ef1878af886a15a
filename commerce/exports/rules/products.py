"""Products as files show them: in Shopify's columns, so that they can be imported again."""

from collections.abc import Iterator
from typing import Any, Final

from commerce.exports.rules.sheets import Cells
from commerce.interchange.repository import ExportedProduct
from commerce.interchange.shopify_csv.columns import HANDLE, OPTION_COUNT
from commerce.interchange.shopify_csv.writer import (
    COLUMNS,
    media_cells,
    product_cells,
    product_rows,
    variant_cells,
)

NAMES: Final = COLUMNS


def fits(product: ExportedProduct) -> bool:
    """Whether the format has columns for all of its options."""
    return len(product.option_names) <= OPTION_COUNT


def product_sheet(product: ExportedProduct) -> Iterator[Cells]:
    return product_rows(product)


def product_object(product: ExportedProduct) -> dict[str, Any]:
    """The same names with the same texts, one object for each variant and picture inside."""
    return {
        HANDLE: product.row.slug,
        **product_cells(product),
        "Variants": [
            {
                "Options": dict(zip(product.option_names, row.option_values or (), strict=False)),
                **{
                    name: text
                    for name, text in variant_cells(product, row).items()
                    if not name.startswith("Option")
                },
            }
            for row in product.variants
        ],
        "Images": [media_cells(row, place) for place, row in enumerate(product.media)],
    }
