"""Markup as text: what a reader without HTML is sent."""

from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset(
    ("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote")
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address:
            self.parts.append(f": {self._address}")
            self._address = ""
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))

    def _break(self, tag: str) -> None:
        if tag == "br" or tag in BLOCKS:
            self.parts.append("\n" if tag in ("br", "li", "tr") else "\n\n")


def text_of(html: str) -> str:
    """Paragraphs apart, and addresses behind what links to them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines: list[str] = []
    for line in "".join(reader.parts).split("\n"):
        line = " ".join(line.split())
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()
