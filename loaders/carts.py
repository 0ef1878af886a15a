"""Edges to carts and their lines."""

from functools import cached_property
from typing import Final

from commerce.core.problems import BadInputError
from commerce.wiring import Repositories
from loaders.batch import ByKeyLoader

MAX_PRICED: Final = 10


class CartsLoaders:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._priced = 0

    @cached_property
    def by_id(self) -> ByKeyLoader:
        return ByKeyLoader(self._repositories.carts.by_ids)

    @cached_property
    def open_by_customer(self) -> ByKeyLoader:
        """customer id -> its cart that is not bought yet."""
        return ByKeyLoader(self._repositories.carts.open_by_customers)

    @cached_property
    def lines(self) -> ByKeyLoader:
        """cart id -> all of its lines."""
        return ByKeyLoader(self._repositories.cart_lines.by_carts, ())

    @cached_property
    def gift_cards(self) -> ByKeyLoader:
        """gift card id -> the card, for carts that somebody has shown its code for."""
        return ByKeyLoader(self._repositories.gift_card_balances.by_ids)

    def count_pricing(self) -> None:
        """Raises `BadInputError` when one request asks what too many carts come to: each is a
        calculation of its own.
        """
        self._priced += 1
        if self._priced > MAX_PRICED:
            raise BadInputError(f"At most {MAX_PRICED} carts are priced at once; see itemsTotal.")
