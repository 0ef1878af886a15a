"""Registering and changing OAuth clients."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.oauth.rules.clients import ClientTerms
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import require_key
from resolvers.oauth.clients import OAuthClient
from resolvers.oauth.kinds import GrantType
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.staff.key_kinds import RestDialect

UNSET: Any = strawberry.UNSET


@strawberry.input(name="OAuthClientCreateInput", description="A program to register.")
class OAuthClientCreateInput:
    name: str = strawberry.field(
        description="What staff are shown when they are to let it in. A second call registers a "
        "second client: look into `oauthClients` after an answer was lost."
    )
    scopes: list[str] = strawberry.field(
        description="OAuth scopes, such as `products:read` or `read_products`: the most it can "
        "be granted, no more than you may yourself."
    )
    grants: list[GrantType] = strawberry.field(description="How it comes to its tokens.")
    redirect_uris: list[str] = strawberry.field(
        default_factory=list, description="Where browsers may be led back to, each letter of it."
    )
    is_public: bool = strawberry.field(
        default=False, description="It runs where no secret can be kept; it must use PKCE."
    )
    dialect: RestDialect | None = optional("The REST API its tokens are for; absent, all.")

    def terms(self) -> ClientTerms:
        for name in ("scopes", "grants", "redirect_uris"):
            at_most(getattr(self, name), name)
        return ClientTerms(
            self.name,
            tuple(self.scopes),
            frozenset(self.grants),
            tuple(self.redirect_uris),
            self.is_public,
            None if self.dialect is None else self.dialect.value,
        )


@strawberry.input(
    name="OAuthClientUpdateInput", description="What to change of a client; the rest stays."
)
class OAuthClientUpdateInput:
    id: strawberry.ID = strawberry.field(description="The client.")
    name: str | None = strawberry.field(default=UNSET, description="What staff are shown.")
    scopes: list[str] | None = strawberry.field(
        default=UNSET, description="The most it can be granted; fewer count for tokens at once."
    )
    grants: list[GrantType] | None = strawberry.field(
        default=UNSET, description="How it comes to its tokens."
    )
    redirect_uris: list[str] | None = strawberry.field(
        default=UNSET, description="Where browsers may be led back to."
    )

    def changes(self) -> dict[str, Any]:
        values = given(self, "id")
        for name, kind in (("scopes", tuple), ("grants", frozenset), ("redirect_uris", tuple)):
            if name in values:
                at_most(values[name], name)
                values[name] = kind(values[name])
        return values


@strawberry.input(name="OAuthClientRotateInput", description="A client to give another secret.")
class OAuthClientRotateInput:
    id: strawberry.ID = strawberry.field(description="The client.")


@strawberry.input(name="OAuthClientDeleteInput", description="A client to delete.")
class OAuthClientDeleteInput:
    id: strawberry.ID = strawberry.field(description="The client.")


@strawberry.type(name="OAuthClientSecretPayload", description="The client with a new secret.")
class OAuthClientSecretPayload:
    oauth_client: OAuthClient | None = public("The client; null with errors.")
    secret: str | None = public("Its secret, shown this once; null for public ones.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "OAuthClientSecretPayload":
        if isinstance(result, Problem):
            return cls(oauth_client=None, secret=None, user_errors=[user_error(result)])
        shown = OAuthClient.of(result.row)
        return cls(oauth_client=shown, secret=result.secret, user_errors=[])


@strawberry.type(name="OAuthClientPayload", description="The client, or why nothing was changed.")
class OAuthClientPayload:
    oauth_client: OAuthClient | None = public("The client; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "OAuthClientPayload":
        if isinstance(result, Problem):
            return cls(oauth_client=None, user_errors=[user_error(result)])
        return cls(oauth_client=OAuthClient.of(result), user_errors=[])


@strawberry.type
class OAuthClientMutations:
    @mutation(Scope.WRITE_API_KEYS, description="Register a program; the answer shows its secret.")
    async def oauth_client_create(
        self, info: Info, input: OAuthClientCreateInput
    ) -> OAuthClientSecretPayload:
        clients = info.context.services.oauth_clients
        return OAuthClientSecretPayload.of(await clients.create(input.terms()))

    @mutation(Scope.WRITE_API_KEYS, description="Change the given parts of a client.")
    async def oauth_client_update(
        self, info: Info, input: OAuthClientUpdateInput
    ) -> OAuthClientPayload:
        id_ = require_key(input.id, "OAuthClient", "id")
        if isinstance(id_, Problem):
            return OAuthClientPayload.of(id_)
        clients = info.context.services.oauth_clients
        return OAuthClientPayload.of(await clients.update(id_, input.changes()))

    @mutation(
        Scope.WRITE_API_KEYS,
        description="Give a client another secret; the one before ends at once, tokens do not.",
    )
    async def oauth_client_rotate(
        self, info: Info, input: OAuthClientRotateInput
    ) -> OAuthClientSecretPayload:
        id_ = require_key(input.id, "OAuthClient", "id")
        if isinstance(id_, Problem):
            return OAuthClientSecretPayload.of(id_)
        clients = info.context.services.oauth_clients
        return OAuthClientSecretPayload.of(await clients.new_secret(id_))

    @mutation(
        Scope.WRITE_API_KEYS,
        description="Delete a client with all its tokens, on every server within a second.",
    )
    async def oauth_client_delete(
        self, info: Info, input: OAuthClientDeleteInput
    ) -> OAuthClientPayload:
        id_ = require_key(input.id, "OAuthClient", "id")
        if isinstance(id_, Problem):
            return OAuthClientPayload.of(id_)
        return OAuthClientPayload.of(await info.context.services.oauth_clients.delete(id_))
