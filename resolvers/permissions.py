"""Who may select a field: said where it is declared, printed in the SDL, checked per operation.

`public`, `requires` and `owner` declare a field with its description. A schema with a field that
was declared otherwise does not build: nothing is readable because somebody forgot to say so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField

from commerce.core.viewer import PUBLIC, Policy, Scope
from resolvers.enums import described

described(
    Scope,
    "What staff and API keys can be allowed to do.",
    READ_PRODUCTS="See the whole catalogue, whatever its status.",
    WRITE_PRODUCTS="Change the catalogue.",
    READ_PRICES="See price lists, costs and prices on request.",
    WRITE_PRICES="Change price lists and prices.",
    READ_STOCK="See quantities, locations and the ledger.",
    WRITE_STOCK="Change quantities and locations.",
    READ_CUSTOMERS="See customers, their addresses and groups.",
    WRITE_CUSTOMERS="Change customers, their addresses and groups.",
    ERASE_CUSTOMERS="Hand out and erase all that is held about a customer.",
    READ_STAFF="See staff and roles.",
    WRITE_STAFF="Invite and deactivate staff, change roles.",
    READ_API_KEYS="See API keys and OAuth clients; never their secrets.",
    WRITE_API_KEYS="Issue, rotate and revoke API keys and OAuth clients.",
    READ_AUDIT_LOG="See who changed what.",
    READ_EVENTS="Read the log of events, and listen to it.",
    READ_JOBS="See the jobs of everybody.",
    WRITE_JOBS="Cancel and repeat the jobs of everybody.",
    READ_WEBHOOKS="See which addresses are told of events, and what was delivered.",
    WRITE_WEBHOOKS="Have addresses told of events, as far as you may read them yourself.",
    READ_FILES="See files, also those that buyers pay for.",
    WRITE_FILES="Upload and delete files.",
    READ_SETTINGS="See how the store is set up: taxes, shipping, payment methods, numbers.",
    WRITE_SETTINGS="Change how the store is set up.",
    READ_PROMOTIONS="See promotions and coupons.",
    WRITE_PROMOTIONS="Change promotions and coupons.",
    READ_GIFT_CARDS="See gift cards and what was paid with them.",
    WRITE_GIFT_CARDS="Issue, change and disable gift cards.",
    READ_CARTS="See everybody's carts.",
    WRITE_CARTS="Change everybody's carts.",
    READ_ORDERS="See orders, payments and invoices.",
    WRITE_ORDERS="Make, edit, fulfil, cancel and take back orders.",
    CAPTURE_PAYMENTS="Capture and void payments.",
    REFUND_PAYMENTS="Give money back.",
)
Policies = Mapping[tuple[str, str], Policy]


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Readable by everybody, as far as the object it belongs to is.",
)
class Public:
    pass


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Only for staff and API keys that hold every one of `scopes`.",
)
class Requires:
    scopes: list[Scope]


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="For whoever is signed in, about their own things alone, and for staff and API "
    "keys that hold every one of `scopes`, when some are named.",
)
class Owner:
    scopes: list[Scope]


class MissingPolicyError(Exception):
    """Fields were declared without saying who may select them."""


def public(description: str, directives: Sequence[object] = (), **options: Any) -> Any:
    """A field for everybody: an attribute, or a resolver when used as a decorator."""
    every = [Public(), *directives]
    return strawberry.field(description=description, directives=every, **options)


def requires(
    *scopes: Scope, description: str, directives: Sequence[object] = (), **options: Any
) -> Any:
    """A field for viewers that hold all of `scopes`."""
    every = [Requires(scopes=list(scopes)), *directives]
    return strawberry.field(description=description, directives=every, **options)


def owner(
    *scopes: Scope, description: str, directives: Sequence[object] = (), **options: Any
) -> Any:
    """A field for people about what is their own, and for viewers that hold all of `scopes`."""
    every = [Owner(scopes=list(scopes)), *directives]
    return strawberry.field(description=description, directives=every, **options)


def field_policies(schema: GraphQLSchema) -> Policies:
    """The policy of each `(type, field)`; raises naming every field without one."""
    policies: dict[tuple[str, str], Policy] = {}
    missing: list[str] = []
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            policy = _policy(field.extensions.get("strawberry-definition"))
            if policy is None:
                missing.append(f"{type_.name}.{name}")
            else:
                policies[type_.name, name] = policy
    if missing:
        raise MissingPolicyError(f"No policy on {', '.join(sorted(missing))}.")
    return policies


def _policy(field: StrawberryField | None) -> Policy | None:
    """The policy declared on a field; None when nothing was declared."""
    for directive in field.directives if field is not None else ():
        if isinstance(directive, Public):
            return PUBLIC
        if isinstance(directive, Requires):
            return Policy(frozenset(directive.scopes))
        if isinstance(directive, Owner):
            return Policy(frozenset(directive.scopes), owner=True)
    return None
