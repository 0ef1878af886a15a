"""What the mail says of who invites."""

from datetime import timedelta

import pytest

from commerce.notifications.rendering import MailRenderer, Store


@pytest.mark.parametrize(
    ("inviter", "language", "said"),
    [
        ("Ada", "en", "Ada invites you to work on the store Shop."),
        ("", "en", "You are invited to work on the store Shop."),
        ("Ada", "de", "Ada lädt Sie ein, im Shop Shop mitzuarbeiten."),
        ("", "de", "Sie sind eingeladen, im Shop Shop mitzuarbeiten."),
    ],
)
def test_an_invitation_names_the_inviter_where_there_is_one(
    inviter: str, language: str, said: str
) -> None:
    context = {"inviter": inviter, "token": "t", "valid_for": timedelta(days=7)}
    renderer = MailRenderer(Store("Shop", "https://shop.example"), None)
    mail = renderer.render("staff_invitation", language, context)
    assert said in mail.text
    assert said in mail.html
