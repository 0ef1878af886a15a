"""API keys: the type and the list."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from commerce.staff.rules.key_states import state_of
from commerce.staff.rules.key_terms import KNOWN
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.nodes import Node, key_of, node_id
from resolvers.permissions import public, requires
from resolvers.staff.key_kinds import KeyState, RestDialect
from resolvers.staff.members import StaffMember

NOBODY = -1  # no row has this key: what an id of another type finds


@strawberry.type(description="A credential for a program. Its secret is not stored.")
class ApiKey(Node):
    name: str = public("What it is for.")
    hint: str = public("How its text begins.")
    reference: str | None = public("The issuer's own name for it, given to `apiKeyCreate`.")
    scopes: list[Scope] = public("What it may do.")
    dialect: RestDialect | None = public("The REST API it is for; null, for all and GraphQL.")
    is_public: bool = public("Whether it is of Ecwid's public kind, which sees what visitors see.")
    has_password: bool = public("Whether Basic authentication has to send a password with it.")
    allowed_ips: list[str] = public("Addresses and networks it works from; none, from all.")
    calls_per_minute: int | None = public(
        "How often it may call in a minute; null, at the rates all keys have."
    )
    owner_id: strawberry.ID | None = public(
        "The staff member who issued it, who may have left by now; null for the command line."
    )
    expires_at: datetime | None = public("When it stops working; null, never.")
    last_used_at: datetime | None = public("When it was last used, to the minute.")
    rotated_at: datetime | None = public("When it last got another secret.")
    previous_secret_until: datetime | None = public("Until when the secret before works too.")
    revoked_at: datetime | None = public("When it was made useless.")
    owner_key: strawberry.Private[int | None]
    created_at: datetime = public("When it was issued.")
    row: strawberry.Private[Any]

    @classmethod
    def of(cls, row: Any) -> "ApiKey":
        return cls(
            id=node_id("ApiKey", row.id),
            database_id=row.id,
            name=row.name,
            hint=row.hint,
            reference=row.reference,
            scopes=[KNOWN[name] for name in row.scopes if name in KNOWN],
            dialect=None if row.dialect is None else RestDialect(row.dialect),
            is_public=row.is_public,
            has_password=row.password_sha256 is not None,
            allowed_ips=row.allowed_ips,
            calls_per_minute=row.calls_per_minute,
            owner_id=None if row.owner_id is None else node_id("StaffMember", row.owner_id),
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            rotated_at=row.rotated_at,
            previous_secret_until=row.previous_until,
            revoked_at=row.revoked_at,
            owner_key=row.owner_id,
            created_at=row.created_at,
            row=row,
        )

    @requires(Scope.READ_STAFF, description="The staff member who issued it, active or not.")
    async def owner(self, info: Info) -> StaffMember | None:
        id_ = self.owner_key
        row = None if id_ is None else await info.context.loaders.staff.member_by_id.load(id_)
        return None if row is None else StaffMember.of(row)

    @requires(
        Scope.WRITE_WEBHOOKS,
        description="What webhooks are signed with that it adds through Shopkit's API; null for"
        " keys of other dialects.",
    )
    def webhook_secret(self, info: Info) -> str | None:
        if self.dialect not in (None, RestDialect.SHOPKIT):
            return None
        return info.context.services.webhook_endpoints.client_secret(self.database_id)

    @public("What it is good for now.")
    def state(self, info: Info) -> KeyState:
        return state_of(self.row, info.context.services.clock())


@strawberry.input(description="Which API keys; conditions hold together.")
class ApiKeyWhere:
    state: KeyState | None = optional("In this state.")
    dialect: RestDialect | None = optional("Issued for this REST API.")
    owner_id: strawberry.ID | None = optional("Issued by this staff member.")


KeyWhere = Annotated[
    ApiKeyWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.type
class ApiKeyQueries:
    @requires(Scope.READ_API_KEYS, description="An API key by its id; null when there is none.")
    async def api_key(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> ApiKey | None:
        key = key_of(id, "ApiKey")
        loader = info.context.loaders.credentials.api_key_by_id
        row = None if key is None else await loader.load(key)
        return None if row is None else ApiKey.of(row)

    @requires(Scope.READ_API_KEYS, description="API keys, the newest first, revoked ones too.")
    async def api_keys(
        self,
        info: Info,
        where: KeyWhere = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ApiKey]:
        conditions = _conditions(where or ApiKeyWhere())
        paging = Paging(info, list_scope("api_keys", *conditions), first, after, last, before)
        keys = info.context.services.api_keys
        wanted = keys.filter(*conditions)
        page = await keys.page(wanted, paging.args)
        return paging.connection(page, ApiKey.of, lambda limit: keys.count(wanted, limit))


def _conditions(where: ApiKeyWhere) -> tuple[KeyState | None, str | None, int | None]:
    owner = None if where.owner_id is None else key_of(where.owner_id, "StaffMember") or NOBODY
    return where.state, None if where.dialect is None else where.dialect.value, owner
