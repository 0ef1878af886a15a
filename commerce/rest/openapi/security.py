"""How a dialect's clients prove themselves, as OpenAPI has it.

Which of the ways a dialect knows is found out by its own function that looks for a credential.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

from starlette.datastructures import Headers

from commerce.rest.credentials import API_KEY, SESSION, TOKEN
from commerce.rest.query import Query
from commerce.rest.route import Dialect

Json = dict[str, Any]
KEY: Final = "0123456789abcdef"
BASIC: Final = b64encode(f"{KEY}:".encode()).decode()
# What is sent, and what it is called.
WAYS: Final[tuple[tuple[str, dict[str, str], str, Json], ...]] = (
    ("bearer", {"Authorization": f"Bearer {KEY}"}, "", {"type": "http", "scheme": "bearer"}),
    ("basic", {"Authorization": f"Basic {BASIC}"}, "", {"type": "http", "scheme": "basic"}),
    ("apiKey", {API_KEY: KEY}, "", {"type": "apiKey", "in": "header", "name": API_KEY}),
    ("apiKeyInQuery", {}, API_KEY, {"type": "apiKey", "in": "query", "name": API_KEY}),
    ("tokenInQuery", {}, TOKEN, {"type": "apiKey", "in": "query", "name": TOKEN}),
)


def schemes_of(dialect: Dialect) -> dict[str, Json]:
    return dict(_known(dialect))


def takes_sessions(dialect: Dialect) -> bool:
    """Whether browsers may send cookies; a page of another shop is then refused what changes
    something."""
    return dialect.credential(Headers({"Cookie": f"{SESSION}={KEY}"}), Query()) is not None


def requirement(dialect: Dialect, scopes: Sequence[str]) -> list[dict[str, list[str]]]:
    """Any of the ways, with these scopes."""
    return [{name: list(scopes)} for name, _scheme in _known(dialect)]


def _known(dialect: Dialect) -> Iterator[tuple[str, Json]]:
    for name, headers, parameter, scheme in WAYS:
        query = Query(((parameter, KEY),) if parameter else ())
        if dialect.credential(Headers(headers), query) is not None:
            yield name, scheme
