"""What surrounds every request, from the outside in: frame, cross-origin rules, gate."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from commerce.core.call import REPLAYED
from commerce.http.errors import Envelope, plain_envelope
from commerce.http.metrics import Metrics
from commerce.http.middleware.frame import Frame
from commerce.http.middleware.gate import Gate, GateLimits
from commerce.settings import Settings

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Last-Event-ID",
    "X-API-Key",
    "X-Api-Dialect",
    "X-CSRF-TOKEN",
    "X-Cart-Token",
    "X-Cartino-Sandbox",
    "X-Guest-Token",
    "X-Litekart-Store",
    "X-Request-Id",
    "X-XSRF-TOKEN",
)
ANSWER_HEADERS = (
    "Allow",
    "ETag",
    REPLAYED,
    "Retry-After",
    "WWW-Authenticate",
    "X-Api-Dialect",
    "X-Cart-Token",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)


def middleware(
    settings: Settings,
    metrics: Metrics,
    envelope: Envelope = plain_envelope,
) -> list[Middleware]:
    """For `Starlette(middleware=...)`."""
    limits = GateLimits(
        deadline=settings.request_timeout + 1, upload=settings.upload_megabytes * 1024 * 1024
    )
    return [
        Middleware(Frame, metrics=metrics),
        *_cross_origin(settings),
        Middleware(Gate, limits=limits, envelope=envelope),
    ]


def _cross_origin(settings: Settings) -> list[Middleware]:
    """Browsers of the listed origins may read answers; without a list, none may.

    Cookies are for pages of origins that are listed by name.
    """
    if not settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_credentials="*" not in settings.cors_origins,
            allow_methods=list(METHODS),
            allow_headers=list(REQUEST_HEADERS),
            expose_headers=list(ANSWER_HEADERS),
        )
    ]
