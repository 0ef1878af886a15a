"""What must hold of orders."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "totals are the sums of their parts",
        """
        SELECT id, number, total, gross + shipping + surcharge AS parts, gift_cards, due
        FROM orders LEFT JOIN (
            SELECT order_id, coalesce(sum(gross), 0) AS gross FROM order_lines GROUP BY 1
        ) AS lines ON order_id = id
        WHERE (total, total - gift_cards, net + tax)
            <> (coalesce(gross, 0) + shipping + surcharge, due, total)
        """,
        "Lines, shipping and surcharges are not the total, or what gift cards have left of it is"
        " not due.",
    ),
    Invariant(
        "lines are their net and their tax",
        "SELECT id, order_id, net, tax, gross FROM order_lines WHERE net + tax <> gross",
        "The net and the tax of a line are not its gross.",
    ),
    Invariant(
        "surcharges are the sum of what was charged, and go back once",
        """
        SELECT id, number, surcharge, charged, surcharge_refunded FROM orders CROSS JOIN LATERAL (
            SELECT coalesce(sum((held #>> '{charge,gross}')::numeric), 0) AS charged
            FROM jsonb_array_elements(surcharges) AS held
        ) AS sums
        WHERE surcharge <> charged OR surcharge_refunded NOT BETWEEN 0 AND surcharge
        """,
        "The surcharges of an order are not what it is charged, or more went back than that.",
    ),
    Invariant(
        "canceled orders keep no stock",
        """
        SELECT order_id, variant_id, quantity - shipped - released AS promised
        FROM stock_allocations JOIN orders ON orders.id = order_id
        WHERE status = 'canceled' AND quantity > shipped + released
        """,
        "Units wait for an order that nobody will send.",
    ),
    Invariant(
        "lines are promised no more than they are",
        """
        SELECT order_line_id, order_lines.quantity, promised FROM (
            SELECT order_line_id, sum(quantity - released - returned) AS promised
            FROM stock_allocations GROUP BY 1
        ) AS allocated JOIN order_lines ON order_lines.id = order_line_id
        WHERE promised > order_lines.quantity
        """,
        "Stock was allocated twice for the same units.",
    ),
    Invariant(
        "refunds are what goes back by their payments",
        """
        SELECT id, order_id, amount, parts FROM refunds LEFT JOIN (
            SELECT refund_id, sum(amount) AS parts FROM refund_payments GROUP BY 1
        ) AS payments ON refund_id = id
        WHERE amount <> coalesce(parts, 0)
        """,
        "What a refund says goes back is not what was asked of payments and gift cards.",
    ),
    Invariant(
        "orders say what their payments say",
        """
        SELECT id, number, paid, authorized, refunded FROM orders LEFT JOIN (
            SELECT order_id, sum(captured) AS captures, sum(refunded) AS refunds
            FROM payments GROUP BY 1
        ) AS payments ON order_id = id
        WHERE paid <> coalesce(captures, 0) OR orders.refunded <> coalesce(refunds, 0)
        """,
        "An order's sums were not brought up to date with the ledger of its payments.",
    ),
)
