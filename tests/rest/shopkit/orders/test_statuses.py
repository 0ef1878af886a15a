from commerce.orders.kinds import OrderStatus
from commerce.rest.shopkit.orders.statuses import ALIASES, NUMBERS


def test_numbers_and_words_are_one_to_one() -> None:
    assert sorted(NUMBERS.values()) == list(range(1, 12))
    assert len(set(ALIASES.values())) == 11
    assert NUMBERS.keys() == ALIASES.keys()


def test_they_are_statuses_of_orders() -> None:
    assert NUMBERS.keys() - {"RETURNED"} <= {status.name for status in OrderStatus}


def test_the_ones_its_samples_confirm() -> None:
    assert (NUMBERS["SHIPPED"], NUMBERS["AWAITING_CONFIRMATION"]) == (3, 5)
