import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import orjson
import pytest

from commerce.core.clock import Clock, system_clock
from commerce.integrations import outbox_folder
from commerce.integrations.outbox_folder import OutboxFolder
from commerce.notifications.composing import Sender, compose
from commerce.notifications.messages import Sms
from commerce.notifications.ports import DeliveryError
from commerce.notifications.rendering import RenderedMail

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ticking() -> Clock:
    """A clock that is a second later each time it is looked at."""
    looks = iter(range(10_000))
    return lambda: START + timedelta(seconds=next(looks))


def mail(subject: str) -> Callable[[], object]:
    rendered = RenderedMail(subject, "Text\n", "<p>Text</p>", "en")
    sender = Sender("Shop", "shop@example.com")
    return lambda: compose(rendered, "eva@example.com", sender, system_clock())


async def put(folder: OutboxFolder, *subjects: str) -> None:
    for subject in subjects:
        await folder.send(mail(subject)())  # type: ignore[arg-type]  # a message


def subjects(folder: OutboxFolder) -> list[str]:
    return [message_from_bytes(file.read_bytes())["Subject"] for file in folder.newest_first()]


async def test_mails_lie_in_the_folder_the_newest_first(tmp_path: Path) -> None:
    folder = OutboxFolder(tmp_path / "data" / "outbox", ticking())
    await put(folder, "first", "second", "third")
    assert subjects(folder) == ["third", "second", "first"]


async def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    folder = OutboxFolder(outbox, ticking())
    await put(folder, "secret")
    await folder.send_sms(Sms("+491701234567", "secret"))
    files = folder.newest_first()
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o700
    assert sorted(outbox.iterdir(), reverse=True) == list(files)  # and no drafts are left


async def test_a_text_message_is_json(tmp_path: Path) -> None:
    folder = OutboxFolder(tmp_path, lambda: START)
    await folder.send_sms(Sms("+491701234567", "Grüße"))
    (file,) = folder.newest_first()
    assert file.suffix == ".json"
    expected = {"to": "+491701234567", "text": "Grüße", "at": "2026-03-01T12:00:00+00:00"}
    assert orjson.loads(file.read_bytes()) == expected


async def test_messages_of_the_same_moment_do_not_replace_each_other(tmp_path: Path) -> None:
    folder = OutboxFolder(tmp_path, lambda: START)
    await put(folder, "one", "two", "three")
    assert sorted(subjects(folder)) == ["one", "three", "two"]


async def test_the_folder_does_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_folder, "KEPT", 3)
    folder = OutboxFolder(tmp_path, ticking())
    (tmp_path / "notes.txt").write_text("the owner's own")
    await put(folder, *map(str, range(6)))
    assert subjects(folder) == ["5", "4", "3"]
    assert (tmp_path / "notes.txt").exists()


async def test_an_unwritable_folder_is_a_delivery_that_may_work_later(tmp_path: Path) -> None:
    blocked = tmp_path / "outbox"
    blocked.write_text("a file in the way")
    with pytest.raises(DeliveryError) as raised:
        await put(OutboxFolder(blocked, ticking()), "lost")
    assert (raised.value.reason, raised.value.permanent) == ("outbox_folder", False)


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert list(OutboxFolder(tmp_path / "none", ticking()).newest_first()) == []
