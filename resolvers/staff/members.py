"""Staff members: the type and the lists."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from commerce.staff.rules.members import state_of
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import Node, key_of, node_id
from resolvers.permissions import public, requires
from resolvers.staff.kinds import StaffState
from resolvers.staff.roles import Role


@strawberry.type(description="Somebody who works on the store.")
class StaffMember(Node):
    email: str = public("Where they sign in with, and get mails.")
    name: str = public("What they are called.")
    locale: str = public("The language of their mails.")
    state: StaffState = public("Whether they can sign in.")
    invited_at: datetime = public("When they were last invited.")
    accepted_at: datetime | None = public("When they accepted; null while they have not.")
    last_sign_in_at: datetime | None = public("When they last signed in with their password.")
    version: int = public("Counts the changes.")
    created_at: datetime = public("When they were added.")
    updated_at: datetime = public("When they were last changed.")
    role_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: Any) -> "StaffMember":
        return cls(
            id=node_id("StaffMember", row.id),
            database_id=row.id,
            email=row.email,
            name=row.name,
            locale=row.locale,
            state=state_of(row.active, row.accepted_at),
            invited_at=row.invited_at,
            accepted_at=row.accepted_at,
            last_sign_in_at=row.last_sign_in_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            role_id=row.role_id,
        )

    @public("What they may do.")
    async def role(self, info: Info) -> Role:
        return Role.of(await info.context.loaders.staff.role_by_id.load(self.role_id))


@strawberry.type
class StaffQueries:
    @requires(Scope.READ_STAFF, description="Staff, by name; invited and deactivated ones too.")
    async def staff(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StaffMember]:
        paging = Paging(info, "staff", first, after, last, before)
        members = info.context.services.staff_members
        page = await members.page(paging.args)
        return paging.connection(page, StaffMember.of, members.count)

    @requires(Scope.READ_STAFF, description="A staff member by id; null when there is none.")
    async def staff_member(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id.")]
    ) -> StaffMember | None:
        key = key_of(id, "StaffMember")
        row = None if key is None else await info.context.loaders.staff.member_by_id.load(key)
        return None if row is None else StaffMember.of(row)
