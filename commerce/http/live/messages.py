"""The messages of `graphql-transport-ws`, and the codes that end a connection."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from commerce.core.exact_json import JsonError, read_json, write_json

PROTOCOL: Final = "graphql-transport-ws"
MAX_ID: Final = 128  # characters

INIT: Final = "connection_init"
ACK: Final = "connection_ack"
PING: Final = "ping"
PONG: Final = "pong"
SUBSCRIBE: Final = "subscribe"
NEXT: Final = "next"
ERROR: Final = "error"
COMPLETE: Final = "complete"
SENT_BY_CLIENTS: Final = frozenset({INIT, PING, PONG, SUBSCRIBE, COMPLETE})
WITH_ID: Final = frozenset({SUBSCRIBE, COMPLETE})


class Code(IntEnum):
    """Those of the protocol; `TRY_LATER` is WebSocket's own, `TOO_SLOW` ours."""

    TRY_LATER = 1013
    BAD_MESSAGE = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    OTHER_PROTOCOL = 4406
    NO_INIT = 4408
    ID_IN_USE = 4409
    SECOND_INIT = 4429
    TOO_SLOW = 4508


class ClosingError(Exception):
    """Ends the connection; `reason` has at most 123 bytes."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    type: str
    id: str = ""
    payload: Any = None


def read_message(text: str | None) -> Message:
    """Raises `ClosingError` for what is no message of a client."""
    try:
        found = None if text is None else read_json(text)
    except JsonError:
        found = None
    if not isinstance(found, dict):
        raise _bad("A message must be a JSON object.")
    kind, id_ = found.get("type"), found.get("id", "")
    if not isinstance(kind, str) or kind not in SENT_BY_CLIENTS:
        raise _bad("The message has no type that is known.")
    if not isinstance(id_, str) or len(id_) > MAX_ID or (kind in WITH_ID and not id_):
        raise _bad(f"The id must be a text of 1 to {MAX_ID} characters.")
    payload = found.get("payload")
    if not isinstance(payload, dict) and (kind == SUBSCRIBE or payload is not None):
        raise _bad("The payload must be an object.")
    return Message(kind, id_, payload)


def written(kind: str, id_: str | None = None, payload: Any = None) -> str:
    message = {"type": kind}
    if id_ is not None:
        message["id"] = id_
    if payload is not None:
        message["payload"] = payload
    return write_json(message).decode()


def _bad(reason: str) -> ClosingError:
    return ClosingError(Code.BAD_MESSAGE, reason)
