"""The audit log: who did what to what."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.audit.kinds import AuditOperation
from commerce.audit.rules import AuditFilter, Target, actor_of
from commerce.core.ids import parse_global_id
from commerce.core.viewer import Scope
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.enums import described
from resolvers.filters import DateTimeFilter, optional, wanted_of
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.scalars import JSON

described(
    AuditOperation,
    "What happened to a record.",
    CREATED="It was added.",
    UPDATED="Some of it changed.",
    DELETED="It was removed.",
    NOTED="Something happened that changed no record, such as signing in.",
)
READ = Scope.READ_AUDIT_LOG
# The GraphQL type of each kind of actor that has a number.
ACTORS = {
    "staff": "StaffMember",
    "api_key": "ApiKey",
    "oauth_client": "OAuthClient",
    "customer": "Customer",
}
NOTHING = Target("", 0)  # what an id stands for that is none


@strawberry.type(description="Whoever did something.")
class AuditActor:
    handle: str = requires(READ, description="What `where` knows the actor by: `staff:12`.")
    kind: str = requires(
        READ,
        description="`staff`, `api_key`, `oauth_client`, `customer`, `guest`, `anonymous`, "
        "`system` (commands and the server itself), or `database` for statements sent past the "
        "server.",
    )
    id: strawberry.ID | None = requires(
        READ, description="The id of the person or key, whether or not it still is there."
    )
    database_id: int | None = requires(READ, description="The number behind `id`.")

    @classmethod
    def of(cls, name: str) -> "AuditActor":
        actor = actor_of(name)
        type_ = ACTORS.get(actor.kind)
        id_ = None if type_ is None or actor.id is None else node_id(type_, actor.id)
        return cls(handle=name, kind=actor.kind, id=id_, database_id=actor.id)


@strawberry.type(description="What somebody did to one record. Entries are never changed.")
class AuditLogEntry(Node):
    occurred_at: datetime = requires(READ, description="When it was done.")
    actor: AuditActor = requires(READ, description="Who did it.")
    action: str = requires(
        READ, description="The mutation or command it was part of; empty when that is not known."
    )
    operation: AuditOperation = requires(READ, description="What happened to the record.")
    record: str = requires(
        READ, description="Which part of the target it is: `product_categories`; empty for events."
    )
    target_kind: str = requires(READ, description="The type of what the record belongs to.")
    target_id: strawberry.ID | None = requires(READ, description="The id that has or had.")
    target_database_id: int | None = requires(READ, description="The number behind `targetId`.")
    before: JSON | None = requires(
        READ,
        description="What differed, as it was. Secrets and what tells something about a person "
        "say `[redacted]`.",
    )
    after: JSON | None = requires(
        READ, description="The same as it became; of an event, its facts."
    )
    request_id: str = requires(READ, description="The `X-Request-ID` of the request.")

    @classmethod
    def of(cls, row: Any) -> "AuditLogEntry":
        target = row.target_id
        return cls(
            id=node_id("AuditLogEntry", row.id),
            database_id=row.id,
            occurred_at=row.occurred_at,
            actor=AuditActor.of(row.actor),
            action=row.action,
            operation=row.operation,
            record=row.record,
            target_kind=row.target_kind,
            target_id=None if target is None else node_id(row.target_kind, target),
            target_database_id=target,
            before=row.before,
            after=row.after,
            request_id=row.request_id,
        )


@strawberry.input(description="Which entries; conditions hold together.")
class AuditLogWhere:
    actor: str | None = optional("By this actor, by its `handle`: `staff:12`, `system`.")
    action: str | None = optional("Of this mutation or command: `productUpdate`.")
    operation: AuditOperation | None = optional("Of this kind.")
    kind: str | None = optional("About things of this type: `Product`.")
    target_id: strawberry.ID | None = optional("About this thing.")
    request_id: str | None = optional("Of this request.")
    occurred_at: DateTimeFilter | None = optional("From that time.")

    def wanted(self) -> AuditFilter:
        target = None if self.target_id is None else parse_global_id(self.target_id)
        return AuditFilter(
            actor=self.actor,
            action=self.action,
            operation=self.operation,
            kind=self.kind,
            target=Target(*target) if target else None if self.target_id is None else NOTHING,
            request_id=self.request_id,
            at=wanted_of(self.occurred_at),
        )


Where = Annotated[
    AuditLogWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.type
class AuditQueries:
    @requires(READ, description="Who did what to what, the newest first.")
    async def audit_log(
        self,
        info: Info,
        where: Where = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AuditLogEntry]:
        wanted = (where or AuditLogWhere()).wanted()
        paging = Paging(info, list_scope("audit_log", wanted), first, after, last, before)
        audit = info.context.services.audit
        page = await audit.page(wanted, paging.args)
        return paging.connection(page, AuditLogEntry.of, lambda limit: audit.count(wanted, limit))
