from pathlib import Path

import pytest

from commerce.core.network import CallingRules
from commerce.settings import Settings, SettingsError

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (DOCS / "configuration.md").read_text()
    for name, field in Settings.model_fields.items():
        row = f"| `COMMERCE_{name.upper()}` |"
        assert row in page, f"docs/configuration.md lacks {row}"
        assert field.description, f"{name} says nothing of itself"
        assert " ".join(field.description.split()) in page, f"the words on {name} differ"


def test_the_environment_is_read_and_typed() -> None:
    settings = Settings.from_environ(
        {"COMMERCE_PORT": "9000", "COMMERCE_CORS_ORIGINS": "https://a.example, https://b.example"}
    )
    assert settings.port == 9000
    assert settings.cors_origins == ("https://a.example", "https://b.example")


def test_empty_and_foreign_variables_are_ignored() -> None:
    environ = {"COMMERCE_PORT": "", "COMMERCE_TEST_DATABASE_URL": "x", "HOME": "/"}
    assert Settings.from_environ(environ).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("COMMERCE_PORT", "http", "COMMERCE_PORT: input should be a valid integer"),
        ("COMMERCE_PORTS", "1", "COMMERCE_PORTS is not a setting"),
        ("COMMERCE_CURRENCY", "EURO", "COMMERCE_CURRENCY: 'EURO' is no ISO 4217 currency code"),
        ("COMMERCE_SECRET_KEY", "short", "COMMERCE_SECRET_KEY must have at least 32 characters"),
        ("COMMERCE_ENVIRONMENT", "test", "COMMERCE_ENVIRONMENT: input should be"),
        ("COMMERCE_OUTGOING_PORTS", "80,http", "COMMERCE_OUTGOING_PORTS: 'http' is no port"),
        ("COMMERCE_OUTGOING_ALLOW", "10.0.0.1/8", "COMMERCE_OUTGOING_ALLOW: '10.0.0.1/8' is no"),
        (
            "COMMERCE_TRUSTED_DOCUMENTS_MODE",
            "required",
            "COMMERCE_TRUSTED_DOCUMENTS_MODE needs COMMERCE_TRUSTED_DOCUMENTS",
        ),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environ({name: value})
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("host", "environment", "production"),
    [
        ("127.0.0.1", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("shop.example", "auto", True),
        ("127.0.0.1", "production", True),
        ("0.0.0.0", "development", False),
    ],
)
def test_only_a_loopback_host_is_development_by_itself(
    host: str, environment: str, production: bool
) -> None:
    environ = {"COMMERCE_HOST": host, "COMMERCE_ENVIRONMENT": environment}
    assert Settings.from_environ(environ).production is production


def test_others_are_called_in_the_clear_in_development_or_where_told() -> None:
    production = {"COMMERCE_ENVIRONMENT": "production"}
    assert Settings.from_environ({}).calling_rules.plain_http
    assert not Settings.from_environ(production).calling_rules.plain_http
    told = Settings.from_environ(production | {"COMMERCE_OUTGOING_HTTP": "true"})
    assert told.calling_rules == CallingRules(plain_http=True)


def test_secrets_do_not_show() -> None:
    url = "postgresql://shop:hunter2@db/shop"
    settings = Settings.from_environ(
        {"COMMERCE_DATABASE_URL": url, "COMMERCE_SECRET_KEY": "s" * 40}
    )
    assert "hunter2" not in repr(settings)
    assert "ssss" not in repr(settings)


MAIL = {"COMMERCE_SMTP_URL": "smtp://u:canary@m.example", "COMMERCE_MAIL_FROM": "a@example.com"}
SMS = "COMMERCE_SMS_URL"
PRODUCTION = {"COMMERCE_ENVIRONMENT": "production"}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"COMMERCE_SMTP_URL": "smtp://u:canary@m.example"}, "COMMERCE_MAIL_FROM is needed"),
        ({**MAIL, **PRODUCTION}, "COMMERCE_LINKS_URL (or COMMERCE_PUBLIC_URL) is needed"),
        ({"COMMERCE_SMS_TOKEN": "canary"}, "COMMERCE_SMS_URL is needed"),
        ({SMS: "ftp://sms.example"}, "COMMERCE_SMS_URL must start with https://"),
        ({SMS: "http://[sms"}, "COMMERCE_SMS_URL must start with"),
        ({SMS: "http://sms.example", **PRODUCTION}, "COMMERCE_SMS_URL must start with https://"),
        ({"COMMERCE_LINKS_URL": "shop.example"}, "COMMERCE_LINKS_URL must start with https://"),
        ({"COMMERCE_LINKS_URL": "https://s.example/#/"}, "COMMERCE_LINKS_URL must start with"),
        ({"COMMERCE_STORE_NAME": "x" * 81}, "COMMERCE_STORE_NAME: "),
    ],
)
def test_half_a_configuration_of_messages_is_refused(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environ(environ)
    assert str(raised.value).startswith(message)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "environ",
    [
        MAIL,
        {**MAIL, **PRODUCTION, "COMMERCE_LINKS_URL": "https://shop.example"},
        {**MAIL, **PRODUCTION, "COMMERCE_PUBLIC_URL": "https://api.example"},
        {SMS: "http://sms.example"},
        {SMS: "http://127.0.0.1:9000/send", **PRODUCTION},
        {SMS: "https://sms.example", "COMMERCE_SMS_TOKEN": "canary", **PRODUCTION},
    ],
)
def test_a_whole_one_is_taken_and_its_secrets_do_not_show(environ: dict[str, str]) -> None:
    assert "canary" not in repr(Settings.from_environ(environ))
