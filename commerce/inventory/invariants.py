"""What must hold of stock."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "stock levels are the sums of the ledger",
        """
        SELECT variant_id, location_id, coalesce(on_hand, 0) AS on_hand, coalesce(sum, 0) AS ledger
        FROM stock_levels FULL JOIN (
            SELECT variant_id, location_id, sum(delta) FROM stock_movements GROUP BY 1, 2
        ) AS moved USING (variant_id, location_id)
        WHERE coalesce(on_hand, 0) <> coalesce(sum, 0)
        """,
        "Stock was changed past the ledger, or the ledger past the stock.",
    ),
    Invariant(
        "reserved units are those that orders have been promised",
        """
        SELECT variant_id, location_id, coalesce(reserved, 0) AS reserved,
            coalesce(promised, 0) AS promised
        FROM stock_levels FULL JOIN (
            SELECT variant_id, location_id, sum(quantity - shipped - released) AS promised
            FROM stock_allocations WHERE location_id IS NOT NULL GROUP BY 1, 2
        ) AS allocated USING (variant_id, location_id)
        WHERE coalesce(reserved, 0) <> coalesce(promised, 0)
        """,
        "An order was promised units that no level reserves, or the other way round.",
    ),
    Invariant(
        "no unit is promised twice",
        """
        SELECT variant_id, location_id, on_hand, reserved, coalesce(held, 0) AS held
        FROM stock_levels LEFT JOIN (
            SELECT variant_id, location_id, sum(quantity) AS held
            FROM stock_reservations WHERE expires_at > now() GROUP BY 1, 2
        ) AS holds USING (variant_id, location_id)
        WHERE on_hand < reserved + coalesce(held, 0) AND NOT EXISTS (
            SELECT FROM stock_movements AS fewer
            WHERE fewer.variant_id = stock_levels.variant_id
                AND fewer.location_id = stock_levels.location_id
                AND kind IN ('count', 'import') AND delta < 0
        )
        """,
        "More units are held and reserved than are there, and no count has found fewer.",
    ),
)
