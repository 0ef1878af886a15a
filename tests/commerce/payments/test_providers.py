"""How providers are asked, whatever they do."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.integrations.payment_providers import payment_providers
from commerce.payments.kinds import OFFLINE, AttemptKind, AttemptState
from commerce.payments.manual import ManualPayments
from commerce.payments.ports import EventRefusedError, OutcomeState, ProviderCall
from commerce.payments.providers import Providers
from commerce.settings import Settings, SettingsError

CALL = ProviderCall(
    OFFLINE, AttemptKind.CHARGE, AttemptState.PENDING, "k", Decimal(1), "EUR", system_clock()
)
STRIPE = {"STRIPE_SECRET_KEY": "sk_1", "STRIPE_PUBLISHABLE_KEY": "pk_1"}


class Broken(ManualPayments):
    name = "broken"

    def __init__(self, error: BaseException | None) -> None:
        self._error = error

    async def charge(self, call: ProviderCall) -> Any:
        if self._error is None:
            await asyncio.sleep(30)
        raise self._error or RuntimeError


@pytest.mark.parametrize("error", [RuntimeError("secret"), TimeoutError(), KeyError("x"), None])
async def test_whatever_goes_wrong_is_a_doubt(error: BaseException | None) -> None:
    providers = Providers([Broken(error)], limit=0.05)
    outcome = await providers.send(replace(CALL, provider="broken"))
    assert outcome.state is OutcomeState.UNKNOWN


async def test_a_call_that_is_canceled_is_not_answered() -> None:
    providers = Providers([Broken(asyncio.CancelledError())])
    with pytest.raises(asyncio.CancelledError):
        await providers.send(replace(CALL, provider="broken"))


async def test_a_provider_that_is_not_set_up() -> None:
    providers, call = Providers([]), replace(CALL, provider="gone")
    assert (await providers.send(call)).state is OutcomeState.FAILED
    assert (await providers.look_up(call)).state is OutcomeState.UNKNOWN
    assert (await providers.abandon(call)).state is OutcomeState.UNKNOWN
    with pytest.raises(KeyError):
        providers.of("gone")


@pytest.mark.parametrize("kind", AttemptKind)
async def test_nobody_is_asked_for_what_is_paid_outside(kind: AttemptKind) -> None:
    providers = Providers([ManualPayments()])
    opening = kind in (AttemptKind.CHARGE, AttemptKind.AUTHORIZE)
    expected = OutcomeState.UNKNOWN if opening else OutcomeState.FAILED
    assert (await providers.send(replace(CALL, kind=kind))).state is expected
    assert (await providers.look_up(replace(CALL, kind=kind))).state is OutcomeState.UNKNOWN
    assert (await providers.abandon(replace(CALL, kind=kind))).state is OutcomeState.FAILED
    with pytest.raises(EventRefusedError):
        providers.of(OFFLINE).read_event({}, b"{}")


def _set_up(given: dict[str, str]) -> Settings:
    return Settings.from_environ({f"COMMERCE_{name}": value for name, value in given.items()})


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, {"manual"}),
        (STRIPE, {"manual", "stripe"}),
        ({"PAYMENT_TEST_PROVIDER": "true"}, {"manual", "test"}),
    ],
)
async def test_providers_are_set_up_by_settings(given: dict[str, str], names: set[str]) -> None:
    providers = payment_providers(_set_up(given), None, system_clock)  # type: ignore[arg-type]
    assert {name for name in ("manual", "stripe", "test") if name in providers} == names
    await providers.close()


@pytest.mark.parametrize(
    ("given", "flaw"),
    [
        ({"STRIPE_SECRET_KEY": "sk_1"}, "PUBLISHABLE"),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_1"}, "SECRET_KEY"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_1"}, "SECRET_KEY"),
        ({**STRIPE, "STRIPE_PUBLISHABLE_KEY": "sk_1"}, "pk_"),
        ({**STRIPE, "STRIPE_URL": "stripe"}, "STRIPE_URL"),
        ({**STRIPE, "STRIPE_URL": "http://stripe.test", "ENVIRONMENT": "production"}, "https"),
    ],
)
def test_settings_that_would_not_work_or_leak(given: dict[str, str], flaw: str) -> None:
    with pytest.raises(SettingsError, match=flaw):
        _set_up(given)


def test_secrets_are_not_printed() -> None:
    settings = _set_up({**STRIPE, "STRIPE_WEBHOOK_SECRET": "whsec_1"})
    assert not [word for word in ("sk_1", "whsec_1") if word in repr(settings)]
