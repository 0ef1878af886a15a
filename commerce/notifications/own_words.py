"""Fills the templates that the store's people write in the admin: data, never code."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from commerce.core.markup import clean_html
from commerce.notifications.rules.plain import text_of
from commerce.notifications.rules.wording import FILTERS
from commerce.notifications.text import one_line

LENGTH: Final = 200_000  # characters; a longer one is no mail


class OwnWords:
    """Both know nothing but what `rules.wording` lets templates use."""

    def __init__(self) -> None:
        self._text = _environment(escape=False)
        self._html = _environment(escape=True)

    def text(self, template: str, given: Mapping[str, Any]) -> str:
        return _filled(self._text, template, given)

    def body(self, template: str, given: Mapping[str, Any]) -> tuple[Markup, str]:
        """As HTML that is safe to show whatever is `given`, and as text."""
        html = clean_html(_filled(self._html, template, given))
        return Markup(html), text_of(html)  # noqa: S704  # cleaned in the line above


def _environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=escape)
    environment.filters["one_line"] = one_line
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.globals.clear()
    return environment


def _filled(
    environment: ImmutableSandboxedEnvironment, template: str, given: Mapping[str, Any]
) -> str:
    parts, length = [], 0
    for part in environment.from_string(template).generate(given):
        length += len(part)
        if length > LENGTH:
            raise TemplateRuntimeError("This becomes too long.")
        parts.append(part)
    return "".join(parts)
