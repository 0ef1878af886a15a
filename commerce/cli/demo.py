"""`commerce demo`: a made-up catalogue, and a way to send what is in it."""

from decimal import Decimal
from itertools import islice
from typing import Annotated

import typer

from commerce.bootstrap import prepare_store
from commerce.catalog.kinds import ProductStatus
from commerce.catalog.rules.wanted import WantedMedia, WantedOption, WantedValue
from commerce.cli.output import fail, notes
from commerce.cli.progress import meter
from commerce.cli.session import change, run, set_products
from commerce.core.paging import Count
from commerce.interchange.demo import SIZES, STOCK, DemoProduct, demo_products
from commerce.interchange.rules import ProductSet, StockSet, VariantSet
from commerce.interchange.shopify_csv.importing import CHUNK, ImportReport
from commerce.runtime import Resources
from commerce.shipping.rules.prices import flat_price
from commerce.wiring import Services


def demo(
    products: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many.")] = 200,
) -> None:
    """Fill the store with a made-up catalogue, the same every time."""
    report = run(lambda resources: _demo(resources, products))
    notes.print(f"{report.created} products created, {report.unchanged} were there already.")


async def _demo(resources: Resources, count: int) -> ImportReport:
    await prepare_store(
        resources.open_unit,
        resources.clock,
        resources.settings.currency,
        resources.settings.store_name,
    )
    report, products = ImportReport(), demo_products(count)
    with meter(count) as progress:
        while chunk := [_product_set(product) for product in islice(products, CHUNK)]:
            for result in await set_products(resources, chunk):
                if result.problems:
                    fail(result.problems[0].message)
                report.created += result.created
                report.unchanged += not result.created
            progress.show(report.products, report.products)
    await change(resources, _ensure_shipping)
    return report


async def _ensure_shipping(services: Services) -> None:
    """One way of shipping to everywhere, so that the first cart can be bought."""
    if await services.shipping_methods.count(1) == Count(0):
        method = {"code": "parcel", "name": "Parcel", "min_days": 2, "max_days": 5}
        await services.shipping_methods.upsert(None, method, [flat_price(Decimal("4.90"))])


def _product_set(product: DemoProduct) -> ProductSet:
    variants = [
        VariantSet(sku=sku, options=(("Size", size),), price=price, stock=[StockSet(STOCK)])
        for sku, size, price in zip(product.skus, SIZES, product.prices, strict=True)
    ]
    return ProductSet(
        slug=product.slug,
        title=product.title,
        description_html=product.description_html,
        status=ProductStatus.ACTIVE,
        brand=product.brand,
        vendor=product.brand,
        product_type=product.category,
        tags=product.tags,
        categories=[product.category],
        options=[WantedOption("Size", [WantedValue(size) for size in SIZES])],
        variants=variants,
        media=[WantedMedia(url, product.title) for url in product.images],
        create_missing=True,
    )
