"""Sheets of paper: what stands where on them, and then the same as a PDF file."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from commerce.integrations.pdf.fonts import BOLD, PLAIN, printable, width
from commerce.integrations.pdf.logos import Logo
from commerce.integrations.pdf.words import Words

WIDTH, HEIGHT = 595.28, 841.89  # A4, in points
LEFT: Final = 56.7
RIGHT: Final = WIDTH - 56.7
BLACK: Final = 0.1
GREY: Final = 0.42
PALE: Final = 0.94
RULE: Final = 0.78


@dataclass(frozen=True, slots=True)
class Style:
    size: float = 9
    bold: bool = False
    grey: float = BLACK

    @property
    def font(self) -> str:
        return BOLD if self.bold else PLAIN

    @property
    def line(self) -> float:
        """How much further down the next line is."""
        return self.size * 1.35


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    x: float
    y: float
    to: float
    grey: float = RULE


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded area, `height` up from `y`."""

    x: float
    y: float
    to: float
    height: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A logo, `y` being its lower edge."""

    x: float
    y: float
    logo: Logo


Mark = Text | Rule | Band | Shown


@dataclass
class Sheet:
    """`marks` are drawn in their order. Heights are counted from the bottom."""

    marks: list[Mark] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, style: Style = Style()) -> None:
        self.marks.append(Text(x, y, printable(text), style))

    def write_left_of(self, x: float, y: float, text: str, style: Style = Style()) -> None:
        """Ending at `x`."""
        self.write(x - width(printable(text), style.font, style.size), y, text, style)

    def rule(self, y: float, x: float = LEFT, to: float = RIGHT, grey: float = RULE) -> None:
        self.marks.append(Rule(x, y, to, grey))

    def band(self, y: float, height: float) -> None:
        self.marks.append(Band(LEFT, y, RIGHT, height))

    def show(self, x: float, y: float, logo: Logo) -> None:
        self.marks.append(Shown(x, y, logo))


def drawn(sheets: list[Sheet], words: Words, title: str) -> bytes:
    """The sheets as one file, with nothing in it that depends on when or where it is made."""
    file = BytesIO()
    canvas = Canvas(file, (WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=words.locale)
    canvas.setTitle(printable(title))
    for sheet in sheets:
        for mark in sheet.marks:
            _draw(canvas, mark)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, mark: Mark) -> None:
    if isinstance(mark, Text):
        canvas.setFillGray(mark.style.grey)
        canvas.setFont(mark.style.font, mark.style.size)
        canvas.drawString(mark.x, mark.y, mark.text)
    elif isinstance(mark, Rule):
        canvas.setStrokeGray(mark.grey)
        canvas.setLineWidth(0.6)
        canvas.line(mark.x, mark.y, mark.to, mark.y)
    elif isinstance(mark, Shown):
        logo = mark.logo
        canvas.drawImage(logo.content, mark.x, mark.y, logo.width, logo.height, mask="auto")
    else:
        canvas.setFillGray(PALE)
        canvas.rect(mark.x, mark.y, mark.to - mark.x, mark.height, stroke=0, fill=1)
