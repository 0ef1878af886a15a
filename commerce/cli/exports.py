"""`commerce export`: data out of the store."""

import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from commerce.cli.output import fail, notes, told
from commerce.cli.session import run
from commerce.interchange.repository import ExportRepository
from commerce.interchange.shopify_csv.columns import OPTION_COUNT
from commerce.interchange.shopify_csv.writer import ProductWriter
from commerce.runtime import Resources

app = typer.Typer(help="Write data out of the store.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Write data out of the store."""


@app.command()
def products(
    output: Annotated[Path | None, typer.Option(help="File to write; stdout without it.")] = None,
) -> None:
    """Write every product as Shopify product CSV."""
    try:
        if output is None:
            count = run(lambda resources: _export(resources, sys.stdout))
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                count = run(lambda resources: _export(resources, file))
    except OSError as error:
        fail(told(error))
    notes.print(f"{count} products written.")


async def _export(resources: Resources, file: TextIO) -> int:
    writer, count = ProductWriter(file), 0
    async with resources.open_unit() as uow:
        async for product in ExportRepository(uow).products():
            if len(product.option_names) > OPTION_COUNT:
                notes.print(f"Left out {product.row.slug}: the format has three options.")
                continue
            writer.write(product)
            count += 1
    return count
