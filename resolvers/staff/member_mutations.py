"""Inviting, changing and deactivating staff."""

from typing import Any

import strawberry

from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.identity.sessions import SessionPayload
from resolvers.inputs import given
from resolvers.mutations import Stepped, mutation
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.staff.members import StaffMember

UNSET: Any = strawberry.UNSET


@strawberry.input(description="Somebody who is to work on the store.")
class StaffInviteInput:
    email: str = strawberry.field(description="Where the link is sent, and what they sign in with.")
    name: str = strawberry.field(description="What they are called.")
    role_id: strawberry.ID = strawberry.field(description="What they may do: no more than you.")
    locale: str = strawberry.field(default="en", description="The language of mails: `de-AT`.")


@strawberry.input(description="An invitation that is accepted.")
class StaffAcceptInput:
    token: str = strawberry.field(description="The `token` of the link; it works once.")
    password: str = strawberry.field(description="8 to 128 characters.")
    name: str | None = strawberry.field(
        default=None, description="What you are called, if not as in the invitation."
    )


@strawberry.input(description="A staff member to change; what is left out stays as it is.")
class StaffUpdateInput:
    id: strawberry.ID = strawberry.field(description="The staff member.")
    name: str | None = strawberry.field(default=UNSET, description="What they are called.")
    locale: str | None = strawberry.field(default=UNSET, description="The language of mails.")
    role_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="What they may do: no more than you."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A staff member.")
class StaffMemberInput:
    id: strawberry.ID = strawberry.field(description="The staff member.")


@strawberry.type(description="The staff member as they are now, or why nothing was changed.")
class StaffMemberPayload:
    staff_member: StaffMember | None = public("The staff member; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> Any:
        if isinstance(result, Problem):
            return cls(staff_member=None, user_errors=[user_error(result)])
        return cls(staff_member=StaffMember.of(result), user_errors=[])


@strawberry.type(description="Who was invited, or why nobody was.")
class StaffInvitePayload(StaffMemberPayload):
    pass


@strawberry.type(description="The staff member as they are now, or why nothing was changed.")
class StaffUpdatePayload(StaffMemberPayload):
    pass


@strawberry.type(description="Who cannot sign in any more, or why they still can.")
class StaffDeactivatePayload(StaffMemberPayload):
    pass


@strawberry.type(description="Who can sign in again, or why they cannot.")
class StaffReactivatePayload(StaffMemberPayload):
    pass


@strawberry.type(description="The tokens of a new session, or why the link does not work.")
class StaffAcceptPayload(SessionPayload):
    pass


@strawberry.type(description="The invitation that is gone, or why it is not.")
class StaffInvitationWithdrawPayload:
    deleted_id: strawberry.ID | None = public("Who was not invited after all; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "StaffInvitationWithdrawPayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("StaffMember", result), user_errors=[])


@strawberry.type
class StaffMutations:
    @mutation(
        Scope.WRITE_STAFF,
        description="Mail somebody a link to join. Again for the same address: a new link, in the"
        " place of the old one.",
    )
    async def staff_invite(self, info: Info, input: StaffInviteInput) -> StaffInvitePayload:
        values = _values(input, "email")
        if isinstance(values, Problem):
            return StaffInvitePayload.of(values)
        members = info.context.services.staff_members
        return StaffInvitePayload.of(await members.invite(input.email, values))

    @public(
        "Accept an invitation by the link of its mail, and be signed in.", extensions=[Stepped()]
    )
    async def staff_accept(self, info: Info, input: StaffAcceptInput) -> StaffAcceptPayload:
        invitations = info.context.services.invitations
        return StaffAcceptPayload.of(
            await invitations.accept(input.token, input.password, input.name)
        )

    @mutation(Scope.WRITE_STAFF, description="Take back an invitation that was not accepted.")
    async def staff_invitation_withdraw(
        self, info: Info, input: StaffMemberInput
    ) -> StaffInvitationWithdrawPayload:
        id_ = require_key(input.id, "StaffMember", "id")
        if isinstance(id_, Problem):
            return StaffInvitationWithdrawPayload.of(id_)
        members = info.context.services.staff_members
        return StaffInvitationWithdrawPayload.of(await members.withdraw(id_))

    @mutation(Scope.WRITE_STAFF, description="Change a staff member who may do no more than you.")
    async def staff_update(self, info: Info, input: StaffUpdateInput) -> StaffUpdatePayload:
        id_, values = require_key(input.id, "StaffMember", "id"), _values(input, "id")
        if isinstance(id_, Problem) or isinstance(values, Problem):
            return StaffUpdatePayload.of(id_ if isinstance(id_, Problem) else values)
        members = info.context.services.staff_members
        return StaffUpdatePayload.of(await members.change(id_, values, input.expected_version))

    @mutation(
        Scope.WRITE_STAFF,
        description="Let a staff member not sign in any more, and sign them out everywhere.",
    )
    async def staff_deactivate(self, info: Info, input: StaffMemberInput) -> StaffDeactivatePayload:
        id_ = require_key(input.id, "StaffMember", "id")
        if isinstance(id_, Problem):
            return StaffDeactivatePayload.of(id_)
        members = info.context.services.staff_members
        return StaffDeactivatePayload.of(await members.deactivate(id_))

    @mutation(Scope.WRITE_STAFF, description="Let a staff member sign in again.")
    async def staff_reactivate(self, info: Info, input: StaffMemberInput) -> StaffReactivatePayload:
        id_ = require_key(input.id, "StaffMember", "id")
        if isinstance(id_, Problem):
            return StaffReactivatePayload.of(id_)
        members = info.context.services.staff_members
        return StaffReactivatePayload.of(await members.reactivate(id_))


def _values(input_: Any, *left_out: str) -> dict[str, Any] | NotFound:
    """What was given, the role's id as its key."""
    values = given(input_, "expected_version", *left_out)
    if "role_id" in values:
        key = require_key(values["role_id"], "Role", "role_id")
        if isinstance(key, NotFound):
            return key
        values["role_id"] = key
    return values
