"""OAuth clients: the type and the list."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import Node, node_id
from resolvers.oauth.kinds import GrantType
from resolvers.permissions import public, requires
from resolvers.staff.key_kinds import RestDialect
from resolvers.staff.members import StaffMember


@strawberry.type(description="A program that gets its tokens by OAuth 2.")
class OAuthClient(Node):
    client_id: str = public("How the program names itself.")
    name: str = public("What staff are shown when they are to let it in.")
    scopes: list[str] = public("OAuth scopes: the most it can be granted.")
    grants: list[GrantType] = public("How it comes to its tokens.")
    redirect_uris: list[str] = public("Where browsers are led back to, each letter of it.")
    is_public: bool = public("Whether it runs where no secret can be kept: it has none.")
    dialect: RestDialect | None = public("The REST API its tokens are for; null, all.")
    owner_id: strawberry.ID | None = public("The staff member who registered it.")
    owner_key: strawberry.Private[int | None]
    created_at: datetime = public("When it was registered.")
    updated_at: datetime = public("When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "OAuthClient":
        return cls(
            id=node_id("OAuthClient", row.id),
            database_id=row.id,
            client_id=row.client_id,
            name=row.name,
            scopes=row.scopes,
            grants=[GrantType(grant) for grant in row.grants],
            redirect_uris=row.redirect_uris,
            is_public=row.is_public,
            dialect=None if row.dialect is None else RestDialect(row.dialect),
            owner_id=None if row.owner_id is None else node_id("StaffMember", row.owner_id),
            owner_key=row.owner_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @requires(Scope.READ_STAFF, description="The staff member who registered it, active or not.")
    async def owner(self, info: Info) -> StaffMember | None:
        id_ = self.owner_key
        row = None if id_ is None else await info.context.loaders.staff.member_by_id.load(id_)
        return None if row is None else StaffMember.of(row)


@strawberry.type
class OAuthClientQueries:
    @requires(Scope.READ_API_KEYS, description="OAuth clients, the newest first.")
    async def oauth_clients(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[OAuthClient]:
        paging = Paging(info, "oauth_clients", first, after, last, before)
        clients = info.context.services.oauth_clients
        page = await clients.page(paging.args)
        return paging.connection(page, OAuthClient.of, clients.count)
