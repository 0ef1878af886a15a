"""Accounts of the storefront: asking for one, proving an address, moving to another one."""

from typing import Any

import strawberry

from resolvers.context import Info
from resolvers.customers.extra_fields import CustomerExtraValueInput, wanted_values
from resolvers.inputs import given
from resolvers.mutations import Stepped, Transactional
from resolvers.permissions import owner, public
from resolvers.problems import OutcomePayload

UNSET: Any = strawberry.UNSET


@strawberry.input(description="Who wants an account.")
class CustomerRegisterInput:
    email: str = strawberry.field(description="Where a link is sent that opens the account.")
    password: str = strawberry.field(description="8 to 128 characters.")
    first_name: str | None = strawberry.field(default=UNSET, description="Given name.")
    last_name: str | None = strawberry.field(default=UNSET, description="Family name.")
    phone: str | None = strawberry.field(
        default=UNSET, description="Phone number from `+` and the country on."
    )
    accepts_marketing: bool = strawberry.field(
        default=False, description="Whether marketing mails are wanted; counts once verified."
    )
    locale: str | None = strawberry.field(
        default=UNSET, description="The language of mails: `de-AT`."
    )
    extra_fields: list[CustomerExtraValueInput] | None = strawberry.field(
        default=UNSET, description="What the store asks for itself: `customerExtraFields`."
    )


@strawberry.input(description="The link of a mail was followed.")
class CustomerVerifyInput:
    token: str = strawberry.field(description="The `token` of the link.")


@strawberry.input(description="Who waits for a link.")
class CustomerVerificationResendInput:
    email: str = strawberry.field(description="The address of the account.")


@strawberry.input(description="Where an account moves to.")
class CustomerEmailChangeRequestInput:
    new_email: str = strawberry.field(description="Where a link is sent that moves the account.")
    password: str = strawberry.field(description="The account's password.")


@strawberry.input(description="The link of a mail was followed.")
class CustomerEmailChangeInput:
    token: str = strawberry.field(description="The `token` of the link.")


@strawberry.type(description="The same for addresses with and without an account.")
class CustomerRegisterPayload(OutcomePayload):
    pass


@strawberry.type(description="Why the address is not verified, if so.")
class CustomerVerifyPayload(OutcomePayload):
    pass


@strawberry.type(description="The same for every address.")
class CustomerVerificationResendPayload(OutcomePayload):
    pass


@strawberry.type(description="The same for addresses with and without an account.")
class CustomerEmailChangeRequestPayload(OutcomePayload):
    pass


@strawberry.type(description="Why the address was not changed, if so.")
class CustomerEmailChangePayload(OutcomePayload):
    pass


@strawberry.type
class AccountMutations:
    @public(
        "Ask for an account. The answer says nothing about the address; a mail there does:"
        " it has a link to verify it, or says that there is an account. Until it is verified"
        " nobody signs in.",
        extensions=[Stepped()],
    )
    async def customer_register(
        self, info: Info, input: CustomerRegisterInput
    ) -> CustomerRegisterPayload:
        values = given(input, nullable=("phone", "locale"))
        extra = wanted_values(values.pop("extra_fields", None))
        registrations = info.context.services.registrations
        return CustomerRegisterPayload.of(await registrations.register(values, extra))

    @public(
        "Verify an e-mail address by the link that was sent there; a link works once.",
        extensions=[Transactional()],
    )
    async def customer_verify(
        self, info: Info, input: CustomerVerifyInput
    ) -> CustomerVerifyPayload:
        registrations = info.context.services.registrations
        return CustomerVerifyPayload.of(await registrations.verify(input.token))

    @public(
        "Ask for another link to verify an address; sent if an account waits for it.",
        extensions=[Stepped()],
    )
    async def customer_verification_resend(
        self, info: Info, input: CustomerVerificationResendInput
    ) -> CustomerVerificationResendPayload:
        registrations = info.context.services.registrations
        return CustomerVerificationResendPayload.of(await registrations.resend(input.email))

    @owner(
        description="Ask to move one's account to another e-mail address: a link is sent there.",
        extensions=[Stepped()],
    )
    async def customer_email_change_request(
        self, info: Info, input: CustomerEmailChangeRequestInput
    ) -> CustomerEmailChangeRequestPayload:
        changes = info.context.services.email_changes
        return CustomerEmailChangeRequestPayload.of(
            await changes.request(input.new_email, input.password)
        )

    @public(
        "Move an account by the link that was sent to its new address; a link works once."
        " Ends its other sessions, and tells the old address.",
        extensions=[Transactional()],
    )
    async def customer_email_change(
        self, info: Info, input: CustomerEmailChangeInput
    ) -> CustomerEmailChangePayload:
        changes = info.context.services.email_changes
        return CustomerEmailChangePayload.of(await changes.change(input.token))
