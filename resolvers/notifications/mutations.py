"""Switching notifications, and choosing their words."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.notifications.messages import Words
from commerce.notifications.rules.topics import Way
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import require_keys
from resolvers.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)
from resolvers.notifications.types import NotificationSetting, NotificationTemplate
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_SETTINGS
UNSET: Any = strawberry.UNSET


@strawberry.input(description="What to change about what is told; all else stays.")
class NotificationSettingUpdateInput:
    kind: NotificationKind = strawberry.field(description="What is told.")
    channel: NotificationChannel = strawberry.field(description="How.")
    audience: NotificationAudience = strawberry.field(description="To whom.")
    enabled: bool | None = strawberry.field(default=UNSET, description="Whether it is.")
    emails: list[str] | None = strawberry.field(
        default=UNSET, description="Addresses for what staff is told, 20 at most."
    )
    staff_member_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Staff members who are told, 20 at most."
    )
    expected_version: int | None = optional("Change nothing unless the stored version is this.")


@strawberry.input(description="Words instead of the server's.")
class NotificationTemplateSetInput:
    kind: NotificationKind = strawberry.field(description="What is told.")
    channel: NotificationChannel = strawberry.field(description="How.")
    audience: NotificationAudience = strawberry.field(description="To whom.")
    language: str = strawberry.field(description="In which language: `de`, `de-AT`.")
    subject: str = strawberry.field(
        default="", description="A Jinja template of the subject, 300 characters at most."
    )
    body: str = strawberry.field(
        description="A Jinja template, 20000 characters at most: HTML, which is cleaned when it "
        "is filled, or, of SMS, text."
    )


@strawberry.input(description="Which words to remove.")
class NotificationTemplateDeleteInput:
    kind: NotificationKind = strawberry.field(description="What is told.")
    channel: NotificationChannel = strawberry.field(description="How.")
    audience: NotificationAudience = strawberry.field(description="To whom.")
    language: str = strawberry.field(description="In which language.")


@strawberry.type(description="The switch as it is now, or why nothing was changed.")
class NotificationSettingPayload:
    notification_setting: NotificationSetting | None = public("The switch; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "NotificationSettingPayload":
        if isinstance(result, Problem):
            return cls(notification_setting=None, user_errors=[user_error(result)])
        return cls(notification_setting=NotificationSetting.of(result), user_errors=[])


@strawberry.type(description="The template as it is now, or why nothing was changed.")
class NotificationTemplatePayload:
    notification_template: NotificationTemplate | None = public("The template; null with errors.")
    user_errors: list[UserError] = public("What is wrong with the template.")

    @classmethod
    def of(cls, result: Any) -> "NotificationTemplatePayload":
        if isinstance(result, Problem):
            return cls(notification_template=None, user_errors=[user_error(result)])
        return cls(notification_template=NotificationTemplate.of(result), user_errors=[])


@strawberry.type(description="Which words are gone, or why none are.")
class NotificationTemplateDeletePayload:
    deleted_language: str | None = public("Their language; null with errors.")
    user_errors: list[UserError] = public("Why nothing was removed.")


@strawberry.type
class NotificationMutations:
    @mutation(WRITE, description="Switch a notification on or off, and choose who is told.")
    async def notification_setting_update(
        self, info: Info, input: NotificationSettingUpdateInput
    ) -> NotificationSettingPayload:
        values = given(input, "kind", "channel", "audience", "expected_version")
        at_most(values.get("emails") or (), "emails")
        if "staff_member_ids" in values:
            named = values.pop("staff_member_ids")
            at_most(named, "staffMemberIds")
            keys = require_keys(named, "StaffMember", "staffMemberIds")
            if isinstance(keys, Problem):
                return NotificationSettingPayload.of(keys)
            values["staff_ids"] = keys
        settings = info.context.services.notification_settings
        return NotificationSettingPayload.of(
            await settings.change(_way(input), values, input.expected_version)
        )

    @mutation(WRITE, description="Tell something in the store's own words in one language.")
    async def notification_template_set(
        self, info: Info, input: NotificationTemplateSetInput
    ) -> NotificationTemplatePayload:
        templates = info.context.services.notification_templates
        words = Words(input.subject, input.body)
        return NotificationTemplatePayload.of(
            await templates.put(_way(input), input.language, words)
        )

    @mutation(WRITE, description="Tell something in the server's words again.")
    async def notification_template_delete(
        self, info: Info, input: NotificationTemplateDeleteInput
    ) -> NotificationTemplateDeletePayload:
        templates = info.context.services.notification_templates
        found = await templates.remove(_way(input), input.language)
        if isinstance(found, Problem):
            return NotificationTemplateDeletePayload(
                deleted_language=None, user_errors=[user_error(found)]
            )
        return NotificationTemplateDeletePayload(deleted_language=input.language, user_errors=[])


def _way(input_: Any) -> Way:
    return Way(input_.kind, input_.channel, input_.audience)
