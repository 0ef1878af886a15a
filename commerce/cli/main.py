"""Every subcommand in one place. Each says what went wrong in one line and exits with 1."""

import sys
from typing import Final

import typer
from sqlalchemy.exc import DBAPIError

from commerce.cli import demo, doctor, exports, imports, keys, mail, schema, server
from commerce.cli.output import fail
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
app.add_typer(mail.app, name="mail")
app.command()(schema.schema)
app.command()(doctor.doctor)


def main() -> None:
    """The console script."""
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
