"""`commerce import`: data into the store."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Final, TextIO

import typer
from rich.markup import escape

from commerce.bootstrap import prepare_store
from commerce.cli.output import fail, notes, told
from commerce.cli.progress import meter
from commerce.cli.session import run, set_products
from commerce.interchange.shopify_csv.importing import Importer, ImportReport
from commerce.interchange.shopify_csv.reader import (
    FileError,
    ParsedProduct,
    ProductReader,
    Reject,
)
from commerce.interchange.shopify_csv.writer import RejectWriter
from commerce.runtime import Resources

app = typer.Typer(help="Read data into the store.", no_args_is_help=True)

SOME_REFUSED: Final = 3
SHOWN_REJECTS: Final = 20
STDIN: Final = Path("-")


@app.callback()
def group() -> None:
    """Read data into the store."""


@app.command()
def products(
    file: Annotated[Path, typer.Argument(help="A Shopify product CSV; - is stdin.")],
    rejects: Annotated[
        Path | None, typer.Option(help="Where refused rows go; FILE.rejects.csv without.")
    ] = None,
) -> None:
    """Read products; doing it again changes nothing. Exits with 3 if rows were refused."""
    target = rejects or Path(f"{'stdin' if file == STDIN else file}.rejects.csv")
    try:
        with _opened(file) as source:
            report = run(lambda resources: _import(resources, source, target))
    except FileError as error:
        fail(str(error))
    except OSError as error:
        fail(told(error))
    notes.print(
        f"{report.products} products: {report.created} created, {report.changed} changed, "
        f"{report.unchanged} unchanged."
    )
    if report.refused_rows:
        notes.print(
            f"[yellow]{report.refused_rows} rows were refused[/]; see {escape(str(target))}."
        )
        sys.exit(SOME_REFUSED)


async def _import(resources: Resources, source: BinaryIO, target: Path) -> ImportReport:
    await prepare_store(
        resources.open_unit,
        resources.clock,
        resources.settings.currency,
        resources.settings.store_name,
    )
    text = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    reader = ProductReader(text)
    if reader.header.unknown:
        unknown = ", ".join(reader.header.unknown)
        notes.print(f"Unknown columns are ignored: {unknown}.", markup=False)
    rejects = Rejects(target, reader.header.names)
    importer = Importer(lambda sets: set_products(resources, sets), rejects.add)
    try:
        with meter(_size(source)) as progress:
            return await importer.run(
                reader, lambda: progress.show(_place(source), importer.report.products)
            )
    finally:
        rejects.close()


class Rejects:
    """The file of refused rows, which is there only if there are some; the first ones are told."""

    def __init__(self, target: Path, names: Sequence[str]) -> None:
        self._target = target
        self._names = names
        self._count = 0
        self._file: TextIO | None = None
        self._writer: RejectWriter | None = None

    def add(self, reject: Reject, product: ParsedProduct | None) -> None:
        if self._writer is None:
            self._file = self._target.open("w", encoding="utf-8", newline="")
            self._writer = RejectWriter(self._file, self._names)
        self._writer.write(reject, product)
        self._count += 1
        if self._count <= SHOWN_REJECTS:
            place = f"line {reject.record.line}, {reject.column}:"
            notes.print(f"{place} {reject.message}", markup=False, style="yellow")
        elif self._count == SHOWN_REJECTS + 1:
            notes.print("… and more", style="yellow")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    with file.open("rb") as source:
        yield source


def _size(source: BinaryIO) -> int | None:
    """Bytes of a file; None for a pipe."""
    return os.fstat(source.fileno()).st_size if source.seekable() else None


def _place(source: BinaryIO) -> int:
    return source.tell() if source.seekable() else 0
