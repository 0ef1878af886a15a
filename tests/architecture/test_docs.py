"""The documents say what there is: commands, options, paths."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from starlette.routing import Mount, Route, WebSocketRoute

from commerce.app import create_app
from commerce.cli.main import app as cli
from commerce.notifications.messages import MAILS
from commerce.runtime import Resources

DOCS = Path(__file__).parents[2] / "docs"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        elif not command.hidden:
            yield " ".join((*path, name)), command


EVERY = dict(commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("name", EVERY)
def test_every_command_is_documented_with_its_options(name: str) -> None:
    page = (DOCS / "cli.md").read_text()
    heading = f"## `commerce {name}`"
    assert heading in page
    section = page.split(heading, 1)[1].split("\n## ", 1)[0]
    for parameter in EVERY[name].params:
        option = parameter.opts[0]
        if option.startswith("--") and option != "--help":
            assert option in section, f"docs/cli.md does not say what `{name} {option}` does"


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = EVERY[name]
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params)


def test_every_path_is_documented(resources: Resources) -> None:
    pages = "".join(page.read_text() for page in DOCS.glob("*.md"))
    for route in create_app(resources).routes:
        assert isinstance(route, Route | Mount | WebSocketRoute)
        assert route.path in pages, f"no document speaks of {route.path}"


@pytest.mark.parametrize("kind", MAILS)
def test_every_mail_is_documented_with_what_its_template_may_use(kind: str) -> None:
    page = (DOCS / "notifications.md").read_text()
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{kind}` |"))
    assert not [name for name in MAILS[kind] if f"`{name}`" not in row]
