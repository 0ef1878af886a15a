"""Roles: the type, the list and the mutations."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.staff.rules.roles import scopes_of_role
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.staff.kinds import BuiltInRole

UNSET: Any = strawberry.UNSET


@strawberry.type(description="A named set of scopes.")
class Role(Node):
    name: str = public("Name for people, unique.")
    built_in: BuiltInRole | None = public("Which of the built-in roles it is; null for others.")
    scopes: list[Scope] = public("What its members may do.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "Role":
        scopes = scopes_of_role(row.built_in, row.scopes)
        return cls(
            id=node_id("Role", row.id),
            database_id=row.id,
            name=row.name,
            built_in=None if row.built_in is None else BuiltInRole(row.built_in),
            scopes=sorted(scopes, key=lambda scope: scope.value),
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@strawberry.input(description="A role to change (by `id`), or to add. You need its scopes too.")
class RoleUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The role to change; absent, one is added."
    )
    name: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new role."
    )
    scopes: list[Scope] | None = strawberry.field(
        default=UNSET, description="What its members may do, in place of what they may now."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A role to delete.")
class RoleDeleteInput:
    id: strawberry.ID = strawberry.field(description="The role; nobody may have it any more.")


@strawberry.type(description="The role as it is now, or why nothing was changed.")
class RoleUpsertPayload:
    role: Role | None = public("The role; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "RoleUpsertPayload":
        if isinstance(result, Problem):
            return cls(role=None, user_errors=[user_error(result)])
        return cls(role=Role.of(result), user_errors=[])


@strawberry.type(description="The role that is gone, or why it is not.")
class RoleDeletePayload:
    deleted_id: strawberry.ID | None = public("Its id; null with errors.")
    user_errors: list[UserError] = public("Why nothing was deleted.")

    @classmethod
    def of(cls, result: Any) -> "RoleDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("Role", result), user_errors=[])


@strawberry.type
class RoleQueries:
    @requires(Scope.READ_STAFF, description="Roles, the built-in ones first.")
    async def roles(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Role]:
        paging = Paging(info, "roles", first, after, last, before)
        roles = info.context.services.roles
        page = await roles.page(paging.args)
        return paging.connection(page, Role.of, roles.count)


@strawberry.type
class RoleMutations:
    @mutation(
        Scope.WRITE_STAFF,
        description="Add a role, or change one: for all who have it, within a second.",
    )
    async def role_upsert(self, info: Info, input: RoleUpsertInput) -> RoleUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "Role", "id")
        if isinstance(id_, Problem):
            return RoleUpsertPayload.of(id_)
        values = given(input, "id", "expected_version")
        roles = info.context.services.roles
        return RoleUpsertPayload.of(await roles.upsert(id_, values, input.expected_version))

    @mutation(Scope.WRITE_STAFF, description="Delete a role that nobody has.")
    async def role_delete(self, info: Info, input: RoleDeleteInput) -> RoleDeletePayload:
        id_ = require_key(input.id, "Role", "id")
        if isinstance(id_, Problem):
            return RoleDeletePayload.of(id_)
        return RoleDeletePayload.of(await info.context.services.roles.remove(id_))
