"""What is printed can be read, on as many sheets as it takes."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from commerce.integrations.pdf import print_paper
from commerce.integrations.pdf.logos import MOST_HEIGHT, MOST_WIDTH, logo_of
from commerce.integrations.pdf.words import CATALOGUES, SUMS, TITLES, Words, words_in
from commerce.invoices.kinds import PaperKind
from commerce.invoices.rules.papers import PaperLine, PaperSum, Party
from tests.support.files import picture
from tests.support.invoices import pages_of, paper, text_of

MANY = 100


def _text(**values: Any) -> str:
    return text_of(print_paper(paper(**values)))


def test_all_of_an_invoice_is_there() -> None:
    text = _text(note="To be paid\nwithin 14 days.", corrects="RE-0000")
    for part in (
        "Invoice RE-0001",
        "Mugs & More GmbH",
        "Ada Byron",
        "10115 Berlin",
        "Your tax number DE987654321",
        "Tax number: DE123456789",
        "Mar 4, 2026",
        "1337",
        "RE-0000",
        "SKU-0001",
        "Colour: Blue",
        "€154.64",
        "23%",
        "Total €463.92",
        "To be paid within 14 days.",
        "Page 1 of 1",
    ):
        assert part in text


def test_it_is_written_in_the_readers_language() -> None:
    text = _text(locale="de-AT")
    for part in ("Rechnung RE-0001", "04.03.2026", "154,64 €", "Gesamtbetrag", "Seite 1 von 1"):
        assert part in text
    assert "Quittung" in _text(kind=PaperKind.RECEIPT, locale="de")
    assert "Rechnungskorrektur" in _text(kind=PaperKind.CREDIT_NOTE, locale="de")


@pytest.mark.parametrize("locale", ["tlh", "", "xx-YY", "\0", "../de", "e" * 1000])
def test_a_language_that_is_not_there_is_english(locale: str) -> None:
    assert "Invoice RE-0001" in _text(locale=locale)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_word_is_translated(language: str) -> None:
    words = words_in(language)
    labels = [*TITLES.values(), *SUMS.values(), "Description", "Quantity", "on {amount}"]
    untold = [label for label in labels if words.of(label) == label]
    assert untold == []
    assert isinstance(words, Words)


def test_no_line_is_lost_between_sheets() -> None:
    pages = pages_of(print_paper(paper(lines=MANY, note="The end.")))
    assert len(pages) > 3
    assert all("Description" in page for page in pages)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    text = " ".join(pages)
    assert [text.count(f"SKU-{place:04}") for place in range(MANY)] == [1] * MANY
    assert "Total" in pages[-1]
    assert "The end." in pages[-1]


@pytest.mark.parametrize("count", range(14, 30))
def test_sums_stay_together_and_above_the_foot(count: int) -> None:
    sums = tuple(PaperSum(kind, Decimal(1)) for kind in ("subtotal", "net", "total", "left"))
    last = pages_of(print_paper(paper(lines=count, sums=sums)))[-1]
    assert "Subtotal" in last
    assert "Amount due" in last


def test_long_titles_are_wrapped_and_long_words_cut() -> None:
    title, word = "a kettle that whistles " * 8, "x" * 300
    line = PaperLine(title, word, word, 1, Decimal(1), (), Decimal(1))
    text = text_of(print_paper(replace(paper(), lines=(line,))))
    assert text.count("whistles") == 8
    assert text.replace(" ", "").count("x") >= 600


@pytest.mark.parametrize("name", ["Łódź", "Straße", "Ελλάδα", "Київ Москва", "Çağla", "Tiếng Việt"])
def test_names_of_many_languages_print(name: str) -> None:
    assert name in _text(buyer=Party((name,)))


@pytest.mark.parametrize("name", ["日本", "\ud800", "\0", "a\u202eb", "😀", ""])
def test_what_cannot_be_printed_harms_nothing(name: str) -> None:
    assert "Invoice" in _text(buyer=Party((name,)), number=f"A{name}")


def test_a_paper_without_anything_is_printed() -> None:
    empty = paper(lines=0, seller=Party(), buyer=None, ordered_on=None, order_number="", sums=())
    assert "Invoice RE-0001" in text_of(print_paper(empty))


def test_money_keeps_its_decimals() -> None:
    sums = (PaperSum("total", Decimal("1234567.5")), PaperSum("tax", Decimal(0), "VAT 7%"))
    assert "¥1,234,568" in _text(currency="JPY", sums=(PaperSum("total", Decimal(1234568)),))
    assert "€1,234,567.50" in _text(sums=sums)
    assert "9.975%" in _text(sums=(PaperSum("tax", Decimal(1), "QST", Decimal("9.975")),))


async def test_the_same_paper_is_the_same_file() -> None:
    """Whoever prints beside it."""
    papers = [paper(lines=place % 3 + 1, number=f"RE-{place % 3}") for place in range(12)]
    alone = [print_paper(each) for each in papers]
    beside = await asyncio.gather(*(asyncio.to_thread(print_paper, each) for each in papers))
    assert alone == list(beside)
    assert len(set(alone)) == 3


def pictures_of(content: bytes) -> list[tuple[float, float]]:
    return [each.image.size for each in PdfReader(BytesIO(content)).pages[0].images]


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGB")])
def test_the_logo_is_on_the_first_sheet(kind: str, mode: str) -> None:
    logo = picture(400, 100, kind, mode)
    printed = print_paper(paper(lines=MANY), logo)
    assert pictures_of(printed) == [(400, 100)]
    assert "Mugs & More GmbH" in text_of(printed)
    assert printed == print_paper(paper(lines=MANY), logo)


@pytest.mark.parametrize(("width", "height"), [(400, 1), (1, 400), (400, 400)])
def test_a_logo_has_its_place_whatever_its_shape(width: int, height: int) -> None:
    logo = logo_of(picture(width, height))
    assert logo is not None
    assert logo.width <= MOST_WIDTH
    assert logo.height <= MOST_HEIGHT


@pytest.mark.parametrize(
    "logo",
    [
        b"",
        b"<svg onload=alert(1)/>",
        picture(400, 100)[:200],
        picture(10, 10, "GIF", "L"),
        picture(5000, 5000, "PNG", "L"),
    ],
)
def test_a_logo_that_cannot_be_drawn_is_left_out(logo: bytes) -> None:
    printed = print_paper(paper(), logo)
    assert pictures_of(printed) == []
    assert "Invoice RE-0001" in text_of(printed)
