"""Invoices, credit notes and receipts as PDF files.

The fonts are files beside this one, and nothing is fetched from anywhere. The same paper makes the
same bytes.
"""

from commerce.integrations.pdf.layout import laid_out
from commerce.integrations.pdf.sheets import drawn
from commerce.integrations.pdf.words import words_in
from commerce.invoices.rules.papers import Paper


def print_paper(paper: Paper) -> bytes:
    """The file's bytes. Takes tens of milliseconds: ask for it in a thread."""
    words = words_in(paper.locale)
    return drawn(laid_out(paper, words), words, title=f"{words.title(paper.kind)} {paper.number}")
