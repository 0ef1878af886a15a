"""Requests of OAuth as the protocol reads them."""

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request

from commerce.core.exact_json import JsonError, read_json
from commerce.oauth.protocol import Asked

MAX_FIELDS: Final = 50
MAX_VALUE: Final = 2_000
FORM: Final = "application/x-www-form-urlencoded"
# What error descriptions may repeat (RFC 6749, section 5.2); these parameters have no other.
PLAIN: Final = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")
REPEATED: Final = frozenset({"redirect_uri", "response_type", "grant_type", "client_id"})


class MalformedError(Exception):
    """Parameters that no client of the protocol sends; the message says what is wrong."""


def parameters(raw: bytes) -> Mapping[str, str]:
    """Each parameter once; those without a value count as left out. Raises `MalformedError`."""
    try:
        pairs = parse_qsl(raw.decode(), max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise MalformedError("The parameters cannot be read.") from None
    return _checked(pairs)


def members(raw: bytes) -> Mapping[str, str]:
    """The same of a JSON object, as Cartino's clients may send one. Raises `MalformedError`."""
    try:
        found = read_json(raw)
    except JsonError:
        raise MalformedError("The parameters cannot be read.") from None
    if not isinstance(found, dict) or len(found) > MAX_FIELDS:
        raise MalformedError("The parameters cannot be read.")
    given = {name: value for name, value in found.items() if value not in (None, "")}
    if not all(isinstance(value, str) for value in given.values()):
        raise MalformedError("A parameter is too long or not a text.")
    return _checked(list(given.items()))


def _checked(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("A parameter is given twice.")
    for name, value in pairs:
        if len(value) > MAX_VALUE or "\0" in value:
            raise MalformedError("A parameter is too long or not a text.")
        if name in REPEATED and not PLAIN.fullmatch(value):
            raise MalformedError("A parameter has characters that it cannot have.")
    return found


READERS: Final = {FORM: parameters, "application/json": members}


async def posted(request: Request) -> Asked:
    """A form with the client's proof, or a JSON object with it. Raises `MalformedError`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in READERS:
        raise MalformedError(f"Send the parameters as {FORM}.")
    return Asked("POST", READERS[media](await request.body()), _proof(request))


def _proof(request: Request) -> str:
    """The Authorization header; empty for one that no client could have been given."""
    given = request.headers.get("authorization", "")
    try:
        text = b64decode(given.partition(" ")[2].strip(), validate=True).decode()
    except ValueError:
        return ""
    return given if text.isascii() and unquote(text).isprintable() else ""


def in_address(request: Request) -> Asked:
    """The request that a browser carries to the authorization endpoint."""
    return Asked("GET", parameters(request.scope["query_string"]))
