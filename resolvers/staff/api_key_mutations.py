"""Issuing, changing, rotating and revoking API keys."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.staff.rules.key_terms import KeyTerms
from commerce.staff.service.api_keys import OVERLAP_HOURS
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.staff.api_keys import ApiKey
from resolvers.staff.key_kinds import RestDialect

UNSET: Any = strawberry.UNSET


@strawberry.input(description="A key to issue.")
class ApiKeyCreateInput:
    name: str = strawberry.field(description="What it is for.")
    scopes: list[Scope] = strawberry.field(
        description="What it may do, no more than you may yourself; empty for a public key."
    )
    dialect: RestDialect | None = optional("The REST API it is for; absent, all and GraphQL.")
    is_public: bool = strawberry.field(
        default=False, description="Ecwid's public kind, which sees what visitors see."
    )
    with_password: bool = strawberry.field(
        default=False, description="Cartino: have Basic authentication send a password with it."
    )
    allowed_ips: list[str] | None = optional(
        "Addresses and networks it works from, such as 192.0.2.7 or 2001:db8::/32; none, all."
    )
    expires_at: datetime | None = optional("When it stops working; absent, never.")
    calls_per_minute: int | None = optional(
        "How often it may call in a minute, 1 to 100000, in place of the rates all keys have."
    )
    reference: str | None = optional(
        "Your own name for it. A second key of the same reference is refused as `TAKEN`, so "
        "repeating a call whose answer was lost makes no second key: rotate the first instead."
    )

    def terms(self) -> KeyTerms:
        at_most(self.scopes, "scopes")
        at_most(self.allowed_ips or (), "allowedIps")
        return KeyTerms(
            self.name,
            frozenset(self.scopes),
            None if self.dialect is None else self.dialect.value,
            self.expires_at,
            tuple(self.allowed_ips or ()),
            self.is_public,
            self.reference,
            self.calls_per_minute,
        )


@strawberry.input(description="What to change of a key; its secret and its dialect stay.")
class ApiKeyUpdateInput:
    id: strawberry.ID = strawberry.field(description="The key.")
    name: str | None = strawberry.field(default=UNSET, description="What it is for.")
    scopes: list[Scope] | None = strawberry.field(default=UNSET, description="What it may do.")
    allowed_ips: list[str] | None = strawberry.field(
        default=UNSET, description="Addresses and networks it works from; an empty list, all."
    )
    expires_at: datetime | None = strawberry.field(
        default=UNSET, description="When it stops working; null, never."
    )
    calls_per_minute: int | None = strawberry.field(
        default=UNSET,
        description="How often it may call in a minute; null, at the rates all keys have.",
    )

    def changes(self) -> dict[str, Any]:
        values = given(self, "id", nullable=("expires_at", "calls_per_minute"))
        for name, kind in (("scopes", frozenset), ("allowed_ips", tuple)):
            if name in values:
                at_most(values[name], name)
                values[name] = kind(values[name])
        return values


@strawberry.input(description="A key to give another secret.")
class ApiKeyRotateInput:
    id: strawberry.ID = strawberry.field(description="The key.")
    overlap_hours: int = strawberry.field(
        default=OVERLAP_HOURS,
        description="How long the secret in use stays good: 0 (it ends at once) to 720.",
    )


@strawberry.input(description="A key to make useless.")
class ApiKeyRevokeInput:
    id: strawberry.ID = strawberry.field(description="The key.")


@strawberry.type(description="The key with its new secret, or why there is none.")
class ApiKeySecretPayload:
    api_key: ApiKey | None = public("The key; null with errors.")
    secret: str | None = public("The whole key, shown this once; null with errors.")
    password: str | None = public("The new key's password, shown this once, if it has one.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "ApiKeySecretPayload":
        if isinstance(result, Problem):
            errors = [user_error(result)]
            return cls(api_key=None, secret=None, password=None, user_errors=errors)
        shown = ApiKey.of(result.row)
        return cls(api_key=shown, secret=result.text, password=result.password, user_errors=[])


@strawberry.type(description="The key as it is now, or why nothing was changed.")
class ApiKeyPayload:
    api_key: ApiKey | None = public("The key; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "ApiKeyPayload":
        if isinstance(result, Problem):
            return cls(api_key=None, user_errors=[user_error(result)])
        return cls(api_key=ApiKey.of(result), user_errors=[])


@strawberry.type
class ApiKeyMutations:
    @mutation(Scope.WRITE_API_KEYS, description="Issue a key; the answer alone shows it.")
    async def api_key_create(self, info: Info, input: ApiKeyCreateInput) -> ApiKeySecretPayload:
        keys = info.context.services.api_keys
        return ApiKeySecretPayload.of(await keys.issue(input.terms(), input.with_password))

    @mutation(Scope.WRITE_API_KEYS, description="Change the given parts of a key.")
    async def api_key_update(self, info: Info, input: ApiKeyUpdateInput) -> ApiKeyPayload:
        id_ = require_key(input.id, "ApiKey", "id")
        if isinstance(id_, Problem):
            return ApiKeyPayload.of(id_)
        keys = info.context.services.api_keys
        return ApiKeyPayload.of(await keys.update(id_, input.changes()))

    @mutation(
        Scope.WRITE_API_KEYS,
        description="Give a key another secret. The one in use stays good for a while; a secret "
        "that was never used gives way at once, so repeating the call cuts nobody off.",
    )
    async def api_key_rotate(self, info: Info, input: ApiKeyRotateInput) -> ApiKeySecretPayload:
        id_ = require_key(input.id, "ApiKey", "id")
        if isinstance(id_, Problem):
            return ApiKeySecretPayload.of(id_)
        keys = info.context.services.api_keys
        return ApiKeySecretPayload.of(await keys.rotate(id_, input.overlap_hours))

    @mutation(
        Scope.WRITE_API_KEYS,
        description="Make a key useless for good, on every server within a second.",
    )
    async def api_key_revoke(self, info: Info, input: ApiKeyRevokeInput) -> ApiKeyPayload:
        id_ = require_key(input.id, "ApiKey", "id")
        if isinstance(id_, Problem):
            return ApiKeyPayload.of(id_)
        return ApiKeyPayload.of(await info.context.services.api_keys.revoke(id_))
