"""Where everything stands: head, table, sums, note, and a foot on each sheet."""

from typing import Final

from commerce.integrations.pdf.fonts import printable, width, wrapped
from commerce.integrations.pdf.logos import Logo
from commerce.integrations.pdf.sheets import GREY, HEIGHT, LEFT, RIGHT, Sheet, Style
from commerce.integrations.pdf.table import Table
from commerce.integrations.pdf.words import Words
from commerce.invoices.kinds import PaperKind
from commerce.invoices.rules.papers import Paper, PaperSum, Party

TOP: Final = HEIGHT - 56
BOTTOM: Final = 96.0  # above the foot
FOOT: Final = 74.0
MIDDLE: Final = 330.0  # where labels of the head and of the sums begin
NORMAL: Final = Style(9)
LABEL: Final = Style(9, grey=GREY)
STRONG: Final = Style(9.5, bold=True)
SMALL: Final = Style(7.5, grey=GREY)
NAME: Final = Style(15, bold=True)
TITLE: Final = Style(17, bold=True)
BOLD_SUMS: Final = frozenset({"total", "credited", "left"})
RULED_SUMS: Final = frozenset({"total", "credited"})
MOST_LINES: Final = 8  # of an address


def laid_out(paper: Paper, words: Words, logo: Logo | None = None) -> list[Sheet]:
    layout = _Layout(paper, words, logo)
    layout.head()
    layout.lines()
    layout.sums()
    layout.note()
    layout.feet()
    return layout.sheets


class _Layout:
    """Goes down the sheets; `_y` is where the next thing begins."""

    def __init__(self, paper: Paper, words: Words, logo: Logo | None) -> None:
        self.sheets = [Sheet()]
        self._logo = logo
        self._paper = paper
        self._words = words
        self._y = TOP

    @property
    def _sheet(self) -> Sheet:
        return self.sheets[-1]

    def head(self) -> None:
        """Who sells to whom, and what this is."""
        self._seller()
        top = TOP - 92
        lowest = min(self._buyer(top), self._facts(top))
        self._y = lowest - 22
        title = f"{self._words.title(self._paper.kind)} {self._paper.number}"
        for line in wrapped(title, TITLE.font, TITLE.size, RIGHT - LEFT):
            self._sheet.write(LEFT, self._y - TITLE.size, line, TITLE)
            self._y -= TITLE.line
        self._y -= 12

    def lines(self) -> None:
        table = Table(self._paper.kind, self._paper.currency, self._words)
        self._y = table.head(self._sheet, self._y)
        for place, line in enumerate(self._paper.lines, 1):
            if self._y - table.height(place, line) < BOTTOM:
                self._turn()
                self._y = table.head(self._sheet, self._y)
            self._y = table.row(self._sheet, self._y, place, line)

    def sums(self) -> None:
        """Kept together, but for more of them than a sheet takes."""
        heights = [self._sum_height(each) for each in self._paper.sums]
        if self._y - sum(heights) - 12 < BOTTOM:
            self._turn()
        self._y -= 12
        for each, height in zip(self._paper.sums, heights, strict=True):
            if self._y - height < BOTTOM:
                self._turn()
            self._sum(each)
            self._y -= height

    def note(self) -> None:
        self._y -= 14
        for paragraph in self._paper.note.splitlines():
            for line in wrapped(paragraph, NORMAL.font, NORMAL.size, RIGHT - LEFT):
                if self._y - NORMAL.line < BOTTOM:
                    self._turn()
                self._y -= NORMAL.line
                self._sheet.write(LEFT, self._y, line, NORMAL)

    def feet(self) -> None:
        """On every sheet: the law's data about the seller, and which page it is."""
        columns = _foot(self._paper.seller, self._words)
        for number, sheet in enumerate(self.sheets, 1):
            sheet.rule(FOOT)
            for place, lines in enumerate(columns):
                for down, line in enumerate(lines):
                    sheet.write(LEFT + place * 165, FOOT - 12 - down * SMALL.line, line, SMALL)
            page = self._words.page(number, len(self.sheets))
            sheet.write_left_of(RIGHT, 24, page, SMALL)
            if number > 1:
                head = f"{self._words.title(self._paper.kind)} {self._paper.number}"
                sheet.write(LEFT, TOP + 8, _shortened(head, SMALL, RIGHT - LEFT), SMALL)

    def _turn(self) -> None:
        self.sheets.append(Sheet())
        self._y = TOP - 6

    def _seller(self) -> None:
        seller = self._paper.seller
        name, *address = seller.lines or ("",)
        y, most = TOP, 3
        if self._logo is not None:
            self._sheet.show(LEFT, TOP - self._logo.height, self._logo)
            y, most = TOP - self._logo.height - 6, 2
        for line in wrapped(name, NAME.font, NAME.size, MIDDLE - LEFT - 10)[:most]:
            self._sheet.write(LEFT, y - NAME.size, line, NAME)
            y -= NAME.line
        shown = [*address[:5], *filter(None, (seller.phone, seller.email, seller.website))]
        for down, line in enumerate(shown):
            short = _shortened(line, SMALL, RIGHT - MIDDLE)
            self._sheet.write_left_of(RIGHT, TOP - 8 - down * SMALL.line, short, SMALL)

    def _buyer(self, top: float) -> float:
        """In the window of an envelope; the lowest point."""
        sender = " · ".join(self._paper.seller.lines[:4])
        self._sheet.write(LEFT, top, _shortened(sender, SMALL, MIDDLE - LEFT - 24), SMALL)
        self._sheet.rule(top - 4, to=MIDDLE - 24)
        y = top - 6
        buyer = self._paper.buyer
        lines = [] if buyer is None else list(buyer.lines) or [buyer.email]
        room = MIDDLE - LEFT - 24
        flat = [part for line in lines for part in wrapped(line, NORMAL.font, 10, room)]
        for line in flat[:MOST_LINES]:
            y -= 13.5
            self._sheet.write(LEFT, y, line, Style(10))
        return min(y, top - 60)

    def _facts(self, top: float) -> float:
        paper, words = self._paper, self._words
        facts = [
            ("Number", paper.number if paper.kind is not PaperKind.RECEIPT else ""),
            ("Date", words.day(paper.dated)),
            ("Corrects invoice", paper.corrects),
            ("Order", paper.order_number),
            ("Ordered on", words.day(paper.ordered_on) if paper.ordered_on else ""),
            ("Your tax number", paper.buyer.tax_id if paper.buyer else ""),
        ]
        if paper.kind is PaperKind.RECEIPT:
            facts = [fact for fact in facts if fact[0] != "Ordered on"]
        y = top
        for label, value in facts:
            if value:
                self._sheet.write(MIDDLE, y, words.of(label), LABEL)
                self._sheet.write_left_of(RIGHT, y, _shortened(value, NORMAL, 140), NORMAL)
                y -= 15
        return y

    def _sum_height(self, each: PaperSum) -> float:
        return 15.0 * len(self._sum_label(each)) + (7 if each.kind in RULED_SUMS else 0)

    def _sum_label(self, each: PaperSum) -> list[str]:
        words, label = self._words, self._words.sum(each.kind)
        if each.percent is not None:
            told = f"{each.percent}%" in each.name.replace(" ", "")
            label = each.name if told else f"{each.name or label} {words.percent(each.percent)}"
            if each.kind == "tax_in":
                label = f"{words.sum('tax_in')}: {label}"
            if each.base is not None:
                amount = words.money(each.base, self._paper.currency)
                label = f"{label} {words.of('on {amount}').format(amount=amount)}"
        elif each.name:
            label = f"{label} ({each.name})"
        style = self._sum_style(each)
        return wrapped(label, style.font, style.size, RIGHT - MIDDLE - 84) or [""]

    def _sum_style(self, each: PaperSum) -> Style:
        return STRONG if each.kind in BOLD_SUMS else NORMAL

    def _sum(self, each: PaperSum) -> None:
        style, y = self._sum_style(each), self._y - 11
        if each.kind in RULED_SUMS:
            self._sheet.rule(self._y - 2, x=MIDDLE, grey=0.2)
            y -= 5
        amount = self._words.money(each.amount, self._paper.currency)
        for down, line in enumerate(self._sum_label(each)):
            self._sheet.write(MIDDLE, y - down * 12, line, style)
        self._sheet.write_left_of(RIGHT - 4, y, amount, style)


def _foot(seller: Party, words: Words) -> list[list[str]]:
    """Address, ways to write, and what the law wants to be known, three columns."""
    tax = f"{words.of('Tax number')}: {seller.tax_id}" if seller.tax_id else ""
    columns = (
        seller.lines[:4],
        (seller.phone, seller.email, seller.website),
        (tax, seller.registration),
    )
    return [[_shortened(line, SMALL, 155) for line in lines if line] for lines in columns]


def _shortened(text: str, style: Style, room: float) -> str:
    text = " ".join(printable(text).split())
    if width(text, style.font, style.size) <= room:
        return text
    while text and width(f"{text}…", style.font, style.size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
