"""Payments, what was asked for them, and their ledger."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from commerce.payments.rules.sums import state_of, sums_of
from resolvers.context import Info
from resolvers.money import Money
from resolvers.nodes import Node, key_of, node_id
from resolvers.payments.kinds import AttemptKind, AttemptState, PaymentState, TransactionKind
from resolvers.payments.methods import PaymentMethod
from resolvers.permissions import owner, requires

READ = Scope.READ_ORDERS
SUMS = ("amount", "authorized", "captured", "voided", "refunded")
PENDING = ("capture_pending", "void_pending", "refund_pending")


@strawberry.type(description="One thing a provider was asked for.")
class PaymentAttempt:
    database_id: int = requires(READ, description="Its number.")
    kind: AttemptKind = requires(READ, description="What was asked for.")
    state: AttemptState = requires(READ, description="What has come of it.")
    amount: Money = requires(READ, description="What was asked for.")
    key: str = requires(READ, description="The caller's key: the same one is the same attempt.")
    provider_reference: str | None = requires(READ, description="What the provider calls it.")
    decline_code: str | None = requires(READ, description="The provider's word for why it failed.")
    created_at: datetime = requires(READ, description="When it was asked for.")
    settled_at: datetime | None = requires(READ, description="When it was known what came of it.")

    @classmethod
    def of(cls, row: Any) -> "PaymentAttempt":
        return cls(
            database_id=row.id,
            kind=row.kind,
            state=row.state,
            amount=Money.of(row.amount, row.currency),
            key=row.key,
            provider_reference=row.provider_reference,
            decline_code=row.decline_code,
            created_at=row.created_at,
            settled_at=row.settled_at,
        )


@strawberry.type(description="One movement of a payment's money.")
class PaymentTransaction:
    database_id: int = requires(READ, description="Its number.")
    kind: TransactionKind = requires(READ, description="What moved.")
    amount: Money = requires(READ, description="How much.")
    created_at: datetime = requires(READ, description="When it was written down.")

    @classmethod
    def of(cls, row: Any, currency: str) -> "PaymentTransaction":
        return cls(
            database_id=row.id,
            kind=row.kind,
            amount=Money.of(row.amount, currency),
            created_at=row.created_at,
        )


@strawberry.type(description="Money that is to come for an order, and how much of it has.")
class Payment(Node):
    state: PaymentState = owner(READ, description="What its sums come to.")
    amount: Money = owner(READ, description="How much is to come.")
    authorized: Money = owner(READ, description="What was set aside, or taken at once.")
    captured: Money = owner(READ, description="What was taken.")
    voided: Money = owner(READ, description="What was set aside and let go.")
    refunded: Money = owner(READ, description="What was given back.")
    created_at: datetime = owner(READ, description="When it was opened.")
    capture_pending: Money = requires(READ, description="Asked to be taken, without an answer yet.")
    void_pending: Money = requires(READ, description="Asked to be let go, without an answer yet.")
    refund_pending: Money = requires(
        READ, description="Asked to be given back, without an answer yet."
    )
    closed: bool = requires(READ, description="Whether no more of it will be taken.")
    provider: str = requires(READ, description="Who moves the money.")
    payment_reference: str | None = requires(READ, description="What the provider calls it.")
    method_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: Any) -> "Payment":
        sums = {name: Money.of(getattr(row, name), row.currency) for name in (*SUMS, *PENDING)}
        return cls(
            id=node_id("Payment", row.id),
            database_id=row.id,
            state=state_of(sums_of(row)),
            created_at=row.created_at,
            closed=row.closed,
            provider=row.provider,
            payment_reference=row.payment_reference,
            method_id=row.method_id,
            **sums,
        )

    @owner(READ, description="How it is paid.")
    async def method(self, info: Info) -> PaymentMethod:
        row = await info.context.loaders.payments.method_of_payment.load(self.method_id)
        return PaymentMethod.of(row)

    @requires(READ, description="What its provider was asked for, the oldest first.")
    async def attempts(self, info: Info) -> list[PaymentAttempt]:
        rows = await info.context.loaders.payments.attempts_by_payment.load(self.database_id)
        return [PaymentAttempt.of(row) for row in rows]

    @requires(READ, description="Its ledger, the oldest entry first.")
    async def transactions(self, info: Info) -> list[PaymentTransaction]:
        rows = await info.context.loaders.payments.transactions_by_payment.load(self.database_id)
        return [PaymentTransaction.of(row, self.amount.currency_code) for row in rows]


@strawberry.type
class PaymentQueries:
    @requires(READ, description="A payment by its id.")
    async def payment(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> Payment | None:
        key = key_of(id, "Payment")
        if key is None:
            return None
        row = await info.context.loaders.payments.payment_by_id.load(key)
        return None if row is None else Payment.of(row)
