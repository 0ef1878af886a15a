"""The store's own words for what it sends."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.notifications.messages import MAILS, TEXTS, Words
from commerce.notifications.rendering import MailRenderer, RenderedMail, TemplateFlawError
from commerce.notifications.repository.settings import (
    NotificationTemplateRepository,
    TemplateRow,
)
from commerce.notifications.rules.topics import BY_WAY, SMS, Topic, Way
from commerce.notifications.rules.wording import wording_flaw
from commerce.notifications.service.settings import NO_WAY

NO_LANGUAGE: Final = Invalid("This is no language code: `de`, `de-AT`.", ("language",))
NO_SUBJECT: Final = Invalid("A mail has a subject.", ("subject",))
NO_TEMPLATE: Final = NotFound("There are no words of the store's own to remove.", ("language",))


class NotificationTemplateService:
    def __init__(
        self, templates: NotificationTemplateRepository, renderer: MailRenderer, clock: Clock
    ) -> None:
        self._templates = templates
        self._renderer = renderer
        self._clock = clock

    async def all(self) -> Sequence[TemplateRow]:
        return await self._templates.all()

    async def put(self, way: Way, language: str, words: Words) -> TemplateRow | Problem:
        """Instead of the built-in words, and of those that were there."""
        topic, spoken = BY_WAY.get(way), _spoken(language)
        if topic is None or spoken is None:
            return NO_WAY if topic is None else NO_LANGUAGE
        tried = self._tried(topic, spoken, words)
        if isinstance(tried, Problem):
            return tried
        values = {"subject": words.subject, "body": words.body}
        return await self._templates.put(way, spoken, values, self._clock())

    async def remove(self, way: Way, language: str) -> int | Problem:
        """The built-in words hold again."""
        found = await self._templates.remove(way, _spoken(language) or "")
        return NO_TEMPLATE if found is None else found

    async def preview(self, way: Way, language: str, words: Words | None) -> RenderedMail | Problem:
        """An example, filled: of these `words`, or of what is sent as things are."""
        topic, spoken = BY_WAY.get(way), _spoken(language)
        if topic is None or spoken is None:
            return NO_WAY if topic is None else NO_LANGUAGE
        if words is not None:
            return self._tried(topic, spoken, words)
        own = words_of(await self._templates.of_way(way))
        return self._filled(topic, spoken, own)

    def _tried(self, topic: Topic, language: str, words: Words) -> RenderedMail | Problem:
        if topic.way.channel is not SMS and not words.subject.strip():
            return NO_SUBJECT
        flaw = wording_flaw(words.subject, words.body, example(topic))
        if flaw is not None:
            return flaw
        named = language.replace("-", "_")
        try:
            if topic.way.channel is SMS:
                return _short(self._renderer.try_short(words, named, example(topic)), language)
            return self._renderer.try_own(words, named, example(topic))
        except TemplateFlawError as error:
            return Invalid(str(error), ("body",))

    def _filled(self, topic: Topic, language: str, own: Mapping[str, Words]) -> RenderedMail:
        if topic.way.channel is SMS:
            text = self._renderer.short(topic.template, language, example(topic), own)
            return _short(text, language)
        return self._renderer.render(topic.template, language, example(topic), own)


def example(topic: Topic) -> Mapping[str, Any]:
    """All that a template may use."""
    shown = (TEXTS if topic.way.channel is SMS else MAILS)[topic.template]
    if "news" not in shown:
        return shown
    return {**shown, "news": topic.way.kind.value.removeprefix("order_")}


def words_of(rows: Mapping[str, TemplateRow]) -> dict[str, Words]:
    """By language, as catalogues name it: `de_AT`."""
    return {
        language.replace("-", "_"): Words(row.subject, row.body) for language, row in rows.items()
    }


def _short(text: str, language: str) -> RenderedMail:
    return RenderedMail(subject="", text=text, html="", language=language)


def _spoken(language: str) -> str | None:
    """`DE_at` → `de-AT`."""
    try:
        return str(Locale.parse(language.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None
