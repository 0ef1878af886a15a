from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.integrations.post_office import outbox_folder, post_office
from commerce.notifications.messages import Mail, Sms
from commerce.settings import Settings, SettingsError
from tests.support.mail import body_of, mail_server


def settings(data_dir: Path, **given: Any) -> Settings:
    return Settings.model_validate({"data_dir": data_dir, **given})


async def test_without_configuration_everything_goes_to_the_folder(tmp_path: Path) -> None:
    given = settings(tmp_path)
    post = post_office(given, system_clock)
    await post.send(Mail("account_exists", "eva@example.com", "de"))
    await post.send(Sms("+491701234567", "Hello"))
    found = outbox_folder(given, system_clock).newest_first()
    assert sorted(file.suffix for file in found) == [".eml", ".json"]
    assert {file.parent for file in found} == {tmp_path / "outbox"}
    letter = message_from_bytes(next(file for file in found if file.suffix == ".eml").read_bytes())
    assert letter["From"] == "Storegraph <store@storegraph.example>"


async def test_with_a_mail_server_mails_go_there_in_the_stores_name(tmp_path: Path) -> None:
    async with mail_server() as server:
        given = settings(
            tmp_path,
            smtp_url=server.url,
            mail_from="shop@example.com",
            store_name="Käse & Co",
            links_url="https://shop.example/",
        )
        await post_office(given, system_clock).send(Mail("account_exists", "eva@example.com", "de"))
    (letter,) = server.letters
    assert str(letter["From"]) == "Käse & Co <shop@example.com>"
    assert "https://shop.example/account/sign-in" in body_of(letter)
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ({"links_url": "https://shop.example", "public_url": "https://api.example"},
         "https://shop.example/account/sign-in"),
        ({"public_url": "https://api.example/"}, "https://api.example/account/sign-in"),
        ({"port": 8123}, "http://127.0.0.1:8123/account/sign-in"),
    ],
)  # fmt: skip
async def test_links_lead_to_the_storefront_or_else_to_the_server(
    tmp_path: Path, given: dict[str, Any], link: str
) -> None:
    kept = settings(tmp_path, **given)
    await post_office(kept, system_clock).send(Mail("account_exists", "eva@example.com"))
    (file,) = outbox_folder(kept, system_clock).newest_first()
    assert link in file.read_text()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mail_from": "not an address"}, "COMMERCE_MAIL_FROM"),
        ({"smtp_url": "http://u:canary@m.example", "mail_from": "a@example.com"},
         "COMMERCE_SMTP_URL"),
        ({"mail_templates_dir": "/no/such/folder"}, "COMMERCE_MAIL_TEMPLATES_DIR is no folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        post_office(settings(tmp_path, **given), system_clock)
    assert "canary" not in str(raised.value)


def test_a_broken_template_stops_the_start_too(tmp_path: Path) -> None:
    (tmp_path / "password_reset.html").write_text("{{ tokn }}")
    with pytest.raises(SettingsError, match=r"password_reset in .*tokn"):
        post_office(settings(tmp_path, mail_templates_dir=tmp_path), system_clock)
