"""`commerce export`: data out of the store."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import typer

from commerce.cli.output import fail, notes, told
from commerce.cli.session import run, services
from commerce.exports.kinds import ExportFormat, ExportKind
from commerce.exports.rules.wheres import EVERY
from commerce.exports.service.exports import Made
from commerce.interchange.shopify_csv.columns import OPTION_COUNT
from commerce.runtime import Resources

app = typer.Typer(help="Write data out of the store.", no_args_is_help=True)

Output = Annotated[Path | None, typer.Option(help="File to write; stdout without it.")]
Format = Annotated[ExportFormat, typer.Option(help="What kind of file.")]


@app.callback()
def group() -> None:
    """Write data out of the store."""


@app.command()
def products(output: Output = None, format: Format = ExportFormat.CSV) -> None:
    """Write every product as Shopify product CSV, or as JSON."""
    _export(ExportKind.PRODUCTS, format, output)


@app.command()
def customers(output: Output = None, format: Format = ExportFormat.CSV) -> None:
    """Write every customer with the address book."""
    _export(ExportKind.CUSTOMERS, format, output)


@app.command()
def orders(output: Output = None, format: Format = ExportFormat.CSV) -> None:
    """Write every order with its lines, but for drafts and what is filed away."""
    _export(ExportKind.ORDERS, format, output)


def _export(kind: ExportKind, format: ExportFormat, output: Path | None) -> None:
    try:
        if output is None:
            made = run(partial(_write, kind, format, sys.stdout))
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                made = run(partial(_write, kind, format, file))
    except OSError as error:
        fail(told(error))
    if made.left_out:
        notes.print(f"{made.left_out} left out: the format has {OPTION_COUNT} options.")
    notes.print(f"{made.rows} {kind.value} written.")


async def _write(
    kind: ExportKind, format: ExportFormat, file: TextIO, resources: Resources
) -> Made:
    rows, left_out, position = 0, 0, None
    async with services(resources) as own:
        while True:
            chunk = await own.export_reading.chunk(kind, format, EVERY[kind], position)
            file.write(chunk.text)
            rows, left_out = rows + chunk.rows, left_out + chunk.left_out
            position = chunk.position
            if position is None:
                return Made(rows, left_out)
