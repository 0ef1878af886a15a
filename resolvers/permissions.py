"""Who may select a field: said where it is declared, printed in the SDL, checked per operation.

`public` and `requires` declare a field with its description. A schema with a field that was
declared otherwise does not build: nothing is readable because somebody forgot to say so.
"""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField

from commerce.core.viewer import Scope
from resolvers.enums import described

described(
    Scope,
    "What an API key can be allowed to do.",
    READ_PRODUCTS="See the whole catalogue, whatever its status.",
    WRITE_PRODUCTS="Change the catalogue.",
    READ_PRICES="See price lists, costs and prices on request.",
    WRITE_PRICES="Change price lists and prices.",
    READ_STOCK="See quantities, locations and the ledger.",
    WRITE_STOCK="Change quantities and locations.",
)
Policies = Mapping[tuple[str, str], frozenset[Scope]]


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Readable by everybody, as far as the object it belongs to is.",
)
class Public:
    pass


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Only for callers whose API key holds every one of `scopes`.",
)
class Requires:
    scopes: list[Scope]


class MissingPolicyError(Exception):
    """Fields were declared without saying who may select them."""


def public(description: str, **options: Any) -> Any:
    """A field for everybody: an attribute, or a resolver when used as a decorator."""
    return strawberry.field(description=description, directives=[Public()], **options)


def requires(*scopes: Scope, description: str, **options: Any) -> Any:
    """A field for viewers that hold all of `scopes`."""
    return strawberry.field(
        description=description, directives=[Requires(scopes=list(scopes))], **options
    )


def field_policies(schema: GraphQLSchema) -> Policies:
    """The scopes each `(type, field)` asks for; raises naming every field without a policy."""
    policies: dict[tuple[str, str], frozenset[Scope]] = {}
    missing: list[str] = []
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            scopes = _scopes(field.extensions.get("strawberry-definition"))
            if scopes is None:
                missing.append(f"{type_.name}.{name}")
            else:
                policies[type_.name, name] = scopes
    if missing:
        raise MissingPolicyError(f"No policy on {', '.join(sorted(missing))}.")
    return policies


def _scopes(field: StrawberryField | None) -> frozenset[Scope] | None:
    """The scopes declared on a field: empty for public ones, None when nothing was declared."""
    for directive in field.directives if field is not None else ():
        if isinstance(directive, Public):
            return frozenset()
        if isinstance(directive, Requires):
            return frozenset(directive.scopes)
    return None
