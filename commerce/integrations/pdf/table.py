"""The table of what was sold: its columns, and its rows with their heights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from commerce.integrations.pdf.fonts import wrapped
from commerce.integrations.pdf.sheets import GREY, LEFT, RIGHT, Sheet, Style
from commerce.integrations.pdf.words import Words
from commerce.invoices.kinds import PaperKind
from commerce.invoices.rules.papers import PaperLine

BODY: Final = Style(8.5)
SMALL: Final = Style(7.5, grey=GREY)
HEAD: Final = Style(8, bold=True)
HEAD_HEIGHT: Final = 18.0
PADDING: Final = 5.0
GAP: Final = 8.0
DESCRIPTION: Final = "Description"

Cell = Callable[[int, PaperLine], str]


@dataclass(frozen=True, slots=True)
class Column:
    """From `left` to `right`; numbers end at `right`."""

    label: str
    left: float
    right: float
    is_number: bool

    def write(self, sheet: Sheet, y: float, text: str, style: Style) -> None:
        if self.is_number:
            sheet.write_left_of(self.right, y, text, style)
        else:
            sheet.write(self.left, y, text, style)

    def lines(self, text: str, style: Style) -> list[str]:
        return wrapped(text, style.font, style.size, self.right - self.left)


# Label, width and whether its cells are numbers; the description takes what is left.
COLUMNS: Final = {
    PaperKind.INVOICE: (
        ("Pos.", 24, False),
        (DESCRIPTION, 0, False),
        ("SKU", 72, False),
        ("Quantity", 42, True),
        ("Unit price", 66, True),
        ("Tax", 40, True),
        ("Amount", 68, True),
    ),
    PaperKind.CREDIT_NOTE: (
        ("Pos.", 24, False),
        (DESCRIPTION, 0, False),
        ("SKU", 84, False),
        ("Quantity", 48, True),
        ("Tax", 48, True),
        ("Amount", 76, True),
    ),
    PaperKind.RECEIPT: (
        (DESCRIPTION, 0, False),
        ("Quantity", 52, True),
        ("Unit price", 78, True),
        ("Amount", 78, True),
    ),
}


class Table:
    def __init__(self, kind: PaperKind, currency: str, words: Words) -> None:
        self._columns = list(_placed(kind))
        self._cells = _cells(currency, words)
        self._words = words

    def head(self, sheet: Sheet, top: float) -> float:
        """Write the labels; where the rows begin."""
        sheet.band(top - HEAD_HEIGHT, HEAD_HEIGHT)
        for column in self._columns:
            column.write(sheet, top - 12, self._words.of(column.label), HEAD)
        return top - HEAD_HEIGHT

    def height(self, place: int, line: PaperLine) -> float:
        tallest = max(len(column.lines(self._text(column, place, line), BODY)) for column in self)
        small = len(self._details(line))
        return max(tallest, 1) * BODY.line + small * SMALL.line + 2 * PADDING

    def row(self, sheet: Sheet, top: float, place: int, line: PaperLine) -> float:
        """Write a line; where the next one begins."""
        first = top - PADDING - BODY.size
        for column in self:
            lines = column.lines(self._text(column, place, line), BODY)
            for down, text in enumerate(lines):
                column.write(sheet, first - down * BODY.line, text, BODY)
            if column.label == DESCRIPTION:
                below = first - len(lines) * BODY.line
                for down, text in enumerate(self._details(line)):
                    column.write(sheet, below - down * SMALL.line, text, SMALL)
        bottom = top - self.height(place, line)
        sheet.rule(bottom)
        return bottom

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def _text(self, column: Column, place: int, line: PaperLine) -> str:
        return self._cells[column.label](place, line)

    def _details(self, line: PaperLine) -> list[str]:
        wide = next(column for column in self if column.label == DESCRIPTION)
        return wide.lines(line.details, SMALL)


def _placed(kind: PaperKind) -> Iterator[Column]:
    columns = COLUMNS[kind]
    taken = sum(wide for _, wide, _ in columns)
    left = LEFT + 4
    for label, wide, is_number in columns:
        right = left + (wide or RIGHT - LEFT - 8 - taken)
        yield Column(label, left, right if is_number else right - GAP, is_number)
        left = right


def _cells(currency: str, words: Words) -> dict[str, Cell]:
    def unit_price(_place: int, line: PaperLine) -> str:
        return "" if line.unit_price is None else words.money(line.unit_price, currency)

    return {
        "Pos.": lambda place, _line: str(place),
        DESCRIPTION: lambda _place, line: line.title,
        "SKU": lambda _place, line: line.sku,
        "Quantity": lambda _place, line: words.count(line.quantity) if line.quantity else "",
        "Unit price": unit_price,
        "Tax": lambda _place, line: " + ".join(map(words.percent, line.percents)),
        "Amount": lambda _place, line: words.money(line.amount, currency),
    }
