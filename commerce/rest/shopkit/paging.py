"""The pages of Shopkit's lists."""

from typing import Any, Final

from commerce.rest.fields import Field
from commerce.rest.kinds import whole
from commerce.rest.parameters import MAX_WHOLE, after
from commerce.rest.route import Call

DEFAULT_LIMIT: Final = 25
MAX_LIMIT: Final = 50
PAGING: Final = (
    Field("page", whole(1, MAX_WHOLE), default=1, about="From 1 on."),
    Field("limit", whole(1, MAX_LIMIT, clamped=True), default=DEFAULT_LIMIT),
)


def paged(call: Call) -> dict[str, Any]:
    """The variables of a page."""
    size: int = call.args["limit"]
    return {"first": size, "after": after((call.args["page"] - 1) * size)}
