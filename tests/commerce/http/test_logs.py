import json
import logging
from typing import Any

import pytest
import structlog

from commerce.http.logs import configure_logging, redact
from commerce.http.record import RequestRecord, reset_record, set_record
from commerce.settings import Settings
from commerce.staff.rules.api_keys import DIALECTS, new_key

log = structlog.get_logger("test")


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (found,) = capsys.readouterr().err.splitlines()
    event: dict[str, Any] = json.loads(found)
    return event


@pytest.mark.parametrize("dialect", [None, *DIALECTS])
def test_keys_of_every_form_are_blanked(dialect: str | None) -> None:
    key, parts = new_key(dialect)
    event = redact(None, "info", {"event": f"who sent {key}?", "exception": f"KeyError: '{key}'"})
    assert parts.secret not in str(event)
    assert "[redacted]" in event["event"]
    assert "[redacted]" in event["exception"]


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        ("Authorization: Bearer abcdefgh1234", "Authorization: Bearer [redacted]"),
        ("authorization=Basic a2V5OnB3a2V5", "authorization=Basic [redacted]"),
        ("got basic a2V5OnB3a2V5 instead", "got basic [redacted] instead"),
        ("{'X-Api-Key': 'abcd1234'}", "{'X-Api-Key': '[redacted]'}"),
        (
            "GET /v1/product?X-API-KEY=abcd1234&page=2",
            "GET /v1/product?X-API-KEY=[redacted]&page=2",
        ),
        ("postgresql+asyncpg://shop:hush@db/x", "postgresql+asyncpg://shop:[redacted]@db/x"),
        ("redis://:hush@cache", "redis://:[redacted]@cache"),
        ("password=hush1", "password=[redacted]"),
        ("https://example.com/a:b", "https://example.com/a:b"),
        ("basic plan", "basic plan"),
        ("2026-11-22T04:00:00Z /products/1", "2026-11-22T04:00:00Z /products/1"),
    ],
)
def test_secrets_are_blanked_and_nothing_else(text: str, blanked: str) -> None:
    assert redact(None, "info", {"event": text})["event"] == blanked


@pytest.mark.parametrize(
    "quote",
    [
        "invalid input for query argument $1: 'hush' (an integer is required)",
        'invalid input syntax for type integer: "hush"',
        "DETAIL:  Key (slug)=(hush) already exists.",
    ],
)
def test_what_the_database_quotes_is_blanked_in_tracebacks(quote: str) -> None:
    event = redact(
        None, "error", {"event": "x", "exception": f"Traceback\nDBAPIError: {quote}\nend"}
    )
    assert "hush" not in event["exception"]
    assert event["exception"].endswith("[redacted]\nend")


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str], json_logs: None) -> None:
    log.info("stocked", count=3, note="two\nlines")
    event = line(capsys)
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "stocked", "level": "info", "count": 3, "note": "two\nlines"}


def test_values_that_are_no_json_are_shown_as_text(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    log.info("stocked", what={1, 2}, of=object)
    assert line(capsys)["what"] == "{1, 2}"


def test_the_standard_library_writes_the_same_lines(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    logging.getLogger("uvicorn.error").warning("Slow %s", "Bearer abcdefgh1234")
    event = line(capsys)
    assert (event["event"], event["logger"]) == ("Slow Bearer [redacted]", "uvicorn.error")


def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str], json_logs: None) -> None:
    hidden = "canary-4f1d"
    try:
        raise ValueError(len(hidden))
    except ValueError as error:
        log.error("failed", exc_info=error)
    event = line(capsys)
    assert event["exception"].endswith("ValueError: 11")
    assert hidden not in event["exception"].replace(f'hidden = "{hidden}"', "")


def test_lines_carry_the_request(capsys: pytest.CaptureFixture[str], json_logs: None) -> None:
    token = set_record(RequestRecord("order-17"))
    log.info("stocked")
    reset_record(token)
    log.info("later")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first["request_id"] == "order-17"
    assert "request_id" not in second


def test_the_least_level_is_set(capsys: pytest.CaptureFixture[str], json_logs: None) -> None:
    configure_logging(Settings(log_format="json", log_level="error"))
    log.warning("unseen")
    logging.getLogger("uvicorn.error").warning("unseen")
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_readable_lines(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    configure_logging(Settings(log_format="console"))
    log.info("stocked", count=3)
    logging.getLogger("uvicorn.error").info("Started")
    shown = capsys.readouterr().err
    assert "stocked" in shown
    assert "count=3" in shown
    assert "Started" in shown
    assert "{" not in shown
