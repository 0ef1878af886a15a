"""How a dialect's clients prove themselves, as OpenAPI has it.

Which of the ways a dialect knows is found out by its own function that looks for a credential.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Final

from starlette.datastructures import Headers

from commerce.rest.credentials import API_KEY, CSRF, SESSION, TOKEN
from commerce.rest.query import Query
from commerce.rest.route import Dialect

Json = dict[str, Any]
KEY: Final = "0123456789abcdef"
SESSIONS: Final = "session"
BASIC: Final = b64encode(f"{KEY}:".encode()).decode()


def _named(place: str, name: str) -> Json:
    return {"type": "apiKey", "in": place, "name": name}


# What is sent, and what it is called.
WAYS: Final[tuple[tuple[str, dict[str, str], str, Json], ...]] = (
    ("bearer", {"Authorization": f"Bearer {KEY}"}, "", {"type": "http", "scheme": "bearer"}),
    ("basic", {"Authorization": f"Basic {BASIC}"}, "", {"type": "http", "scheme": "basic"}),
    ("apiKey", {API_KEY: KEY}, "", _named("header", API_KEY)),
    ("apiKeyInQuery", {}, API_KEY, _named("query", API_KEY)),
    ("tokenInQuery", {}, TOKEN, _named("query", TOKEN)),
    (SESSIONS, {"Cookie": f"{SESSION}={KEY}"}, "", _named("cookie", SESSION)),
)
# What shows that a page of the shop sent a session's cookie.
PROOF: Final = ("sessionToken", _named("header", CSRF[0]))


def schemes_of(dialect: Dialect) -> dict[str, Json]:
    known = dict(_known(dialect))
    return known | dict([PROOF]) if SESSIONS in known else known


def takes_sessions(dialect: Dialect) -> bool:
    """Whether browsers may send cookies; a page of another shop is then refused what changes
    something."""
    return SESSIONS in dict(_known(dialect))


def requirement(
    dialect: Dialect, scopes: Sequence[str], *, writes: bool
) -> list[dict[str, list[str]]]:
    """Any of the ways, with these scopes."""
    proof: dict[str, list[str]] = {PROOF[0]: []} if writes else {}
    return [
        {name: list(scopes)} | (proof if name == SESSIONS else {})
        for name, _scheme in _known(dialect)
    ]


def _known(dialect: Dialect) -> Iterator[tuple[str, Json]]:
    for name, headers, parameter, scheme in WAYS:
        query = Query(((parameter, KEY),) if parameter else ())
        if dialect.credential(Headers(headers), query) is not None:
            yield name, scheme
