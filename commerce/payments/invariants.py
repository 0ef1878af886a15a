"""What must hold of payments."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "payments are the sums of their transactions",
        """
        SELECT id, authorized, captured, voided, refunded FROM payments LEFT JOIN (
            SELECT payment_id,
                sum(amount) FILTER (WHERE kind = 'authorization') AS authorizations,
                sum(amount) FILTER (WHERE kind = 'capture') AS captures,
                sum(amount) FILTER (WHERE kind = 'void') AS voids,
                sum(amount) FILTER (WHERE kind = 'refund') AS refunds
            FROM payment_transactions GROUP BY 1
        ) AS moved ON payment_id = id
        WHERE (authorized, captured, voided, refunded) <> (
            coalesce(authorizations, 0), coalesce(captures, 0), coalesce(voids, 0),
            coalesce(refunds, 0)
        )
        """,
        "Money was booked past the ledger of payments, or the ledger past it.",
    ),
    Invariant(
        "no more is refunded than was captured, and captured than was authorized",
        """
        SELECT payment_id,
            sum(amount) FILTER (WHERE kind = 'authorization') AS authorized,
            sum(amount) FILTER (WHERE kind = 'capture') AS captured,
            sum(amount) FILTER (WHERE kind = 'refund') AS refunded
        FROM payment_transactions GROUP BY 1
        HAVING coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0)
                > coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0)
            OR coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0)
                > coalesce(sum(amount) FILTER (WHERE kind = 'authorization'), 0)
        """,
        "The ledger of payments holds money that was never there.",
    ),
)
