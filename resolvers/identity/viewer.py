"""Who the caller is to the server."""

import strawberry

from commerce.core.viewer import Scope, Viewer
from commerce.identity.kinds import Audience
from commerce.identity.visibility import holder_of
from resolvers.context import Info
from resolvers.identity.kinds import ViewerKind
from resolvers.permissions import owner, public
from resolvers.staff.members import StaffMember


@strawberry.type(name="Viewer", description="Who the caller is to the server.")
class ViewerType:
    kind: ViewerKind = public("What the caller is taken for.")
    scopes: list[Scope] = public("What the caller may do beside what everybody may.")
    viewer: strawberry.Private[Viewer]

    @classmethod
    def of(cls, viewer: Viewer) -> "ViewerType":
        scopes = sorted(viewer.scopes, key=lambda scope: scope.value)
        return cls(kind=viewer.kind, scopes=scopes, viewer=viewer)

    @owner(description="The staff member who is signed in; null for everybody else.")
    async def staff_member(self, info: Info) -> StaffMember | None:
        holder = holder_of(self.viewer)
        if holder is None or holder.audience is not Audience.STAFF:
            return None
        row = await info.context.loaders.staff.member_by_id.load(holder.id)
        return None if row is None else StaffMember.of(row)


@strawberry.type
class ViewerQueries:
    @public("Who you are to the server.")
    def viewer(self, info: Info) -> ViewerType:
        return ViewerType.of(info.context.viewer)
