"""Payments through Stripe: PaymentIntents over its HTTP API."""

from commerce.integrations.stripe.api import StripeApi
from commerce.integrations.stripe.payments import StripePayments

__all__ = ["StripeApi", "StripePayments"]
