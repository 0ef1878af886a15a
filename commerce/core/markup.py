"""Markup."""

import re
from typing import Final

import nh3

BLOCKS: Final = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote)\b[^>]*>", re.IGNORECASE
)
SPACES: Final = re.compile(r"\s+")


def clean_html(html: str) -> str:
    """Markup that is safe to show: no scripts, handlers or `javascript:` addresses."""
    return nh3.clean(html)


def plain_text(html: str) -> str:
    """What a person reads of `html`."""
    spaced = BLOCKS.sub(" ", html)
    text = nh3.clean(spaced, tags=set())
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return SPACES.sub(" ", text).strip()
