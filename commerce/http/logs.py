"""One line per event on standard error: JSON for machines, colours for a terminal.

Nothing that opens a door is ever written: keys, passwords in addresses and `Authorization` values
are blanked in every text, tracebacks included, and so is what database errors quote of a request.
"""

import logging
import logging.config
import re
import sys
from typing import Any, Final

import orjson
import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from commerce.http.record import current_record
from commerce.settings import Settings

BLANK: Final = "[redacted]"
SECRET: Final = re.compile(
    r"(?P<before>"
    r"\b(?:bearer|basic)\s+(?=[^\s\"',]{8})"
    r"|\b(?:x-api-key|authorization|password|secret|token)[\"']?\s*[=:]\s*[\"']?"
    r"(?:(?:bearer|basic)\s+)?(?=[^\s\"',]{4})"
    r"|://[^\s/:@]*:(?=[^\s/@]+@)"  # the password of an address
    r"|\b(?:[a-z]{2}_(?:live_|test_)?|secret_)(?=[0-9A-Za-z]{8}_[0-9A-Za-z]{20})"  # our keys
    r"|\b(?=[0-9a-f]{40}\b)"  # those of the one dialect that has no prefix
    r")[^\s\"',&@]+",
    re.IGNORECASE,
)
SHORTEST: Final = len("token=abcd")
OURS: Final = frozenset({"level", "timestamp"})  # written by the logger itself
# Where the database's own messages quote what a client sent.
QUOTED: Final = re.compile(
    r"(?P<before>query argument \$\d+: |DETAIL:\s+|invalid input (?:syntax|value) for [^:\n]+: ).*"
)
# Libraries that tell on each use what only matters when it goes wrong.
QUIET: Final = ("asyncio", "sqlalchemy", "alembic", "httpx", "httpcore", "uvicorn.asgi", "authlib")
ACCESS_LOG: Final = "uvicorn.access"


def configure_logging(settings: Settings) -> None:
    """Routes structlog and the standard library's loggers to the same lines."""
    logging.config.dictConfig(standard_library(settings))
    structlog.configure(
        processors=[*_shared(), _renderer(_is_json(settings))],
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings)),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )


def standard_library(settings: Settings) -> dict[str, Any]:
    """For `logging.config.dictConfig`, and for uvicorn to pass on to its worker processes."""
    quiet = {name: {"level": "WARNING"} for name in QUIET}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {"()": "commerce.http.logs.formatter", "as_json": _is_json(settings)}
        },
        "handlers": {
            "stderr": {"()": "commerce.http.logs.StandardError", "formatter": "lines"},
        },
        "root": {"handlers": ["stderr"], "level": _level(settings)},
        # The server writes its own line per request, without the query string.
        "loggers": {**quiet, ACCESS_LOG: {"handlers": [], "propagate": False}},
    }


def formatter(as_json: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _renderer(as_json),
        ],
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_shared()],
    )


def _shared() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        structlog.processors.format_exc_info,
        redact,
    ]


def _renderer(as_json: bool) -> Processor:
    if as_json:
        return structlog.processors.JSONRenderer(serializer=_dumps)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _dumps(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record = current_record()
    if record is not None:
        event.setdefault("request_id", record.request_id)
    return event


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and len(value) >= SHORTEST and name not in OURS:
            event[name] = SECRET.sub(rf"\g<before>{BLANK}", value)
    if "exception" in event:
        event["exception"] = QUOTED.sub(rf"\g<before>{BLANK}", event["exception"])
    return event


class StandardError(logging.Handler):
    """Looks the stream up each time: it may be replaced while the process runs."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


class _Lines:
    """What structlog writes to."""

    def __init__(self, *_name: object) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = exception = log = msg


def _is_json(settings: Settings) -> bool:
    if settings.log_format == "auto":
        return not sys.stderr.isatty()
    return settings.log_format == "json"


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]
