import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.exports.kinds import ExportFormat, ExportKind
from commerce.interchange.rules.sets import ProductSet, SetResult
from commerce.interchange.shopify_csv.importing import CHUNK, Importer, ImportReport
from commerce.interchange.shopify_csv.reader import ParsedProduct, ProductReader, Reject
from commerce.interchange.shopify_csv.writer import RejectWriter
from commerce.search.criteria import EVERY_PRODUCT
from commerce.wiring import Services

SHARED = Path(__file__).parents[5] / "shared" / "data"
HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n"
SHIRT = HEADER + "shirt,Shirt,Size,S,A,9.99,5\nshirt,,,M,B,10.50,0\n"
POT = "pot,Pot,Title,Default Title,P,3,1\n"
COUNTS = text(
    "SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM variants),"
    " (SELECT count(*) FROM prices), (SELECT count(*) FROM stock_movements),"
    " (SELECT sum(version) FROM products)"
)


class Store:
    """Imports texts into the test's database, as the command does."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.rejects: list[tuple[int, str, str]] = []
        self.rejected = StringIO()

    async def load(self, content: str) -> ImportReport:
        reader = ProductReader(StringIO(content, newline=""))
        writer = RejectWriter(self.rejected, reader.header.names)

        def refuse(reject: Reject, product: ParsedProduct | None) -> None:
            self.rejects.append((reject.record.line, reject.column, reject.message))
            writer.write(reject, product)

        return await Importer(self._set_many, refuse).run(reader, lambda: None)

    async def _set_many(self, sets: Sequence[ProductSet]) -> Sequence[SetResult]:
        services = Services(self.uow, SYSTEM, system_clock)
        return await self.uow.transact(lambda: services.product_sets.set_many(sets))

    async def export(self) -> str:
        reading = Services(self.uow, SYSTEM, system_clock).export_reading
        kind, format_ = ExportKind.PRODUCTS, ExportFormat.CSV
        chunk = await reading.chunk(kind, format_, EVERY_PRODUCT, size=10_000)
        assert (chunk.position, chunk.left_out) == (None, 0)
        return chunk.text

    async def counts(self) -> tuple[Any, ...]:
        row = await self.uow.row(COUNTS)
        assert row is not None
        return tuple(row)


@pytest.fixture
async def store(uow: UnitOfWork) -> Store:
    services = Services(uow, SYSTEM, system_clock)
    await services.prices.ensure_default_list("EUR")
    await services.stock.ensure_default_location()
    return Store(uow)


def told(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.refused_rows


async def test_a_second_import_changes_nothing(store: Store) -> None:
    assert told(await store.load(SHIRT + POT)) == (2, 0, 0, 0)
    before = await store.counts()
    assert before == (2, 3, 3, 2, 2)
    assert told(await store.load(SHIRT + POT)) == (0, 0, 2, 0)
    assert await store.counts() == before


async def test_what_is_exported_changes_nothing_when_imported(store: Store) -> None:
    await store.load(SHIRT + POT)
    exported = await store.export()
    before = await store.counts()
    assert told(await store.load(exported)) == (0, 0, 2, 0)
    assert await store.counts() == before
    assert await store.export() == exported


@pytest.mark.parametrize("name", ["apparel.csv", "home-and-garden.csv"])
async def test_real_files_come_in_whole_and_go_out_unchanged(store: Store, name: str) -> None:
    if not SHARED.exists():
        pytest.skip("the real product files are not beside the repository")
    content = (SHARED / name).read_text("utf-8-sig")
    products = len({row["Handle"] for row in csv.DictReader(StringIO(content))})
    assert told(await store.load(content)) == (products, 0, 0, 0)
    assert told(await store.load(content)) == (0, 0, products, 0)
    assert told(await store.load(await store.export())) == (0, 0, products, 0)


async def test_a_bad_row_leaves_the_other_variants_and_what_was_stored(store: Store) -> None:
    await store.load(SHIRT)
    report = await store.load(SHIRT.replace("9.99", "11.00").replace("10.50", "-1"))
    assert told(report) == (0, 1, 0, 1)
    assert store.rejects == [(3, "Variant Price", "must not be negative")]
    prices = text(
        "SELECT v.sku, p.amount::numeric(9,2)::text FROM variants v JOIN prices p"
        " ON p.variant_id = v.id WHERE v.archived_at IS NULL ORDER BY v.sku"
    )
    assert [tuple(row) for row in await store.uow.rows(prices)] == [("A", "11.00"), ("B", "10.50")]


async def test_refused_rows_can_be_mended_and_imported_by_themselves(store: Store) -> None:
    await store.load(SHIRT.replace("10.50", "a lot"))
    mended = store.rejected.getvalue().replace(",a lot,", ",12,")
    assert told(await Store(store.uow).load(mended)) == (0, 1, 0, 0)
    assert (await store.export()).count('\n"shirt",') == 2


async def test_a_product_that_the_store_refuses_loses_none_of_the_others(store: Store) -> None:
    await store.load(SHIRT)
    report = await store.load(
        HEADER + "thief,Thief,Size,S,T,1,1\nthief,,,M,A,2,1\n" + POT + "cap,Cap,,,C,4,2\n"
    )
    assert told(report) == (2, 0, 0, 2)
    assert [(line, column) for line, column, _ in store.rejects] == [
        (2, "Handle"),
        (3, "Variant SKU"),
    ]


async def test_chunks_do_not_lose_products(store: Store) -> None:
    count = CHUNK * 2 + 7
    rows = "".join(f"p-{n},P {n},,,S{n},1,\n" for n in range(count))
    assert told(await store.load(HEADER + rows)) == (count, 0, 0, 0)


async def test_statements_do_not_grow_with_the_products_of_a_chunk(
    store: Store, statements: list[str]
) -> None:
    sizes = []
    for number, count in enumerate((2, CHUNK)):
        rows = "".join(f"p{number}-{n},P {n},Size,S,{number}S{n},1,3\n" for n in range(count))
        statements.clear()
        await store.load(HEADER + rows)
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]


async def test_texts_that_spreadsheets_would_run_are_neutral_and_come_back(store: Store) -> None:
    await store.load(HEADER + "calc,=1+1,Title,Default Title,@A,1,1\n")
    exported = await store.export()
    assert "'=1+1" in exported
    assert "'@A" in exported
    assert told(await store.load(exported)) == (0, 0, 1, 0)


async def test_untracked_variants_are_always_for_sale(store: Store) -> None:
    await store.load(
        "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n"
        "free,Free,1,,0\ncounted,Counted,1,shopify,0\n"
    )
    tracked = text(
        "SELECT p.slug, v.track_stock FROM variants v JOIN products p ON p.id = v.product_id"
        " ORDER BY p.slug"
    )
    assert [tuple(row) for row in await store.uow.rows(tracked)] == [
        ("counted", True),
        ("free", False),
    ]
