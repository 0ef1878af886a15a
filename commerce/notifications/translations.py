"""Catalogues of translated phrases, read from `.po` files when the program starts."""

import gettext
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from commerce.notifications.rules import language_chain

Catalogues = Mapping[str, Sequence[Path]]
FOLDER: Final = "locales"


class TranslationError(Exception):
    """A catalogue that cannot be used; the message names the file."""


def catalogues_in(folders: Iterable[Path]) -> Catalogues:
    """The `.po` files of each language; those of earlier folders come first."""
    found: dict[str, list[Path]] = {}
    for folder in folders:
        for file in sorted((folder / FOLDER).glob("*.po")):
            found.setdefault(file.stem, []).append(file)
    return found


def translations_for(locale: str, catalogues: Catalogues) -> gettext.NullTranslations:
    """Phrases in `locale`; what it lacks is taken from the languages behind it in the chain."""
    files = [file for name in language_chain(locale) for file in catalogues.get(name, ())]
    chain = gettext.NullTranslations()
    for file in reversed(files):
        catalogue = _read(file)
        catalogue.add_fallback(chain)
        chain = catalogue
    return chain


def known_locale(name: str) -> Locale:
    """Raises `TranslationError` for a language that nobody speaks."""
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise TranslationError(f"{name}.po: {name!r} is no language code") from None


def _read(file: Path) -> gettext.GNUTranslations:
    known_locale(file.stem)
    try:
        with file.open("rb") as source:
            catalogue = read_po(source, file.stem, abort_invalid=True)
    except (PoFileError, UnicodeError) as error:
        raise TranslationError(f"{file}: {error}") from None
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
