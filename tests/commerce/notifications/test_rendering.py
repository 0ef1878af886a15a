from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from commerce.notifications.messages import MAILS, TEXTS
from commerce.notifications.rendering import (
    SHIPPED,
    MailRenderer,
    RenderedMail,
    Store,
    TemplateFlawError,
)
from commerce.notifications.translations import catalogues_in, translations_for

STORE = Store("Käse & Co", "https://shop.example/start/")
LINK = {"token": "abc", "valid_for": timedelta(hours=2)}
RESET = "https://shop.example/start/account/reset-password?token=abc"
TEMPLATES = SHIPPED / "templates"


@pytest.fixture(scope="module")
def renderer() -> MailRenderer:
    return MailRenderer(STORE)


def phrases() -> set[str]:
    """Everything that the shipped templates have translated."""
    environment = Environment(extensions=["jinja2.ext.i18n"])  # to read with, not to render
    environment.policies["ext.i18n.trimmed"] = True
    found: set[str] = set()
    for file in TEMPLATES.iterdir():
        for _line, _function, message in environment.extract_translations(file.read_text()):  # type: ignore[attr-defined]  # the extension's
            found.add(message)
    return found


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [value or "" for name, value in attributes if name == "href"]


def test_every_phrase_is_translated_to_german() -> None:
    german = translations_for("de", catalogues_in([SHIPPED]))
    wanted = phrases()
    assert len(wanted) > 20
    assert [phrase for phrase in wanted if german.gettext(phrase) == phrase] == []


def test_every_shipped_mail_has_an_example_and_the_other_way_round() -> None:
    files = {file.name for file in TEMPLATES.iterdir()} - {
        "layout.txt",
        "layout.html",
        "parts.html",
        "own.txt",
        "own.html",
    }
    mails = {f"{name}.{kind}" for name in MAILS for kind in ("txt", "html")}
    assert files == mails | {f"{name}.sms" for name in TEXTS}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("template", TEXTS)
def test_a_short_message_is_one_line_and_says_all_it_is_given(
    renderer: MailRenderer, template: str, language: str
) -> None:
    text = renderer.short(template, language, TEXTS[template])
    assert "SG-1042" in text
    assert "\n" not in text
    for missing in TEXTS[template]:
        context = {name: value for name, value in TEXTS[template].items() if name != missing}
        if missing == "token" and "tracking_url" in context:
            continue  # the parcel can be followed without it
        with pytest.raises(TemplateFlawError):
            renderer.short(template, language, context)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("template", MAILS)
def test_every_mail_says_the_same_in_text_and_html(
    renderer: MailRenderer, template: str, language: str
) -> None:
    mail = renderer.render(template, language, MAILS[template])
    assert mail.language == language
    assert mail.subject
    assert "\n" not in mail.subject
    text = " ".join(mail.text.split())
    html = Links(mail.html)
    token_links = [link for link in html.found if "token=" in link]
    assert all(link in text for link in html.found)
    assert bool(token_links) == ("token" in MAILS[template])
    assert "script" not in html.tags
    assert "img" not in html.tags


@pytest.mark.parametrize("template", MAILS)
def test_nothing_undefined_is_printed(renderer: MailRenderer, template: str) -> None:
    for missing in MAILS[template]:
        context = {name: value for name, value in MAILS[template].items() if name != missing}
        with pytest.raises(TemplateFlawError):
            renderer.render(template, "en", context)


@pytest.mark.parametrize(
    ("locale", "language", "subject"),
    [
        ("de", "de", "Neues Passwort wählen"),
        ("de-AT", "de", "Neues Passwort wählen"),
        ("en-GB", "en", "Choose a new password"),
        ("tlh", "en", "Choose a new password"),
        ("../../etc", "en", "Choose a new password"),
    ],
)
def test_a_mail_is_written_in_the_readers_language(
    renderer: MailRenderer, locale: str, language: str, subject: str
) -> None:
    mail = renderer.render("password_reset", locale, LINK)
    assert (mail.language, mail.subject) == (language, subject)
    assert f'<html lang="{language}" dir="ltr">' in mail.html


def test_a_link_leads_to_the_storefront_with_its_token(renderer: MailRenderer) -> None:
    mail = renderer.render("password_reset", "en", LINK)
    assert RESET in mail.text
    assert RESET in Links(mail.html).found
    strange = renderer.render("password_reset", "en", {**LINK, "token": "a b&c=/?"})
    assert "token=a+b%26c%3D%2F%3F" in strange.text


@pytest.mark.parametrize(
    ("locale", "hours", "told"),
    [
        ("en", 2, "within 2 hours"),
        ("de", 2, "ist 2 Stunden gültig"),
        ("de", 48, "ist 2 Tage gültig"),
    ],
)
def test_times_are_told_in_the_readers_language(
    renderer: MailRenderer, locale: str, hours: int, told: str
) -> None:
    context = {**LINK, "valid_for": timedelta(hours=hours)}
    assert told in renderer.render("password_reset", locale, context).text


def hostile(renderer: MailRenderer, inviter: str) -> RenderedMail:
    context = {**MAILS["staff_invitation"], "inviter": inviter}
    return renderer.render("staff_invitation", "de", context)


def test_a_hostile_name_becomes_no_html(renderer: MailRenderer) -> None:
    plain = hostile(renderer, "Eva")
    mail = hostile(renderer, '<script>alert(1)</script><a href="https://evil.example">')
    assert Links(mail.html).tags == Links(plain.html).tags
    assert Links(mail.html).found == Links(plain.html).found
    assert "&lt;script&gt;" in mail.html


def test_a_hostile_name_adds_no_line_and_runs_no_template(renderer: MailRenderer) -> None:
    plain = hostile(renderer, "Eva")
    mail = hostile(renderer, "{{ store }}\n\nPay here: " + "x" * 500)
    assert len(mail.text.splitlines()) == len(plain.text.splitlines())
    assert "{{ store }} Pay here: xxx" in mail.text
    assert "x" * 80 not in mail.text


def test_a_stores_name_is_text_too() -> None:
    mail = MailRenderer(Store("<b>\r\nBcc: x", "https://s.example")).render("test", "en", {})
    assert mail.subject == "A test mail from <b> Bcc: x"
    assert "<b>" not in mail.html


def overriding(folder: Path, files: Mapping[str, str]) -> MailRenderer:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    return MailRenderer(STORE, folder)


HELLO = (
    '{% extends "layout.txt" %}{% block subject %}Hello{% endblock %}'
    "{% block body %}Own{% endblock %}"
)


def test_a_template_of_ones_own_replaces_that_one_alone(tmp_path: Path) -> None:
    renderer = overriding(tmp_path, {"password_reset.txt": HELLO})
    renderer.check()
    mail = renderer.render("password_reset", "en", LINK)
    assert (mail.subject, mail.text.splitlines()[0]) == ("Hello", "Own")
    assert RESET in mail.html
    assert renderer.render("account_exists", "de", {}).subject == "Sie haben bereits ein Konto"


PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{}"\nmsgstr "{}"\n'
SUBJECT = "Choose a new password"


def test_a_catalogue_of_ones_own_adds_a_language(tmp_path: Path) -> None:
    french = PO.format(SUBJECT, "Choisissez un mot de passe")
    renderer = overriding(tmp_path, {"locales/fr.po": french})
    assert renderer.languages == {"en", "de", "fr"}
    mail = renderer.render("password_reset", "fr-CA", LINK)
    assert (mail.language, mail.subject) == ("fr", "Choisissez un mot de passe")
    assert "probably you" in mail.text  # what it lacks stays English


def test_a_catalogue_of_ones_own_replaces_single_phrases(tmp_path: Path) -> None:
    files = {"locales/de.po": PO.format(SUBJECT, "Passwort neu"),
             "locales/de_AT.po": PO.format("Sign in", "Einloggen")}  # fmt: skip
    renderer = overriding(tmp_path, files)
    mail = renderer.render("password_reset", "de-AT", LINK)
    assert (mail.language, mail.subject) == ("de-AT", "Passwort neu")
    assert "vermutlich Sie selbst" in mail.text
    assert "Einloggen" in renderer.render("account_exists", "de-AT", {}).html


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("test.txt", "{% block subject %}", "test in"),
        ("test.html", "{{ no_such_name }}", "no_such_name"),
        ("test.txt", "no subject", "test in"),
        ("test.html", "{{ ().__class__.__mro__ }}", "unsafe"),
        ("locales/de.po", 'msgid "broken', "de.po"),
        ("locales/xx_yy_zz.po", PO.format("a", "b"), "xx_yy_zz.po"),
        ("locales/de.po", PO.format("A test mail from %(store)s", "%(nobody)s"), "test in de"),
    ],
)
def test_a_flaw_is_found_at_the_start_and_named(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    with pytest.raises(TemplateFlawError, match=told):
        overriding(tmp_path, {name: content}).check()


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ link.__func__.__globals__ }}",
        "{{ store.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    ],
)
def test_templates_run_in_a_sandbox(tmp_path: Path, attack: str) -> None:
    renderer = overriding(tmp_path, {"test.html": attack})
    with pytest.raises(TemplateFlawError):
        renderer.render("test", "en", {})


def test_templates_cannot_reach_outside_their_folders(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary-5150")
    own = tmp_path / "own"
    own.mkdir()
    renderer = overriding(own, {"test.html": '{% include "../secret.txt" %}'})
    with pytest.raises(TemplateFlawError):
        renderer.render("test", "en", {})


def test_rendering_leaves_no_trace_for_the_next_mail(renderer: MailRenderer) -> None:
    def mail(inviter: str) -> Any:
        return hostile(renderer, inviter).text

    first = mail("Eva")
    mail("Adam")
    assert mail("Eva") == first
