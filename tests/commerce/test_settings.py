from pathlib import Path

import pytest

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


def test_secrets_do_not_show() -> None:
    url = "postgresql://shop:hunter2@db/shop"
    settings = Settings.from_environ(
        {"COMMERCE_DATABASE_URL": url, "COMMERCE_SECRET_KEY": "s" * 40}
    )
    assert "hunter2" not in repr(settings)
    assert "ssss" not in repr(settings)
