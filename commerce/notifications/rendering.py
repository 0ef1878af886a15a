"""Fills the templates of mails: a subject, a text, and the same as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from babel import Locale
from babel.dates import format_timedelta
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from commerce.notifications.messages import MAILS, TEXTS, Words
from commerce.notifications.own_words import OwnWords
from commerce.notifications.rules import SOURCE_LANGUAGE, language_chain
from commerce.notifications.text import one_line
from commerce.notifications.translations import (
    TranslationError,
    catalogues_in,
    known_locale,
    translations_for,
)

SHIPPED: Final = Path(__file__).parent
TEMPLATES: Final = "templates"
SUBJECT_LENGTH: Final = 150
TEXT_LENGTH: Final = 1000  # of a short message; gateways cut it in parts of 67 to 160
NO_WORDS: Final[Mapping[str, Words]] = {}
FLAWS: Final = (TemplateError, TypeError, ValueError, LookupError)
# What the store's own words can come to beside: they are compiled when they are used.
OWN_FLAWS: Final = (*FLAWS, ArithmeticError, AttributeError, RecursionError, SyntaxError)
log: Final = structlog.get_logger("commerce.notifications")


class TemplateFlawError(Exception):
    """A template or catalogue that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """`language` is the one it was written in: `de` for a reader who asked for `de-AT`."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class Store:
    """What every template may speak of. `links_url` is where the storefront's pages are."""

    name: str
    links_url: str


class MailRenderer:
    """The shipped templates, each of which a file of the same name in `overrides` replaces.

    Templates run in a sandbox: they are the owner's words, not the owner's code.
    """

    def __init__(self, store: Store, overrides: Path | None = None) -> None:
        own = [SHIPPED] if overrides is None else [overrides, SHIPPED]
        folders = [SHIPPED / TEMPLATES] if overrides is None else [overrides, SHIPPED / TEMPLATES]
        self._loader = FileSystemLoader(folders)
        self._store = replace(store, name=one_line(store.name))
        self._words = OwnWords()
        try:
            catalogues = catalogues_in(own)
            self._languages = {
                name: self._environment(name, catalogues) for name in {SOURCE_LANGUAGE, *catalogues}
            }
        except TranslationError as error:
            raise TemplateFlawError(str(error)) from None

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._languages)

    def check(self) -> None:
        """Fill every template with examples; raises `TemplateFlawError` for the first bad one."""
        for language in self._languages:
            for template, example in MAILS.items():
                self.render(template, language, example)
            for template, example in TEXTS.items():
                self.short(template, language, example)

    def render(
        self,
        template: str,
        locale: str,
        context: Mapping[str, Any],
        own: Mapping[str, Words] = NO_WORDS,
    ) -> RenderedMail:
        """In the best language there is for `locale`. Raises `TemplateFlawError`.

        Where the store's `own` words cannot be filled, it is written in the built-in ones.
        """
        words = self._own(locale, own)
        if words is not None:
            try:
                return self._in_own_words(*words, context)
            except OWN_FLAWS as error:
                log.warning("own_words_failed", template=template, error=type(error).__name__)
        language = self._language(locale)
        try:
            return self._rendered(template, language, context)
        except FLAWS as error:
            raise _flaw(template, language, error) from error

    def short(
        self,
        template: str,
        locale: str,
        context: Mapping[str, Any],
        own: Mapping[str, Words] = NO_WORDS,
    ) -> str:
        """A short message, likewise."""
        words = self._own(locale, own)
        if words is not None:
            try:
                return self._short_in_own_words(*words, context)
            except OWN_FLAWS as error:
                log.warning("own_words_failed", template=template, error=type(error).__name__)
        language = self._language(locale)
        try:
            filled = self._languages[language].get_template(f"{template}.sms").render(context)
        except FLAWS as error:
            raise _flaw(template, language, error) from error
        return one_line(filled, TEXT_LENGTH)

    def try_own(self, words: Words, language: str, context: Mapping[str, Any]) -> RenderedMail:
        """Raises `TemplateFlawError` where they cannot be filled."""
        try:
            return self._in_own_words(language, words, context)
        except OWN_FLAWS as error:
            raise _flaw("body", language, error) from error

    def try_short(self, words: Words, language: str, context: Mapping[str, Any]) -> str:
        try:
            return self._short_in_own_words(language, words, context)
        except OWN_FLAWS as error:
            raise _flaw("body", language, error) from error

    def _own(self, locale: str, own: Mapping[str, Words]) -> tuple[str, Words] | None:
        """The store's words in a language that is at least as good as the built-in ones."""
        for name in language_chain(locale):
            if name in own:
                return name, own[name]
            if name in self._languages:
                return None
        return None

    def _language(self, locale: str) -> str:
        return next(name for name in language_chain(locale) if name in self._languages)

    def _in_own_words(
        self, language: str, words: Words, context: Mapping[str, Any]
    ) -> RenderedMail:
        around = self._languages[self._language(language)]
        locale = known_locale(language)
        shown = {"language": language.replace("_", "-"), "direction": locale.text_direction}
        given = {**context, **shown, "store": self._store, "link": self._link}
        subject = one_line(self._words.text(words.subject, given), SUBJECT_LENGTH)
        html, text = self._words.body(words.body, given)
        return RenderedMail(
            subject=subject,
            text=around.get_template("own.txt").render(body=text).strip() + "\n",
            html=around.get_template("own.html").render(body=html, subject=subject, **shown),
            language=shown["language"],
        )

    def _short_in_own_words(self, language: str, words: Words, context: Mapping[str, Any]) -> str:
        given = {**context, "language": language.replace("_", "-"), "store": self._store}
        return one_line(self._words.text(words.body, {**given, "link": self._link}), TEXT_LENGTH)

    def _rendered(self, template: str, language: str, context: Mapping[str, Any]) -> RenderedMail:
        environment = self._languages[language]
        text = environment.get_template(f"{template}.txt")
        subject = one_line(
            "".join(text.blocks["subject"](text.new_context(dict(context)))), SUBJECT_LENGTH
        )
        html = environment.get_template(f"{template}.html")
        return RenderedMail(
            subject=subject,
            text=text.render(context).strip() + "\n",
            html=html.render(context, subject=subject),
            language=language.replace("_", "-"),
        )

    def _environment(self, name: str, catalogues: Any) -> ImmutableSandboxedEnvironment:
        locale = known_locale(name)
        environment = ImmutableSandboxedEnvironment(
            loader=self._loader,
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            extensions=["jinja2.ext.i18n"],
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension's
            translations_for(name, catalogues), newstyle=True
        )
        environment.filters["duration"] = partial(_duration, locale=locale)
        environment.filters["one_line"] = one_line
        environment.globals |= {
            "store": self._store,
            "link": self._link,
            "language": name.replace("_", "-"),
            "direction": locale.text_direction,
        }
        return environment

    def _link(self, path: str, **query: str) -> str:
        """An address on the storefront: `link("/account/verify", token=token)`."""
        address = self._store.links_url.rstrip("/") + path
        return f"{address}?{urlencode(query)}" if query else address


def _duration(value: timedelta, locale: Locale) -> str:
    return format_timedelta(value, locale=locale, threshold=1.5)


def _flaw(template: str, language: str, error: Exception) -> TemplateFlawError:
    return TemplateFlawError(f"{template} in {language}: {error or type(error).__name__}")
