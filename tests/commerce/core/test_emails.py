import pytest

from commerce.core.emails import email_of
from commerce.core.problems import Invalid


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("ada@shop.example", "ada@shop.example"),
        (" Ada@SHOP.Example\n", "Ada@shop.example"),
        ("ada+shop@bücher.example", "ada+shop@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_addresses_are_stored_in_one_form(text: str, stored: str) -> None:
    assert email_of(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@shop.example",
        "ada@localhost",
        "ada@[127.0.0.1]",
        '"ada l"@shop.example',
        "ada@shop.example, bob@shop.example",
        "ada@shop.example\nBcc: bob@shop.example",
        "Ada <ada@shop.example>",
        "ädä@shop.example",
        "a" * 65 + "@shop.example",
        "ada@" + "a." * 130 + "example",
        "ada\x00@shop.example",
        "=?utf-8?q?=0D=0ABcc=3A_x=40y.example?=@shop.example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    found = email_of(text, "email")
    assert isinstance(found, Invalid)
    assert found.path == ("email",)
