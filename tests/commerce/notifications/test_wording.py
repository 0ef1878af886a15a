"""The store's own words: what of them is taken, and that nothing gets out of them."""

import pytest

from commerce.core.problems import Invalid
from commerce.notifications.messages import MAILS, Words
from commerce.notifications.rendering import MailRenderer, Store
from commerce.notifications.rules.masking import masked
from commerce.notifications.rules.plain import text_of
from commerce.notifications.rules.wording import MAX_BODY, wording_flaw

RENDERER = MailRenderer(Store("Käse & Co", "https://shop.example"))
PLACED = MAILS["order_placed"]
EVIL = "<script>alert(1)</script><b onclick=x>"


@pytest.mark.parametrize(
    "body",
    [
        "<p>Danke für {{ number }}, {{ store.name }}</p>",
        "{% for line in lines %}{{ line.quantity }} x {{ line.title|one_line }}<br>{% endfor %}",
        "{% if due != total %}{{ due }}{% elif shipping is defined %}{{ shipping }}{% endif %}",
        '<a href="{{ link("/orders/" ~ number|urlencode, token=token) }}">{{ lines[0].title }}</a>',
    ],
)
def test_what_shops_write_is_taken_and_can_be_filled(body: str) -> None:
    assert wording_flaw("{{ number }}", body, PLACED) is None
    assert RENDERER.try_own(Words("{{ number }}", body), "de", PLACED).subject == "SG-1042"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "empty"),
        ("{{ number", "Line 1"),
        ("\n{{ nubmer }}", "There is no nubmer here."),
        ("{{ number.__class__.__mro__ }}", "Names do not begin with _."),
        ("{{ number['__class__'].x }}{{ self }}", "There is no self here."),
        ("{{ ''.join(lines) }}", "link(…)"),
        ("{{ link(*lines) }}", "link(…)"),
        ("{{ number * 999999999 }}", "Mul cannot be used here."),
        ("{{ 9 ** 9 ** 9 }}", "Pow cannot be used here."),
        ("{{ '%9999999d' % 1 }}", "Mod cannot be used here."),
        ("{% for i in range(99999) %}{% endfor %}", "a list that is given"),
        ("{% for a in lines %}{% for b in lines %}x{% endfor %}{% endfor %}", "no loop in it"),
        ("{% for a in lines %}{% if a %}{% for b in lines %}x{% endfor %}{% endif %}{% endfor %}",
         "no loop in it"),
        ("{% set x = number %}", "Assign cannot be used here."),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "Macro cannot be used here."),
        ("{% include 'layout.html' %}", "Include cannot be used here."),
        ("{% extends 'layout.html' %}", "Extends cannot be used here."),
        ("{{ number|safe }}", "There is no filter safe."),
        ("{{ number|center(99999999) }}", "There is no filter center."),
        ("{{ number|attr('upper') }}", "There is no filter attr."),
        ("(" * 10 + "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "nested"),
        ("x" * (MAX_BODY + 1), "at most"),
    ],
)  # fmt: skip
def test_what_could_run_off_is_refused_before_it_runs(body: str, told: str) -> None:
    flaw = wording_flaw("", body, PLACED)
    assert isinstance(flaw, Invalid)
    assert (flaw.path, told in flaw.message) == (("body",), True), flaw.message


def test_data_is_no_markup_whatever_the_template_does_with_it() -> None:
    body = (
        "<p>{{ number }}</p><a href='{{ total }}'>x</a><i {{ due }}>y</i>"
        "<img src=x onerror=alert(1)><script>alert(2)</script>"
    )
    given = {**PLACED, "number": EVIL, "total": "javascript:alert(1)", "due": "onload=alert(1)"}
    mail = RENDERER.try_own(Words("{{ number }}\n{{ total }}", body), "en", given)
    shown = mail.html.partition("</h1>")[2]
    for forbidden in ("<script", "<b", "javascript:", "onload=", "onerror="):
        assert forbidden not in shown
    assert "&lt;script&gt;alert(1)" in mail.html
    assert "\n" not in mail.subject
    assert mail.text.startswith(EVIL)


def test_own_words_are_written_where_they_are_in_the_readers_language() -> None:
    own = {"de": Words("Danke", "Eigenes"), "fr": Words("Merci", "À nous")}
    subjects = {
        locale: RENDERER.render("order_placed", locale, PLACED, own).subject
        for locale in ("de-AT", "fr-CA", "en", "tlh")
    }
    assert subjects == {
        "de-AT": "Danke",
        "fr-CA": "Merci",
        "en": "Your order SG-1042",
        "tlh": "Your order SG-1042",
    }
    french = RENDERER.render("order_placed", "fr", PLACED, own)
    assert '<html lang="fr" dir="ltr">' in french.html
    assert french.text.startswith("À nous\n")


def test_words_that_cannot_be_filled_leave_the_built_in_ones() -> None:
    own = {"en": Words("{{ gone }}", "x")}
    assert RENDERER.render("order_placed", "en", PLACED, own).subject == "Your order SG-1042"
    own = {"en": Words("", "{{ gone }}")}
    assert "SG-1042" in RENDERER.short("order_placed", "en", PLACED, own)


def test_markup_as_text_keeps_paragraphs_and_addresses() -> None:
    html = '<p>Hello\n <b>you</b></p><ul><li>one</li><li>two</li></ul><a href="https://a.b/">A</a>'
    assert text_of(html) == "Hello you\n\none\n\ntwo\n\nA: https://a.b/"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("ada@example.com", "a…@example.com"),
        ("+491701234567", "+49…67"),
        ('"a@b"@c.example', '"…@c.example'),
    ],
)
def test_recipients_are_shortened(given: str, shown: str) -> None:
    assert masked(given) == shown
