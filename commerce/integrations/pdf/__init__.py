"""Invoices, credit notes and receipts as PDF files.

The fonts are files beside this one, and nothing is fetched from anywhere. The same paper makes the
same bytes.
"""

from commerce.integrations.pdf.layout import laid_out
from commerce.integrations.pdf.logos import logo_of
from commerce.integrations.pdf.sheets import drawn
from commerce.integrations.pdf.words import words_in
from commerce.invoices.rules.papers import Paper


def print_paper(paper: Paper, logo: bytes = b"") -> bytes:
    """The file's bytes. Takes tens of milliseconds: ask for it in a thread.

    A logo that cannot be read is left out.
    """
    words = words_in(paper.locale)
    sheets = laid_out(paper, words, logo_of(logo))
    return drawn(sheets, words, title=f"{words.title(paper.kind)} {paper.number}")
