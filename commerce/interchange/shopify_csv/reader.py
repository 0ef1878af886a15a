"""From a file to products, row by row, in constant memory whatever its size."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from commerce.interchange.shopify_csv.columns import (
    HANDLE,
    MEDIA,
    OPTION_COUNT,
    PRODUCT,
    VARIANT,
    Column,
    is_known,
    meant,
)

MAX_CELL: Final = 2_000_000
NO_OPTIONS: Final = ("Title", "Default Title")

Cells = dict[str, str]
Values = dict[str, Any]


class FileError(Exception):
    """The file as a whole cannot be read as product CSV."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file; `line` is where it starts. `cells` are those under a header."""

    line: int
    cells: Cells
    crowded: bool = False  # has more cells than the header


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    record: Record
    column: str
    message: str


@dataclass(slots=True)
class ParsedVariant:
    record: Record
    options: dict[str, str]
    values: Values


@dataclass(slots=True)
class ParsedMedia:
    record: Record
    values: Values


@dataclass(slots=True)
class ParsedProduct:
    """What the rows of one handle say; `rejects` are those of its rows that say nothing usable."""

    handle: str
    record: Record
    values: Values = field(default_factory=dict)
    option_names: list[str] = field(default_factory=list)
    variants: list[ParsedVariant] = field(default_factory=list)
    media: list[ParsedMedia] = field(default_factory=list)
    records: Sequence[Record] = ()
    rejects: list[Reject] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        return bool(self.variants or self.media)


@dataclass(frozen=True, slots=True)
class Header:
    names: Sequence[str]
    unknown: Sequence[str]


class ProductReader:
    """Reads a header, then products. A row's cells beyond the header make it unusable."""

    def __init__(self, file: Iterable[str]) -> None:
        csv.field_size_limit(MAX_CELL)
        self._rows = csv.reader(file)
        self.header = self._read_header()

    def products(self) -> Iterator[ParsedProduct | Reject]:
        """Products and rows that belong to none, in the order of the file."""
        with closing(_Seen()) as seen:
            for handle, records in groupby(self._records(), key=lambda record: _handle(record)):
                yield from self._product(handle, records, seen)

    def _product(
        self, handle: str, records: Iterable[Record], seen: "_Seen"
    ) -> Iterator[ParsedProduct | Reject]:
        first, *rest = records
        if not handle:
            yield from (Reject(record, HANDLE, "is missing") for record in (first, *rest))
            return
        earlier = seen.before(handle, first.line)
        if earlier is not None:
            message = f"stood at line {earlier} already; a product's rows must be together"
            yield from (Reject(record, HANDLE, message) for record in (first, *rest))
            return
        yield parse_product(handle, [first, *rest], self.header.names)

    def _read_header(self) -> Header:
        names = [name.strip() for name in self._next() or ()]
        if HANDLE not in names:
            raise FileError("There is no Handle column: this is not a Shopify product CSV.")
        doubled = sorted({name for name in names if name and names.count(name) > 1})
        if doubled:
            raise FileError(f"Column {doubled[0]} is there twice.")
        return Header(names, [name for name in names if name and not is_known(name)])

    def _records(self) -> Iterator[Record]:
        width = len(self.header.names)
        line = self._rows.line_num + 1
        while (row := self._next()) is not None:
            if any(cell.strip() for cell in row):
                cells = dict(zip(self.header.names, map(meant, row), strict=False))
                yield Record(line, cells, crowded=len(row) > width)
            line = self._rows.line_num + 1

    def _next(self) -> list[str] | None:
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise FileError(f"Line {self._rows.line_num} cannot be read: {error}.") from None


def parse_product(handle: str, records: Sequence[Record], names: Sequence[str]) -> ParsedProduct:
    """Fields of the product from its first row, a variant and a picture from each.

    A flaw in the product's own fields loses all of its rows, any other flaw only the row it is in.
    """
    product = ParsedProduct(handle, records[0], records=records)
    try:
        product.values = _values(PRODUCT, records[0], names)
        product.option_names = _option_names(records[0])
    except _FlawError as flaw:
        others = (
            Reject(record, HANDLE, f"belongs to the product refused at line {records[0].line}")
            for record in records[1:]
        )
        product.rejects = [Reject(records[0], flaw.column, flaw.message), *others]
        return product
    for record in records:
        try:
            _add_row(product, record, names, first=record is records[0])
        except _FlawError as flaw:
            product.rejects.append(Reject(record, flaw.column, flaw.message))
    return product


def _add_row(product: ParsedProduct, record: Record, names: Sequence[str], *, first: bool) -> None:
    if record.crowded:
        raise _FlawError("Row", "has more cells than the header")
    variant = _variant(product, record, names, first=first)
    media = _values(MEDIA, record, names)
    if variant is not None:
        product.variants.append(variant)
    if "url" in media:
        product.media.append(ParsedMedia(record, media))


def _variant(
    product: ParsedProduct, record: Record, names: Sequence[str], *, first: bool
) -> ParsedVariant | None:
    """The row's variant; later rows without option values or price only bring a picture."""
    options = _options(product, record)
    described = options or any(
        record.cells.get(name, "").strip() for name in ("Variant SKU", "Variant Price")
    )
    if not first and not described:
        return None
    if any(variant.options == options for variant in product.variants):
        raise _FlawError("Option1 Value", "repeats a variant of this product")
    return ParsedVariant(record, options, _values(VARIANT, record, names))


def _option_names(record: Record) -> list[str]:
    names = [
        record.cells.get(f"Option{place} Name", "").strip() for place in range(1, OPTION_COUNT + 1)
    ]
    if names[0] == NO_OPTIONS[0] and record.cells.get("Option1 Value") == NO_OPTIONS[1]:
        return []
    used = [name for name in names if name]
    if len({name.lower() for name in used}) != len(used):
        raise _FlawError("Option1 Name", "is used for two options")
    return used


def _options(product: ParsedProduct, record: Record) -> dict[str, str]:
    options: dict[str, str] = {}
    for place, name in enumerate(product.option_names, start=1):
        value = record.cells.get(f"Option{place} Value", "").strip()
        if value:
            options[name] = value
    if options and len(options) < len(product.option_names):
        missing = product.option_names.index(
            next(name for name in product.option_names if name not in options)
        )
        raise _FlawError(f"Option{missing + 1} Value", "is missing")
    return options


def _values(columns: Sequence[Column], record: Record, names: Sequence[str]) -> Values:
    """The fields that the row's cells fill; columns the file does not have fill none."""
    values: Values = {}
    for column in columns:
        if column.name not in names:
            continue
        cell = record.cells.get(column.name, "")
        if cell.strip():
            values[column.field] = _parsed(column, cell)
        elif not column.skip_blank:
            values[column.field] = column.blank
    return values


def _parsed(column: Column, cell: str) -> Any:
    try:
        return column.parse(cell)
    except ValueError as error:
        raise _FlawError(column.name, str(error)) from None


def _handle(record: Record) -> str:
    return record.cells.get(HANDLE, "").strip()


class _FlawError(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(column, message)
        self.column = column
        self.message = message


class _Seen:
    """Where each handle first stood; on disk when it grows, so that memory does not."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")
        self._table.execute("CREATE TABLE seen (handle TEXT PRIMARY KEY, line INTEGER)")

    def before(self, handle: str, line: int) -> int | None:
        """The line an earlier block of this handle started at, else None (and it is noted)."""
        key = handle.encode(errors="replace").decode()
        added = self._table.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, line))
        if added.rowcount:
            return None
        found = self._table.execute("SELECT line FROM seen WHERE handle = ?", (key,)).fetchone()
        return int(found[0])

    def close(self) -> None:
        self._table.close()
