from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from commerce.core.criteria import Range, TextIs
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.search.criteria import OptionIs, VariantListing, VariantWhere
from tests.support.search import Shop, skus

ON_SALE = {"LS-S", "LS-M", "WJ-M", "CM", "GC", "BS", "ET"}


async def found(shop: Shop, where: VariantWhere, viewer: Viewer = ANONYMOUS) -> set[str]:
    return set(await skus(shop.uow, VariantListing(where), viewer=viewer))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (VariantWhere(), ON_SALE),
        (VariantWhere(sku=TextIs(("CM", "DH", "ET-OLD"))), {"CM"}),
        (VariantWhere(sku=TextIs(starts_with="ls-")), {"LS-S", "LS-M"}),
        (VariantWhere(barcode=TextIs(("4006381333931",))), {"LS-S"}),
        (VariantWhere(barcode=TextIs(contains="638")), {"LS-S"}),
        (VariantWhere(title=TextIs(("",))), ON_SALE),
        (VariantWhere(in_stock=True), {"LS-M", "CM", "GC", "BS", "ET"}),
        (VariantWhere(in_stock=False), {"LS-S", "WJ-M"}),
        (VariantWhere(price=Range(gte=Decimal(35))), {"LS-S", "WJ-M", "ET"}),
        (VariantWhere(price=Range(lt=Decimal(31))), {"LS-M", "CM"}),
        (VariantWhere(price=Range(gt=Decimal(35), lte=Decimal(45))), {"ET"}),
        (VariantWhere(options=(OptionIs("size", ("M",)),)), {"LS-M", "WJ-M"}),
        (VariantWhere(options=(OptionIs("size", ("M",)), OptionIs("colour", ("red",)))), {"WJ-M"}),
        (VariantWhere(created_at=Range(gt=None)), ON_SALE),
        (VariantWhere(every=(VariantWhere(in_stock=True),)), {"LS-M", "CM", "GC", "BS", "ET"}),
        (VariantWhere(some=(VariantWhere(sku=TextIs(("CM",))), VariantWhere(in_stock=False))),
         {"CM", "LS-S", "WJ-M"}),
        (VariantWhere(none=VariantWhere(price=Range(gte=Decimal(35)))), {"LS-M", "CM", "GC", "BS"}),
    ],
)  # fmt: skip
async def test_a_filter_finds(shop: Shop, where: VariantWhere, expected: set[str]) -> None:
    assert await found(shop, where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (lambda shop: VariantWhere(ids=(shop.variants["CM"].id, shop.variants["DH"].id)), {"CM"}),
        (lambda shop: VariantWhere(product_ids=(shop.products["Étagère"].id,)), {"ET"}),
        (lambda shop: VariantWhere(updated_at=Range(
            gt=shop.variants["CM"].updated_at - timedelta(seconds=1),
            lte=shop.variants["CM"].updated_at)), ON_SALE),
        (lambda shop: VariantWhere(updated_at=Range(lt=shop.variants["CM"].updated_at)), set()),
    ],
)  # fmt: skip
async def test_a_filter_finds_what_it_names(
    shop: Shop, where: Callable[[Shop], VariantWhere], expected: set[str]
) -> None:
    assert await found(shop, where(shop)) == expected


async def test_readers_of_the_catalogue_find_live_variants_of_every_product(shop: Shop) -> None:
    assert await found(shop, VariantWhere(), SYSTEM) == ON_SALE | {"DH"}
    dearest = VariantWhere(price=Range(gte=Decimal(900)))
    assert await found(shop, dearest, SYSTEM) == {"BS"}
