"""A link opens one document, for an hour."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from commerce.core.links import LIFETIME, SignedLinks

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LINKS = SignedLinks("https://shop.test/", b"k" * 32)
PATH = "/invoices/7.pdf"


def _parts(url: str) -> tuple[str, str]:
    query = parse_qs(urlsplit(url).query)
    return query["expires"][0], query["signature"][0]


def test_a_link_opens_its_document_until_it_expires() -> None:
    url = LINKS.url(PATH, NOW)
    assert url.startswith("https://shop.test/invoices/7.pdf?expires=")
    expires, signature = _parts(url)
    assert LINKS.opens(PATH, expires, signature, NOW + LIFETIME - timedelta(seconds=1))
    assert not LINKS.opens(PATH, expires, signature, NOW + LIFETIME)


@pytest.mark.parametrize("path", ["/invoices/8.pdf", "/orders/7/receipt.pdf", "/invoices/7.pdf/"])
def test_it_opens_nothing_else(path: str) -> None:
    assert not LINKS.opens(path, *_parts(LINKS.url(PATH, NOW)), NOW)


@pytest.mark.parametrize("signature", ["", "x", "\ud800", "ö" * 43])
@pytest.mark.parametrize("expires", ["", "9" * 40, "-1", "soon", "\ud800"])
def test_what_was_not_signed_opens_nothing(expires: str, signature: str) -> None:
    assert not LINKS.opens(PATH, expires, signature, NOW)


def test_an_hour_cannot_be_made_longer() -> None:
    expires, signature = _parts(LINKS.url(PATH, NOW))
    assert not LINKS.opens(PATH, str(int(expires) + 1), signature, NOW)


def test_another_key_signs_otherwise() -> None:
    assert not SignedLinks("", b"o" * 32).opens(PATH, *_parts(LINKS.url(PATH, NOW)), NOW)
    assert not SignedLinks().opens(PATH, *_parts(SignedLinks().url(PATH, NOW)), NOW)
