"""What must hold of gift cards."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "balances are the sums of the ledger",
        """
        SELECT id, balance, coalesce(sum, 0) AS ledger FROM gift_cards LEFT JOIN (
            SELECT gift_card_id, sum(amount) FROM gift_card_entries GROUP BY 1
        ) AS entries ON gift_card_id = id
        WHERE balance <> coalesce(sum, 0)
        """,
        "A card's balance was changed past the ledger, or the ledger past the card.",
    ),
    Invariant(
        "what was drawn for a cart is what it has used",
        """
        SELECT gift_card_id, cart_id, coalesce(used, 0) AS used, coalesce(drawn, 0) AS drawn
        FROM (
            SELECT gift_card_id, cart_id, sum(amount - returned) AS used
            FROM gift_card_uses GROUP BY 1, 2
        ) AS uses FULL JOIN (
            SELECT gift_card_id, cart_id, -sum(amount) AS drawn FROM gift_card_entries
            WHERE kind IN ('draw', 'give_back') GROUP BY 1, 2
        ) AS entries USING (gift_card_id, cart_id)
        WHERE coalesce(used, 0) <> coalesce(drawn, 0)
        """,
        "Money left a card for no cart, or a cart was paid with money that left no card.",
    ),
)
