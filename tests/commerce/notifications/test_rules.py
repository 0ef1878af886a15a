from datetime import timedelta

import pytest

from commerce.notifications.rules import TRIES, language_chain, wait_after


def test_the_waits_grow_and_outlast_a_day_of_trouble() -> None:
    waits = [wait_after(tries, 0.5) for tries in range(1, TRIES)]
    assert waits == sorted(waits, key=lambda wait: wait or timedelta())
    total = sum((wait for wait in waits if wait is not None), timedelta())
    assert timedelta(hours=22) < total < timedelta(hours=26)


def test_after_the_last_try_there_is_no_wait() -> None:
    assert wait_after(TRIES - 1, 0.5) is not None
    assert wait_after(TRIES, 0.5) is None
    assert wait_after(TRIES + 1, 0.5) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 12), (0.5, 15), (1.0, 18)])
def test_chance_spreads_a_wait_by_a_fifth(chance: float, seconds: float) -> None:
    assert wait_after(1, chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("locale", "chain"),
    [
        ("de-AT", ["de_AT", "de", "en"]),
        ("de_AT", ["de_AT", "de", "en"]),
        ("zh-Hant-TW", ["zh_Hant_TW", "zh_Hant", "zh", "en"]),
        ("en-GB", ["en_GB", "en"]),
        ("en", ["en"]),
        ("", ["en"]),
        ("-", ["_", "en"]),
    ],
)
def test_a_locale_falls_back_step_by_step_to_english(locale: str, chain: list[str]) -> None:
    assert language_chain(locale) == chain
