"""What must hold of invoices."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "numbers of invoices have no gap",
        """
        SELECT series_id, year, count(*) AS issued, max(number_value) AS last
        FROM invoices GROUP BY 1, 2 HAVING count(*) <> max(number_value)
        """,
        "A number of a series was never issued.",
    ),
)
