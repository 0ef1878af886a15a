from base64 import b64encode

import pytest
from starlette.datastructures import Headers

from commerce.rest.credentials import (
    api_key,
    bearer,
    bearer_basic_or_session,
    bearer_or_token,
)
from commerce.rest.incoming import Incoming
from commerce.rest.query import Query
from commerce.rest.route import Credential, Scheme

HEX = "0bb18b34ba33cb2d7c55d568353fdc6f345b8d78"


def headers(authorization: str = "", key: str = "") -> Headers:
    given = {"Authorization": authorization, "X-API-KEY": key}
    return Headers({name: value for name, value in given.items() if value})


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("Bearer ls_1", Credential(Scheme.BEARER, "ls_1")),
        ("bearer  ls_1 ", Credential(Scheme.BEARER, "ls_1")),
        (basic("sk_live_1:secret"), Credential(Scheme.BASIC, "sk_live_1", "secret")),
        (basic("sk_live_1:se:cret"), Credential(Scheme.BASIC, "sk_live_1", "se:cret")),
        (basic("sk_live_1:"), Credential(Scheme.BASIC, "sk_live_1")),
        (basic("sk_live_1"), Credential(Scheme.BASIC, "sk_live_1")),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Bearer a b", None),
        ("Bearer é", None),
        ("Bearer " + "a" * 513, None),
        ("Digest abc", None),
        ("Basic !!!", None),
        ("Basic /////w==", None),  # no UTF-8
        (basic(":secret"), None),
        (basic("sk\0live:secret"), None),
    ],
)
def test_the_authorization_header(authorization: str, expected: Credential | None) -> None:
    assert bearer_basic_or_session(headers(authorization), Query()) == expected
    wanted = expected if expected is None or expected.scheme is Scheme.BEARER else None
    assert bearer(headers(authorization), Query()) == wanted


@pytest.mark.parametrize(
    ("header", "query", "key"),
    [
        (HEX, b"", HEX),
        ("", b"X-API-KEY=" + HEX.encode(), HEX),
        (HEX, b"X-API-KEY=other", HEX),  # the header wins
        ("", b"X-API-KEY=", None),
        ("", b"X-API-KEY=%00", None),
        ("", b"", None),
    ],
)
def test_the_key_in_header_or_query(header: str, query: bytes, key: str | None) -> None:
    found = api_key(headers(key=header), Query.parse(query))
    assert found == (None if key is None else Credential(Scheme.API_KEY, key))


def test_a_credential_keeps_its_secrets_from_logs() -> None:
    assert "hidden" not in repr(Credential(Scheme.BASIC, "hidden-key", "hidden-password"))


@pytest.mark.parametrize(
    ("authorization", "query", "key"),
    [
        ("Bearer secret_1", b"token=secret_2", "secret_1"),
        ("", b"token=secret_2", "secret_2"),
        ("Basic !!!", b"token=secret_2", "secret_2"),
        ("", b"token=", None),
        ("", b"token=a%20b", None),
    ],
)
def test_ecwid_prefers_the_header_to_the_token_in_the_address(
    authorization: str, query: bytes, key: str | None
) -> None:
    found = bearer_or_token(headers(authorization), Query.parse(query))
    assert (None if found is None else found.key) == key


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/api/v3/1/products", b"a=1"),
        ("/api/v3", b"a=1"),
        ("/api/v30", b"a=1&token=secret_2"),
        ("/v1/product", b"a=1&token=secret_2"),
    ],
)
def test_no_log_sees_ecwids_token(path: str, left: bytes) -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "scheme": "http",
        "headers": [],
        "query_string": b"a=1&token=secret_2&x-api-key=secret_3",
    }
    incoming = Incoming.read(scope, "http://shop.test")
    assert scope["query_string"] == left
    assert incoming.query.get("token") == "secret_2"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"Cookie": "cartino_session=a.b.c"}, Credential(Scheme.COOKIE, "a.b.c")),
        (
            {"Cookie": "x=1; cartino_session=a.b.c", "X-CSRF-TOKEN": "t"},
            Credential(Scheme.COOKIE, "a.b.c", "t"),
        ),
        (
            {"Cookie": "cartino_session=a.b.c", "X-XSRF-TOKEN": "t"},
            Credential(Scheme.COOKIE, "a.b.c", "t"),
        ),
        (
            {"Cookie": "cartino_session=a.b.c", "Authorization": "Bearer k"},
            Credential(Scheme.BEARER, "k"),
        ),
        ({"Cookie": "cartino_session=a.b.c", "Authorization": "Digest k"}, None),
        ({"Cookie": "other=a.b.c", "X-CSRF-TOKEN": "t"}, None),
    ],
)
def test_a_session_counts_without_an_authorization(
    sent: dict[str, str], expected: Credential | None
) -> None:
    assert bearer_basic_or_session(Headers(sent), Query()) == expected
