"""What a field costs that its type does not tell."""

from typing import Final

import strawberry
from graphql import GraphQLField
from strawberry.schema_directive import Location

SIZE: Final = "storegraph-size"  # the extension of fields that no class declares


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many objects the list is counted as in the cost of an operation.",
)
class ListSize:
    assumed_size: int


def assumed_size(field: GraphQLField | None) -> int:
    """1 unless the field says otherwise: most plain lists are short."""
    extensions = field.extensions if field is not None else {}
    if SIZE in extensions:
        return int(extensions[SIZE])
    declared = extensions.get("strawberry-definition")
    for directive in getattr(declared, "directives", ()):
        if isinstance(directive, ListSize):
            return directive.assumed_size
    return 1
