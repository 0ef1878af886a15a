"""Choosing new passwords."""

import strawberry

from resolvers.context import Info
from resolvers.identity.kinds import Audience
from resolvers.mutations import Stepped, Transactional
from resolvers.permissions import owner, public
from resolvers.problems import OutcomePayload


@strawberry.input(description="Who forgot a password.")
class PasswordResetRequestInput:
    email: str = strawberry.field(description="The account's e-mail address.")
    audience: Audience = strawberry.field(
        default=Audience.STOREFRONT, description="Whose account: a customer's or a staff member's."
    )


@strawberry.input(description="A new password, by the link of a mail.")
class PasswordResetInput:
    token: str = strawberry.field(description="The `token` of the link; it works once.")
    password: str = strawberry.field(description="The new password: 8 to 128 characters.")


@strawberry.input(description="A new password in the place of the old one.")
class PasswordChangeInput:
    current_password: str = strawberry.field(description="The password as it is.")
    new_password: str = strawberry.field(description="The new one: 8 to 128 characters.")


@strawberry.type(description="The same for addresses with and without an account.")
class PasswordResetRequestPayload(OutcomePayload):
    pass


@strawberry.type(description="Why the password was not changed, if so.")
class PasswordResetPayload(OutcomePayload):
    pass


@strawberry.type(description="Why the password was not changed, if so.")
class PasswordChangePayload(OutcomePayload):
    pass


@strawberry.type
class PasswordMutations:
    @public(
        "Have a link mailed to choose a new password. The answer says nothing about the address.",
        extensions=[Transactional()],
    )
    async def password_reset_request(
        self, info: Info, input: PasswordResetRequestInput
    ) -> PasswordResetRequestPayload:
        passwords = info.context.services.passwords
        return PasswordResetRequestPayload.of(
            await passwords.request_reset(input.audience, input.email)
        )

    @public(
        "Choose a new password by the link of a mail. Every session of the account ends.",
        extensions=[Stepped()],
    )
    async def password_reset(self, info: Info, input: PasswordResetInput) -> PasswordResetPayload:
        passwords = info.context.services.passwords
        return PasswordResetPayload.of(await passwords.reset(input.token, input.password))

    @owner(description="Change your own password. Your other sessions end.", extensions=[Stepped()])
    async def password_change(
        self, info: Info, input: PasswordChangeInput
    ) -> PasswordChangePayload:
        passwords = info.context.services.passwords
        return PasswordChangePayload.of(
            await passwords.change(input.current_password, input.new_password)
        )
