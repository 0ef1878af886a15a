"""Every subcommand in one place. Each says what went wrong in one line and exits with 1."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import typer
from sqlalchemy.exc import DBAPIError

from commerce.cli import (
    audit,
    demo,
    doctor,
    explain,
    exports,
    imports,
    jobs,
    keys,
    mail,
    oauth,
    routes,
    schema,
    server,
    staff,
)
from commerce.cli.output import fail
from commerce.cli.session import COMMAND
from commerce.core.problems import RequestError
from commerce.http.server import ServerError
from commerce.integrations.embedded_postgres import EmbeddedPostgresError
from commerce.migrate import SchemaError
from commerce.settings import SettingsError

KNOWN: Final = (
    SettingsError,
    SchemaError,
    ServerError,
    EmbeddedPostgresError,
    RequestError,
)

app = typer.Typer(
    name="commerce",
    help="Storegraph: a GraphQL-first headless commerce server.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(server.serve)
app.command()(server.migrate)
app.command(hidden=True)(server.migration)
app.add_typer(imports.app, name="import")
app.add_typer(exports.app, name="export")
app.command()(demo.demo)
app.add_typer(keys.app, name="keys")
app.add_typer(oauth.app, name="oauth")
app.add_typer(staff.app, name="staff")
app.add_typer(mail.app, name="mail")
app.add_typer(audit.app, name="audit")
app.add_typer(jobs.app, name="jobs")
app.command()(jobs.worker)
app.command()(schema.schema)
app.command()(routes.routes)
app.command()(explain.explain)
app.command()(doctor.doctor)


def main() -> None:
    """The console script."""
    COMMAND.set(command_name(sys.argv[1:]))
    try:
        app()
    except KNOWN as error:
        fail(str(error))
    except DBAPIError as error:
        fail(f"The database refused: {error.orig}")
    except (ConnectionError, TimeoutError) as error:
        fail(f"The database cannot be reached: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def command_name(words: Sequence[str]) -> str:
    """`commerce keys create`, of a command line's words."""
    name, command = ["commerce"], typer.main.get_command(app)
    for word in words:
        commands: dict[str, Any] = getattr(command, "commands", {})
        if word not in commands:
            break
        name.append(word)
        command = commands[word]
    return " ".join(name)
