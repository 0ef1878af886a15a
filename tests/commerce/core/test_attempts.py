"""Guessing is slow, whatever is guessed and however it is spelled."""

from typing import Any

import pytest

from commerce.core.attempts import (
    COUPON,
    GIFT_CARD,
    PASSWORD_RESET,
    SIGN_IN,
    Attempts,
    Guess,
    TooManyAttempts,
)
from commerce.core.limiter import Allowance, Rate, Unlimited
from tests.support.limiters import Counted

SECRET = b"a secret of the tests"


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def attempts(counted: Counted) -> Attempts:
    return Attempts(counted.limiter, SECRET)


async def allowed(attempts: Attempts, guess: Guess, number: int, **of: Any) -> int:
    found = [await attempts.allow(guess, of.get("caller", "192.0.2.1"), of.get("account"))
             for _ in range(number)]  # fmt: skip
    return found.count(None)


@pytest.mark.parametrize(
    ("guess", "times", "seconds"), [(SIGN_IN, 5, 15 * 60), (PASSWORD_RESET, 3, 60 * 60)]
)
async def test_an_account_is_tried_so_often_whoever_tries(
    attempts: Attempts, counted: Counted, guess: Guess, times: int, seconds: int
) -> None:
    for number in range(times):
        assert await attempts.allow(guess, f"192.0.2.{number}", "anna@example.com") is None
    refused = await attempts.allow(guess, "198.51.100.1", "anna@example.com")
    assert isinstance(refused, TooManyAttempts)
    assert (refused.code, refused.retryable) == ("TOO_MANY_ATTEMPTS", True)
    assert refused.retry_after == seconds
    assert await attempts.allow(guess, "198.51.100.1", "bert@example.com") is None
    counted.clock.pass_(seconds + 1)
    assert await attempts.allow(guess, "198.51.100.1", "anna@example.com") is None


@pytest.mark.parametrize(
    ("guess", "times", "seconds"), [(SIGN_IN, 20, 60), (PASSWORD_RESET, 20, 60 * 60)]
)
async def test_a_caller_tries_so_many_accounts(
    attempts: Attempts, counted: Counted, guess: Guess, times: int, seconds: int
) -> None:
    found = [await attempts.allow(guess, "192.0.2.1", f"{n}@example.com") for n in range(1_000)]
    assert found.count(None) == times
    assert all(refused is None for refused in found[:times])
    assert await attempts.allow(guess, "192.0.2.2", "other@example.com") is None
    counted.clock.pass_(seconds + 1)
    assert await attempts.allow(guess, "192.0.2.1", "other@example.com") is None


@pytest.mark.parametrize("guess", [COUPON, GIFT_CARD])
async def test_codes_are_guessed_ten_times_a_minute(
    attempts: Attempts, counted: Counted, guess: Guess
) -> None:
    assert await allowed(attempts, guess, 1_000) == 10
    assert await allowed(attempts, guess, 1_000, caller="customer:7") == 10
    counted.clock.pass_(61)
    assert await allowed(attempts, guess, 1_000) == 10


@pytest.mark.parametrize(
    "spelling",
    ["ANNA@example.com", " anna@example.com ", "\uff41nna@example.com", "anna@EXAMPLE.COM"],
)
async def test_another_spelling_is_the_same_account(attempts: Attempts, spelling: str) -> None:
    assert await allowed(attempts, SIGN_IN, 5, account="anna@example.com") == 5
    assert await allowed(attempts, SIGN_IN, 1, account=spelling) == 0


async def test_a_success_forgets_the_attempts_at_the_account_and_no_others(
    attempts: Attempts,
) -> None:
    assert await allowed(attempts, SIGN_IN, 4, account="anna@example.com") == 4
    assert await allowed(attempts, SIGN_IN, 5, account="bert@example.com") == 5
    await attempts.forget(SIGN_IN, "Anna@example.com")
    assert await allowed(attempts, SIGN_IN, 5, account="anna@example.com") == 5
    assert await allowed(attempts, SIGN_IN, 1, account="bert@example.com") == 0


async def test_a_success_does_not_forget_the_caller(attempts: Attempts) -> None:
    for number in range(20):
        assert await attempts.allow(SIGN_IN, "192.0.2.1", f"{number}@example.com") is None
        await attempts.forget(SIGN_IN, f"{number}@example.com")
    assert await attempts.allow(SIGN_IN, "192.0.2.1", "20@example.com") is not None


async def test_no_account_is_named_in_a_counter() -> None:
    keys: list[str] = []

    class Noting(Unlimited):
        async def hit(self, rate: Rate, key: str) -> Allowance:
            keys.append(key)
            return await super().hit(rate, key)

    await Attempts(Noting(), SECRET).allow(SIGN_IN, "192.0.2.1", "anna@example.com")
    await Attempts(Noting(), b"another").allow(SIGN_IN, "192.0.2.1", "anna@example.com")
    assert len(set(keys)) == 3  # the caller's, and one per secret
    assert not any("anna" in key for key in keys)


@pytest.mark.parametrize("account", ["", "\0", "\ud800", "a" * 100_000])
async def test_any_text_can_be_an_account(attempts: Attempts, account: str) -> None:
    assert await allowed(attempts, SIGN_IN, 10, account=account) == 5
