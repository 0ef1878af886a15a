"""Who moves money, as set up."""

from pydantic import SecretStr

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.integrations.stripe import StripeApi, StripePayments
from commerce.integrations.test_payments import PretendPayments
from commerce.payments.manual import ManualPayments
from commerce.payments.ports import PaymentProvider
from commerce.payments.providers import Providers
from commerce.settings import Settings


def payment_providers(settings: Settings, open_unit: OpenUnit, clock: Clock) -> Providers:
    providers: list[PaymentProvider] = [ManualPayments()]
    if settings.stripe_secret_key is not None:
        providers.append(_stripe(settings, settings.stripe_secret_key, clock))
    if settings.payment_test_provider:
        providers.append(PretendPayments(open_unit, clock))
    return Providers(providers)


def _stripe(settings: Settings, secret_key: SecretStr, clock: Clock) -> StripePayments:
    reports = settings.stripe_webhook_secret
    return StripePayments(
        StripeApi(settings.stripe_url, secret_key.get_secret_value()),
        settings.stripe_publishable_key,
        "" if reports is None else reports.get_secret_value(),
        clock,
    )
