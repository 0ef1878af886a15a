"""From what a file says to what the catalogue takes, and from its problems back to cells."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue
from commerce.core.problems import Problem
from commerce.interchange.rules import ProductSet, StockSet, VariantSet
from commerce.interchange.shopify_csv.columns import HANDLE, MEDIA, PRODUCT, VARIANT
from commerce.interchange.shopify_csv.reader import (
    ParsedMedia,
    ParsedProduct,
    ParsedVariant,
    Record,
    Reject,
    Values,
)

SAME_NAME: Final = (
    "title",
    "description_html",
    "vendor",
    "product_type",
    "tags",
    "seo_title",
    "seo_description",
)
COLUMN_OF: Final = {column.field: column.name for column in (*PRODUCT, *VARIANT, *MEDIA)} | {
    "slug": HANDLE,
    "media_url": "Variant Image",
    "options": "Option1 Value",
    "option_values": "Option1 Value",
}


def product_set(product: ParsedProduct) -> ProductSet:
    """What the file wants the product to be; what the file does not speak of stays."""
    values: dict[str, Any] = {
        name: product.values[name] for name in SAME_NAME if name in product.values
    }
    status = _status(product.values)
    if status is not None:
        values["status"] = status
    if "collection" in product.values:
        values["collections"] = [product.values["collection"]]
    if product.media:
        values["media"] = [WantedMedia(**media.values) for media in product.media]
    return ProductSet(
        slug=product.handle,
        options=_options(product),
        variants=[_variant(variant) for variant in product.variants],
        create_missing=True,
        exhaustive=False,
        **values,
    )


def rejects_of(product: ParsedProduct, problems: Sequence[Problem]) -> list[Reject]:
    """Every row of a product that was refused; the one at fault says why."""
    blamed = {_record(product, problem).line: problem for problem in reversed(problems)}
    told = next(iter(blamed.values()))
    return [
        Reject(record, _column(problem), problem.message)
        if (problem := blamed.get(record.line))
        else Reject(record, HANDLE, f"belongs to a product that was refused: {told.message}")
        for record in product.records
    ]


def _status(values: Values) -> ProductStatus | None:
    """Shopify's two words for it: active products that are not published are hidden."""
    published: bool | None = values.get("published")
    status: ProductStatus | None = values.get("status")
    if status is ProductStatus.ACTIVE and published is False:
        return ProductStatus.HIDDEN
    if status is not None or published is None:
        return status
    return ProductStatus.ACTIVE if published else ProductStatus.DRAFT


def _options(product: ParsedProduct) -> list[WantedOption]:
    return [
        WantedOption(
            name,
            [
                WantedValue(value)
                for value in dict.fromkeys(
                    variant.options[name] for variant in product.variants if variant.options
                )
            ],
        )
        for name in product.option_names
    ]


def _variant(variant: ParsedVariant) -> VariantSet:
    values = dict(variant.values)
    if "stock" in values:
        values["stock"] = [StockSet(values["stock"])]
    if "image_url" in values:
        values["media_url"] = values.pop("image_url")
    if "price" not in values:
        # Shopify knows no variant without a price: these belong to one.
        values.pop("compare_at", None)
        values.pop("cost", None)
    return VariantSet(options=tuple(variant.options.items()), **values)


def _record(product: ParsedProduct, problem: Problem) -> Record:
    """The row a problem speaks of: `variants.2.sku` is in the third variant's."""
    part, *rest = problem.path or ("",)
    parsed: dict[str, Sequence[ParsedVariant | ParsedMedia]] = {
        "variants": product.variants,
        "media": product.media,
    }
    rows = parsed.get(part, ())
    if rest and rest[0].isdigit() and int(rest[0]) < len(rows):
        return rows[int(rest[0])].record
    return product.record


def _column(problem: Problem) -> str:
    names = [part for part in problem.path if part in COLUMN_OF]
    return COLUMN_OF[names[-1]] if names else HANDLE
