"""The words of the schema for calls that may be sent again."""

from typing import Annotated, Any, Final

import strawberry
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.schema_directive import Location

IDEMPOTENT: Final = "idempotent"


@strawberry.directive(
    name=IDEMPOTENT,
    locations=[DirectiveLocation.FIELD],
    description="Do this mutation once, however often it is sent: whoever sends the same again "
    "under the same key is answered the same. The header `Idempotency-Key` says it for an "
    "operation with one root field.",
)
def idempotent(
    value: DirectiveValue[Any],
    key: Annotated[
        str, strawberry.argument(description="1 to 255 printable ASCII characters of your own.")
    ],
) -> Any:
    return value


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="API keys and OAuth clients must send an idempotency key with it, unless they give "
    "the input field that does the same.",
)
class NeedsKey:
    unless: str | None = strawberry.UNSET
