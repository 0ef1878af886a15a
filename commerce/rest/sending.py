"""From a reply to bytes: JSON, its tag, and what every answer carries."""

import gzip
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Final

from starlette.responses import Response

from commerce.core.limiter import Allowance
from commerce.rest.incoming import READING, Incoming
from commerce.rest.limits import rate_headers
from commerce.rest.printing import to_json
from commerce.rest.route import Dialect, Reply

VARY: Final = (
    "Authorization, Cookie, X-API-KEY, Accept, Accept-Encoding, X-Api-Dialect, X-Litekart-Store"
)
WORTH_ZIPPING: Final = 1_000  # bytes
LEVEL: Final = 5
TAG_BYTES: Final = 12


def response_of(
    reply: Reply, dialect: Dialect, incoming: Incoming, allowance: Allowance | None
) -> Response:
    """Every answer depends on a key: only its holder may keep it, and must ask each time."""
    reads = incoming.method in READING and reply.status == 200
    headers = {
        "X-Api-Dialect": dialect.name,
        "Vary": VARY,
        "Cache-Control": "private, no-cache" if reads else "no-store",
        **dict(rate_headers(dialect, allowance)),
        **reply.headers,
    }
    if reply.body is None:
        return Response(status_code=reply.status, headers=headers)
    body = to_json(reply.body)
    if reads:
        headers["ETag"] = tag_of(body)
        if _knows(incoming, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    return _filled(body, reply.status, headers, incoming)


def tag_of(body: bytes) -> str:
    """Weak: the same JSON is sent plain and compressed."""
    return f'W/"{blake2b(body, digest_size=TAG_BYTES).hexdigest()}"'


def _filled(body: bytes, status: int, headers: Mapping[str, str], incoming: Incoming) -> Response:
    more = {"Content-Encoding": "gzip"} if _zips(body, incoming) else {}
    sent = gzip.compress(body, LEVEL, mtime=0) if more else body
    if incoming.method == "HEAD":
        more["Content-Length"] = str(len(sent))
        sent = b""
    return Response(sent, status, {**headers, **more}, media_type="application/json")


def _zips(body: bytes, incoming: Incoming) -> bool:
    return len(body) >= WORTH_ZIPPING and "gzip" in set(_accepted(incoming))


def _accepted(incoming: Incoming) -> Iterator[str]:
    for entry in incoming.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, quality = (part.strip() for part in entry.partition(";"))
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            yield coding


def _knows(incoming: Incoming, tag: str) -> bool:
    """Tags are compared weakly, as RFC 9110 says of reads."""
    known = incoming.headers.get("If-None-Match", "")
    tags = {each.strip().removeprefix("W/") for each in known.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
