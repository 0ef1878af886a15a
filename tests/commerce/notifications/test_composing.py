from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.notifications.composing import Sender, checked_address, compose, read_sender
from commerce.notifications.ports import DeliveryError
from commerce.notifications.rendering import MailRenderer, RenderedMail, Store
from tests.support.mail import body_of

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SENDER = Sender("Shop", "shop@example.com")
MAIL = RenderedMail("Hello", "Text\n", "<p>Text</p>", "en")
HEADERS = {
    "Date", "Message-ID", "From", "To", "Subject", "Content-Language", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
}  # fmt: skip


def as_read(message: EmailMessage) -> EmailMessage:
    """The message as somebody who gets it reads it."""
    return message_from_bytes(bytes(message), _class=EmailMessage, policy=SMTP)


def test_a_mail_has_the_headers_of_an_automatic_one() -> None:
    message = as_read(compose(MAIL, "eva@example.com", SENDER, NOW))
    assert set(message.keys()) == HEADERS
    assert message["Date"].datetime == NOW
    assert str(message["From"]) == "Shop <shop@example.com>"
    assert str(message["To"]) == "eva@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert str(message["Message-ID"]).endswith("@example.com>")
    assert message.get_content_type() == "multipart/alternative"
    assert body_of(message).strip() == "Text"
    assert body_of(message, "html").strip() == "<p>Text</p>"


def test_every_mail_has_an_id_of_its_own() -> None:
    first, second = (compose(MAIL, "eva@example.com", SENDER, NOW) for _ in range(2))
    assert first["Message-ID"] != second["Message-ID"]


TRICKY = '=?qQbButf8-_0AD\r\n,<>@"\\ :;()äEva.'  # what encoded words and addresses are made of
NASTY = (
    st.text(min_size=1)
    | st.text(TRICKY, min_size=1)
    | st.sampled_from(
        [
            "Eva\r\nBcc: victim@example.com",
            "Eva\nBcc: victim@example.com\n\nBody",
            "Eva\r\n\r\n<b>Body</b>",
            "\u2028Bcc: victim@example.com",
            "\x85Bcc: victim@example.com",
            "=?utf-8?q?Eva=0D=0ABcc:_victim@example.com?=",
            "=?utf-8?b?DQpCY2M6IHZpY3RpbUBleGFtcGxlLmNvbQ==?=",
            "==??utf-8?q?=0AX:_1?=",
            "=?q?=0A",
            'Eva" <evil@example.com>, "x',
            "Eva, <evil@example.com>;",
            "ä" * 300 + "\r\nBcc: victim@example.com",
        ]
    )
)


@given(name=NASTY)
def test_no_name_of_a_store_can_add_a_header_or_a_recipient(name: str) -> None:
    store = Store(name, "https://shop.example")
    rendered = MailRenderer(store).render("test", "en", {})
    sender = read_sender("shop@example.com", name)
    assert sender is not None
    message = as_read(compose(rendered, "eva@example.com", sender, NOW))
    assert set(message.keys()) == HEADERS
    assert [address.addr_spec for address in message["From"].addresses] == ["shop@example.com"]
    assert [address.addr_spec for address in message["To"].addresses] == ["eva@example.com"]
    assert body_of(message).splitlines() == rendered.text.splitlines()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "eva",
        "eva@",
        "eva@example.com\r\nBcc: x@example.com",
        "eva@example.com, x@example.com",
        "Eva <eva@example.com>",
        "eva@exa mple.com",
        "eva@localhost",
        "jürgen@example.com",
        "eva\x00@example.com",
        "=?utf-8?q?=0D=0ABcc=3A_victim=40example.com?=@example.com",
    ],
)
def test_what_is_no_single_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(DeliveryError) as raised:
        compose(MAIL, address, SENDER, NOW)
    assert raised.value.permanent
    assert raised.value.reason == "bad_address"


def test_domains_are_written_in_ascii() -> None:
    assert checked_address("eva@straße.example") == "eva@xn--strae-oqa.example"
    assert checked_address("Eva.M+x@EXAMPLE.com") == "Eva.M+x@example.com"


@pytest.mark.parametrize(
    ("given_text", "sender"),
    [
        ("shop@example.com", Sender("Store", "shop@example.com")),
        ("Käse & Co <shop@example.com>", Sender("Käse & Co", "shop@example.com")),
        ('"A, B" <shop@example.com>', Sender("A, B", "shop@example.com")),
        ("", None),
        ("shop", None),
        ("a@example.com, b@example.com", None),
        ("shop@example.com\r\nBcc: x@example.com", None),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(
    given_text: str, sender: Sender | None
) -> None:
    assert read_sender(given_text, "Store") == sender
