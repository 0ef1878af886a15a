"""Cartino's lists: pages by number, or from a cursor on."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from commerce.core.paging import MAX_OFFSET, cursor_at_offset, offset_of
from commerce.core.problems import InvalidCursorError
from commerce.rest.cartino.envelope import links, meta
from commerce.rest.errors import FORGED, invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import phrase, whole
from commerce.rest.parameters import after
from commerce.rest.route import Call, Json, Node

DEFAULT_PER_PAGE: Final = 20
MAX_PER_PAGE: Final = 100
PAGING: Final = (
    Field("page", whole(1, MAX_OFFSET, clamped=True), default=1),
    Field("per_page", whole(1, MAX_PER_PAGE, clamped=True), default=DEFAULT_PER_PAGE),
    Field(
        "cursor",
        phrase(),
        about="In place of `page`: `meta.next_cursor` of another page.",
        hides=True,
        examples=(cursor_at_offset(DEFAULT_PER_PAGE), cursor_at_offset(2 * DEFAULT_PER_PAGE)),
    ),
)


def window(call: Call) -> dict[str, Any]:
    """`first` and `after` of the page that is asked for."""
    args: Mapping[str, Any] = call.args
    size, cursor = args["per_page"], args.get("cursor")
    return {"first": size, "after": cursor or after((args["page"] - 1) * size)}


def listed(connection: Node, call: Call, shape: Callable[[Any], Json]) -> Json:
    """A page of a connection, each node shaped."""
    rows = [shape(node) for node in connection["nodes"]]
    total = connection["totalCount"]["count"]
    info = connection["pageInfo"]
    following = info["endCursor"] if info["hasNextPage"] else None
    return {
        "data": rows,
        "meta": meta(call, total, len(rows), following),
        "links": links(call, total, following),
    }


def whole_list(rows: Sequence[Json], call: Call) -> Json:
    """A page of rows that are all at hand."""
    start, size = _start(call), call.args["per_page"]
    shown = list(rows[start : start + size])
    following = cursor_at_offset(start + size) if start + size < len(rows) else None
    return {
        "data": shown,
        "meta": meta(call, len(rows), len(shown), following),
        "links": links(call, len(rows), following),
    }


def _start(call: Call) -> int:
    """How many rows come before the page; only places are cursors of such a list."""
    cursor = call.args.get("cursor")
    if not cursor:
        before: int = (call.args["page"] - 1) * call.args["per_page"]
        return before
    with suppress(InvalidCursorError):
        offset = offset_of(cursor)
        if offset is not None:
            return offset
    raise invalid("cursor", FORGED)
