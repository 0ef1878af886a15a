"""What is told, in which words, and what was sent."""

from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.notifications.messages import Words
from commerce.notifications.rules.topics import Way
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)
from resolvers.notifications.types import (
    READ,
    NotificationLogEntry,
    NotificationLogWhere,
    NotificationPreview,
    NotificationSetting,
    NotificationTemplate,
)
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error

Where = Annotated[
    NotificationLogWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.input(description="What to show an example of.")
class NotificationTemplatePreviewInput:
    kind: NotificationKind = strawberry.field(description="What is told.")
    channel: NotificationChannel = strawberry.field(description="How.")
    audience: NotificationAudience = strawberry.field(description="To whom.")
    language: str = strawberry.field(description="In which language: `de`, `de-AT`.")
    subject: str = strawberry.field(default="", description="The subject to try, with `body`.")
    body: str | None = optional("The body to try; absent, what is sent as things are.")


Input = Annotated[
    NotificationTemplatePreviewInput, strawberry.argument(description="What to show.")
]


@strawberry.type(description="The example, or why there is none.")
class NotificationTemplatePreviewPayload:
    preview: NotificationPreview | None = public("The example; null with errors.")
    user_errors: list[UserError] = public("What is wrong with the template.")

    @classmethod
    def of(cls, result: Any) -> "NotificationTemplatePreviewPayload":
        if isinstance(result, Problem):
            return cls(preview=None, user_errors=[user_error(result)])
        return cls(preview=NotificationPreview.of(result), user_errors=[])


@strawberry.type
class NotificationQueries:
    @requires(READ, description="All that can be told, how and to whom, and whether it is.")
    async def notification_settings(self, info: Info) -> list[NotificationSetting]:
        found = await info.context.services.notification_settings.all()
        return [NotificationSetting.of(setting) for setting in found.values()]

    @requires(READ, description="The store's own words; what is not here is told in the server's.")
    async def notification_templates(self, info: Info) -> list[NotificationTemplate]:
        found = await info.context.services.notification_templates.all()
        return [NotificationTemplate.of(row) for row in found]

    @requires(READ, description="An example of a template; nothing is stored, nobody is told.")
    async def notification_template_preview(
        self, info: Info, input: Input
    ) -> NotificationTemplatePreviewPayload:
        words = None if input.body is None else Words(input.subject, input.body)
        way = Way(input.kind, input.channel, input.audience)
        templates = info.context.services.notification_templates
        return NotificationTemplatePreviewPayload.of(
            await templates.preview(way, input.language, words)
        )

    @requires(READ, description="What was sent or tried in the last 90 days, the newest first.")
    async def notification_log(
        self,
        info: Info,
        where: Where = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[NotificationLogEntry]:
        wanted = (where or NotificationLogWhere()).wanted()
        paging = Paging(info, list_scope("notification_log", wanted), first, after, last, before)
        log = info.context.services.notification_log
        page = await log.page(wanted, paging.args)
        return paging.connection(
            page, NotificationLogEntry.of, lambda limit: log.count(wanted, limit)
        )
