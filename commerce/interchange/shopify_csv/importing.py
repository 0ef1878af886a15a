"""Imports a file chunk by chunk: memory and transactions stay small however long it is."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from commerce.interchange.rules import ProductSet, SetResult
from commerce.interchange.shopify_csv.reader import ParsedProduct, ProductReader, Reject
from commerce.interchange.shopify_csv.sets import product_set, rejects_of

CHUNK: Final = 100

SetMany = Callable[[Sequence[ProductSet]], Awaitable[Sequence[SetResult]]]
OnReject = Callable[[Reject, ParsedProduct | None], None]


@dataclass(slots=True)
class ImportReport:
    """Products by what became of them, and rows that were refused."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused_rows: int = 0

    @property
    def products(self) -> int:
        return self.created + self.changed + self.unchanged


@dataclass(slots=True)
class Importer:
    """`set_many` writes a chunk in one transaction; `on_reject` hears of every refused row."""

    set_many: SetMany
    on_reject: OnReject
    report: ImportReport = field(default_factory=ImportReport)

    async def run(self, reader: ProductReader, after_chunk: Callable[[], None]) -> ImportReport:
        for chunk in _chunks(self._usable(reader)):
            results = await self.set_many([product_set(product) for product in chunk])
            for product, result in zip(chunk, results, strict=True):
                self._note(product, result)
            after_chunk()
        return self.report

    def _usable(self, reader: ProductReader) -> Iterator[ParsedProduct]:
        for item in reader.products():
            if isinstance(item, Reject):
                self._refuse(item, None)
                continue
            for reject in item.rejects:
                self._refuse(reject, item)
            if item.usable:
                yield item

    def _note(self, product: ParsedProduct, result: SetResult) -> None:
        if result.problems:
            for reject in rejects_of(product, result.problems):
                self._refuse(reject, product)
        elif result.created:
            self.report.created += 1
        elif result.changed:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _refuse(self, reject: Reject, product: ParsedProduct | None) -> None:
        self.report.refused_rows += 1
        self.on_reject(reject, product)


def _chunks(products: Iterator[ParsedProduct]) -> Iterator[list[ParsedProduct]]:
    while chunk := list(islice(products, CHUNK)):
        yield chunk
