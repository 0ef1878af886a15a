"""From rows to lines of a file: tables of columns, as CSV and as JSON."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from io import StringIO
from itertools import zip_longest
from typing import Any, Final

import orjson

from commerce.interchange.shopify_csv.columns import neutral

Cells = Mapping[str, str]
Value = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`name` in the file; a dot in it leads into an object where there are such."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a kind of thing is shown by, and what its parts are.

    As CSV each part has a row: `key` stands in all of them, the other columns of the thing in the
    first. A part's columns are called after it: `line.sku`. As JSON there is an object for each
    thing, with its parts inside.
    """

    key: Column
    columns: Sequence[Column]
    part: str
    parts: str
    part_columns: Sequence[Column]

    @property
    def names(self) -> list[str]:
        own = [column.name for column in (self.key, *self.columns)]
        return [*own, *(f"{self.part}.{column.name}" for column in self.part_columns)]


@dataclass(frozen=True, slots=True)
class Thing:
    """A row with its parts."""

    row: Any
    parts: Sequence[Any]


def sheet_cells(sheet: Sheet, thing: Thing) -> Iterator[Cells]:
    """As many rows as there are parts, and one at least."""
    own = {column.name: cell(column.value(thing.row)) for column in sheet.columns}
    key = {sheet.key.name: cell(sheet.key.value(thing.row))}
    for first, part in zip_longest([own], thing.parts):
        cells = key | (first or {})
        if part is not None:
            for column in sheet.part_columns:
                cells[f"{sheet.part}.{column.name}"] = cell(column.value(part))
        yield cells


def sheet_object(sheet: Sheet, thing: Thing) -> dict[str, Any]:
    shown = _object((sheet.key, *sheet.columns), thing.row)
    return shown | {sheet.parts: [_object(sheet.part_columns, part) for part in thing.parts]}


def csv_text(names: Sequence[str], rows: Iterable[Cells], *, header: bool) -> str:
    """Every cell is quoted, and none is taken for a formula."""
    file = StringIO(newline="")
    writer = csv.DictWriter(file, names, lineterminator="\n", quoting=csv.QUOTE_ALL)
    if header:
        writer.writeheader()
    for row in rows:
        writer.writerow({name: neutral(text) for name, text in row.items()})
    return file.getvalue()


def json_line(shown: Mapping[str, Any]) -> str:
    return orjson.dumps(shown).decode() + "\n"


def cell(value: Any) -> str:
    """What stands in a cell; nothing for None."""
    shown = plain(value)
    if shown is None:
        return ""
    if isinstance(shown, bool):
        return "true" if shown else "false"
    if isinstance(shown, list):
        return ", ".join(map(str, shown))
    return orjson.dumps(shown).decode() if isinstance(shown, dict) else str(shown)


def plain(value: Any) -> Any:
    """As JSON has it: decimals as texts, so that none is rounded; moments in UTC."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _object(columns: Sequence[Column], row: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column in columns:
        *folders, name = column.name.split(".")
        place = shown
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = plain(column.value(row))
    return shown


ADDRESS: Final[Mapping[str, str]] = {
    "firstName": "first_name",
    "lastName": "last_name",
    "company": "company",
    "phone": "phone",
    "street1": "street1",
    "street2": "street2",
    "postalCode": "postal_code",
    "city": "city",
    "region": "region",
    "country": "country",
}
