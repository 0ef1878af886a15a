"""Everything that can be configured, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.functional_validators import BeforeValidator

from commerce.core.money import currency_codes
from commerce.core.network import CallingRules
from commerce.core.urls import is_in_the_clear, is_loopback, is_web_address

PREFIX = "COMMERCE_"
MIN_SECRET = 32
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
# Read by the test suite and the build, not by the server.
FOREIGN_PREFIXES = ("COMMERCE_TEST_", "COMMERCE_BENCH_")


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names it."""


def _listed(value: object) -> object:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Dialect = Literal["litekart", "litestore", "cartino"]


class Settings(BaseModel):
    """Each field is the environment variable `COMMERCE_<NAME>`; times are in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Literal["development", "production", "auto"] = Field(
        "auto",
        description="`production` hides GraphiQL, introspection and suggestions from anonymous "
        "callers. `auto` is development on a loopback host and production elsewhere.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes.")
    public_url: str = Field(
        "", description="Address clients use, for links in REST answers; empty takes the request's."
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("storegraph", appauthor=False),
        description="Folder of the embedded database and the generated secret. The default is the "
        "platform's folder for user data.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL 15 or newer; without it the server runs its own in `DATA_DIR`.",
    )
    pool_size: int = Field(20, ge=1, le=500, description="Database connections kept per process.")
    pool_overflow: int = Field(0, ge=0, le=500, description="Further connections under load.")
    pool_wait: float = Field(3, gt=0, description="Wait for a free connection before a 503.")
    transactions: int = Field(
        4, ge=1, le=500, description="Transactions at once per process; others wait their turn."
    )
    statement_timeout: float = Field(
        5, gt=0, description="Longest a single SQL statement may take."
    )
    lock_timeout: float = Field(2, gt=0, description="Longest wait for a row lock.")
    request_timeout: float = Field(15, gt=0, description="Longest a request may take.")
    secret_key: SecretStr | None = Field(
        None,
        description="At least 32 characters; signs cursors and tokens, and encrypts queued "
        "messages. Without it one is made and kept in `DATA_DIR`. Servers that share a database "
        "must share it.",
    )
    currency: str = Field(
        "EUR", description="ISO 4217 code of the default price list, when created."
    )
    default_dialect: Dialect = Field(
        "cartino", description="REST dialect of `/api/...` requests that nothing else tells apart."
    )
    dialect_hosts: Listed = Field(
        (), description="REST dialect by host name: `api.example.com=litestore,...`."
    )
    cors_origins: Listed = Field((), description="Origins whose browsers may call the server.")
    trusted_documents: Path | None = Field(
        None, description="JSON file of the GraphQL documents that the store's own clients send."
    )
    trusted_documents_mode: Literal["preferred", "required"] = Field(
        "preferred",
        description="`required` refuses every GraphQL document that is not in the file.",
    )
    executor: Literal["compiled", "reference"] = Field(
        "compiled", description="`reference` turns no query into Python, see graphql.md."
    )
    oauth: bool = Field(
        False, description="Whether programs can get tokens by OAuth 2, at `/oauth/token`."
    )
    sandbox: bool = Field(
        False,
        description="Whether this is a shop to try things out in, where `sk_test_` keys are good "
        "and `sk_live_` keys are not, see [sandboxes](cartino.md#sandboxes).",
    )
    trusted_proxies: Listed = Field(
        ("127.0.0.1",), description="Addresses whose `X-Forwarded-*` headers are believed."
    )
    redis_url: SecretStr | None = Field(
        None,
        description="`redis://…` that all processes share to count requests; without it each "
        "process counts for itself.",
    )
    rate_limits: bool = Field(
        True,
        description="Whether requests and their cost are limited; attempts to guess passwords and "
        "codes always are.",
    )
    storefront_requests: int = Field(
        300,
        ge=1,
        description="GraphQL requests a minute of one anonymous address or one customer.",
    )
    keyed_requests: int = Field(
        3000, ge=1, description="GraphQL requests a minute of one API key or staff member."
    )
    storefront_points: int = Field(
        100, ge=1, description="Points of cost a second of one anonymous address or one customer."
    )
    keyed_points: int = Field(
        500, ge=1, description="Points of cost a second of one API key or staff member."
    )
    dialect_rates: Listed = Field(
        (),
        description="Requests of one key where not as the dialect documents: "
        "`litestore=200/minute,shopkit=7200/hour`.",
    )
    litekart_anonymous: bool = Field(
        False,
        description="Whether Litekart calls without a key are held to the documented 100 an hour "
        "per address; else they count as storefront requests.",
    )
    store_name: str = Field(
        "Storegraph", min_length=1, max_length=80, description="The store's name in mails."
    )
    links_url: str = Field(
        "",
        description="Address of the storefront, for links in mails; without it `PUBLIC_URL`, or "
        "the server's own address.",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server: `smtp://user:password@host:587` or `smtps://host`. Without it "
        "mails go to the folder `outbox` in `DATA_DIR`.",
    )
    mail_from: str = Field(
        "",
        description="Who mails come from: `shop@example.com` or `Shop <shop@example.com>`. Needed "
        "with `SMTP_URL`.",
    )
    mail_templates_dir: Path | None = Field(
        None, description="Folder with mail templates and translations of your own."
    )
    sms_url: str = Field(
        "",
        description="HTTP gateway for text messages. Without it they go to the folder `outbox` "
        "in `DATA_DIR`.",
    )
    sms_token: SecretStr | None = Field(None, description="Bearer token for `SMS_URL`.")
    sms_from: str = Field(
        "", max_length=20, description="Sender of text messages; without it the store's name."
    )
    carrier_url: str = Field(
        "", description="Carrier that is asked what sending costs, see [shipping](shipping.md)."
    )
    carrier_token: SecretStr | None = Field(None, description="Bearer token for `CARRIER_URL`.")
    tax_url: str = Field(
        "", description="Service that is asked which taxes hold where, see [taxes](taxes.md)."
    )
    tax_token: SecretStr | None = Field(None, description="Bearer token for `TAX_URL`.")
    stripe_secret_key: SecretStr | None = Field(
        None, description="Secret or restricted key of Stripe; with it payments go through Stripe."
    )
    stripe_publishable_key: str = Field(
        "", description="The key that browsers use; needed with `STRIPE_SECRET_KEY`."
    )
    stripe_webhook_secret: SecretStr | None = Field(
        None, description="Secret that Stripe signs its reports with, see [payments](payments.md)."
    )
    stripe_url: str = Field("https://api.stripe.com", description="Where Stripe's API is.")
    payment_test_provider: bool = Field(
        False,
        description="Whether payment methods can use the provider `test`, which moves no money.",
    )
    outgoing_ports: Listed = Field(
        ("80", "443", "8000-8999"),
        description="Ports of other people's addresses that are called, see "
        "[outgoing calls](outgoing.md).",
    )
    outgoing_http: bool = Field(
        False,
        description="Whether addresses that start with `http://` are called in production; in "
        "development they are.",
    )
    outgoing_allow: Listed = Field(
        (),
        description="Networks that are called although they are not public: `10.1.2.0/24,...`. "
        "For receivers of your own, and `127.0.0.0/8` for trying things out.",
    )
    event_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="Days for which the log of [events](events.md) is kept.",
    )
    job_slots: int = Field(
        4,
        ge=0,
        le=100,
        description="[Jobs](jobs.md) that each server process does at once, at least 2; 0 leaves "
        "them all to `commerce worker`.",
    )
    job_days: int = Field(
        7, ge=1, le=36_500, description="Days for which jobs that are over are kept."
    )
    storage_url: str = Field(
        "",
        description="Bucket for files: `s3://bucket?endpoint=https://…&region=…`, see "
        "[files](files.md). Without it they are kept in the folder `files` in `DATA_DIR`.",
    )
    storage_access_key: SecretStr | None = Field(None, description="Access key for `STORAGE_URL`.")
    storage_secret_key: SecretStr | None = Field(None, description="Secret key for `STORAGE_URL`.")
    storage_megabytes: int = Field(
        10_240, ge=1, description="How much all files together may take up."
    )
    upload_megabytes: int = Field(
        20, ge=1, le=1024, description="How large a file may be that is uploaded or fetched."
    )
    export_hours: int = Field(
        24, ge=1, le=168, description="Hours for which the file of an [export](exports.md) is kept."
    )
    cart_retention_days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="Days after which guests' carts that nobody bought lose what they tell about "
        "the guest, counted from their end, see [privacy](privacy.md#carts-of-guests).",
    )
    invoice_retention_years: int = Field(
        10,
        ge=0,
        le=100,
        description="Calendar years for which invoices keep a buyer who is erased; 0 erases them "
        "at once, see [privacy](privacy.md#invoices).",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="`auto` is readable on a terminal and JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level logged."
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises `SettingsError` naming the first variable that cannot be used."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and not name.startswith(FOREIGN_PREFIXES) and value != ""
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError(_first_flaw(error)) from None

    def changed(self, changes: Mapping[str, object]) -> "Settings":
        """These settings with `changes`, checked like the environment."""
        try:
            return type(self).model_validate(dict(self) | dict(changes))
        except ValidationError as error:
            raise SettingsError(_first_flaw(error)) from None

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        if self.currency not in currency_codes():
            raise ValueError(f"{PREFIX}CURRENCY: {self.currency!r} is no ISO 4217 currency code")
        if self.trusted_documents_mode == "required" and self.trusted_documents is None:
            raise ValueError(f"{PREFIX}TRUSTED_DOCUMENTS_MODE needs {PREFIX}TRUSTED_DOCUMENTS")
        if self.secret_key is not None and len(self.secret_key.get_secret_value()) < MIN_SECRET:
            raise ValueError(f"{PREFIX}SECRET_KEY must have at least {MIN_SECRET} characters")
        redis = self.redis_url and self.redis_url.get_secret_value()
        if redis and not redis.startswith(REDIS_SCHEMES):
            raise ValueError(f"{PREFIX}REDIS_URL must start with {REDIS_SCHEMES[0]}")
        return self

    @model_validator(mode="after")
    def _check_messages(self) -> "Settings":
        """Mails and text messages are set up whole or not at all."""
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError(f"{PREFIX}MAIL_FROM is needed with {PREFIX}SMTP_URL")
        if self.smtp_url is not None and self.production and not self.links_base:
            raise ValueError(
                f"{PREFIX}LINKS_URL (or {PREFIX}PUBLIC_URL) is needed with {PREFIX}SMTP_URL: "
                "mails contain links"
            )
        if self.sms_token is not None and not self.sms_url:
            raise ValueError(f"{PREFIX}SMS_URL is needed with {PREFIX}SMS_TOKEN")
        _check_web_address("LINKS_URL", self.links_url)
        self._check_service("SMS", self.sms_url)
        return self

    @model_validator(mode="after")
    def _check_services(self) -> "Settings":
        """Tokens are sent to services that are named, and in production not in the clear."""
        for name, url, token in (
            ("CARRIER", self.carrier_url, self.carrier_token),
            ("TAX", self.tax_url, self.tax_token),
        ):
            if token is not None and not url:
                raise ValueError(f"{PREFIX}{name}_URL is needed with {PREFIX}{name}_TOKEN")
            self._check_service(name, url)
        return self

    @model_validator(mode="after")
    def _check_payments(self) -> "Settings":
        """What browsers get is the key that is made for them."""
        if (self.stripe_secret_key is None) is not (not self.stripe_publishable_key):
            raise ValueError(
                f"{PREFIX}STRIPE_SECRET_KEY and {PREFIX}STRIPE_PUBLISHABLE_KEY need each other"
            )
        if self.stripe_webhook_secret is not None and self.stripe_secret_key is None:
            raise ValueError(
                f"{PREFIX}STRIPE_SECRET_KEY is needed with {PREFIX}STRIPE_WEBHOOK_SECRET"
            )
        if self.stripe_publishable_key and not self.stripe_publishable_key.startswith("pk_"):
            raise ValueError(f"{PREFIX}STRIPE_PUBLISHABLE_KEY must start with pk_")
        self._check_service("STRIPE", self.stripe_url)
        return self

    def _check_service(self, name: str, url: str) -> None:
        _check_web_address(f"{name}_URL", url)
        if self.production and is_in_the_clear(url):
            raise ValueError(f"{PREFIX}{name}_URL must start with https:// in production")

    @model_validator(mode="after")
    def _check_outgoing(self) -> "Settings":
        ports, networks = self.outgoing_ports, self.outgoing_allow
        for name, each, others in (("PORTS", ports, ()), ("ALLOW", (), networks)):
            try:
                CallingRules.read(each, others, False)
            except ValueError as error:
                raise ValueError(f"{PREFIX}OUTGOING_{name}: {error}") from None
        return self

    @property
    def calling_rules(self) -> CallingRules:
        """Which addresses that others wrote down are called."""
        plain_http = self.outgoing_http or not self.production
        return CallingRules.read(self.outgoing_ports, self.outgoing_allow, plain_http)

    @property
    def links_base(self) -> str:
        """Where links in mails begin, without a slash at the end; empty when nothing says."""
        return (self.links_url or self.public_url).rstrip("/")

    @property
    def production(self) -> bool:
        if self.environment == "auto":
            return not is_loopback(self.host)
        return self.environment == "production"


def settings_from_process() -> Settings:
    """The settings of this process."""
    return Settings.from_environ(os.environ)  # noqa: TID251  # this is that one place


def _check_web_address(name: str, url: str) -> None:
    if url and not is_web_address(url):
        raise ValueError(f"{PREFIX}{name} must start with https:// or http:// and a host")


def _first_flaw(error: ValidationError) -> str:
    flaw = error.errors(include_url=False, include_input=False)[0]
    if not flaw["loc"]:
        return flaw["msg"].removeprefix("Value error, ")
    name = PREFIX + str(flaw["loc"][0]).upper()
    if flaw["type"] == "extra_forbidden":
        return f"{name} is not a setting; `commerce doctor` lists them"
    return f"{name}: {flaw['msg'].lower()}"
