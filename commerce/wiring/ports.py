"""What services need of the world outside the database: made once per process."""

from dataclasses import dataclass, field
from functools import cache
from secrets import token_bytes
from typing import Final

from commerce.core.attempts import Attempts
from commerce.core.cipher import KEY_BYTES, Cipher
from commerce.core.limiter import RateLimiter
from commerce.core.links import SignedLinks
from commerce.core.outgoing import NoCalls, SafeClient
from commerce.files.ports import Fetch, Pictures, Storage
from commerce.files.rules.limits import FileLimits
from commerce.gift_cards.codes import GiftCardCodes
from commerce.idempotency.seal import CallSeal
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.passwords import Passwords
from commerce.identity.refresh_tokens import RefreshTokens
from commerce.integrations.pictures import PictureMaker
from commerce.integrations.storage import memory_storage
from commerce.integrations.web_files import WebFiles
from commerce.notifications.rendering import MailRenderer, Store
from commerce.payments.manual import ManualPayments
from commerce.payments.providers import Providers
from commerce.privacy.rules import Retention
from commerce.shipping.ports import CarrierRates
from commerce.taxes.ports import TaxProvider

WEBHOOKS: Final = "webhooks"  # the purpose their cipher is bound to


@cache
def _example_renderer() -> MailRenderer:
    """For who has no settings."""
    return MailRenderer(Store("Storegraph", "http://127.0.0.1"))


@dataclass(frozen=True, slots=True)
class Ports:
    """`public_url` is where clients reach the server; links start with it. In a `sandbox` keys are
    made for it alone.

    `message_cipher` seals what queued messages say until they are sent, `call_seal` what calls
    were answered that may be sent again. `outgoing` calls addresses that others wrote down.
    """

    limiter: RateLimiter
    attempts: Attempts
    message_cipher: Cipher
    call_seal: CallSeal
    passwords: Passwords
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    public_url: str = ""
    sandbox: bool = False
    carrier_rates: CarrierRates | None = None
    tax_provider: TaxProvider | None = None
    payment_providers: Providers = field(default_factory=lambda: Providers([ManualPayments()]))
    gift_card_codes: GiftCardCodes = field(default_factory=GiftCardCodes)
    document_links: SignedLinks = field(default_factory=SignedLinks)
    file_storage: Storage = field(default_factory=memory_storage)
    file_fetch: Fetch = field(default_factory=WebFiles)
    file_links: SignedLinks = field(default_factory=SignedLinks)
    file_limits: FileLimits = field(default_factory=FileLimits)
    pictures: Pictures = field(default_factory=PictureMaker)
    retention: Retention = field(default_factory=Retention)
    outgoing: SafeClient = field(default_factory=NoCalls)
    mail_renderer: MailRenderer = field(default_factory=_example_renderer)
    webhook_cipher: Cipher = field(default_factory=lambda: Cipher(WEBHOOKS, token_bytes(KEY_BYTES)))
