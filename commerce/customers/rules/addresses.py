"""What makes an address good in its country, and how it is written on a parcel. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.countries import country_codes
from commerce.core.problems import Invalid
from commerce.core.text import words_flaw
from commerce.customers.rules.countries import (
    FIELDS,
    AddressFormat,
    address_format,
    country_names,
    region_of,
)
from commerce.customers.rules.people import phone_of
from commerce.customers.rules.tax_ids import plain_tax_id

MAX_FIELD: Final = 200
MAX_ADDRESSES: Final = 100
TEXTS: Final = (
    "first_name",
    "last_name",
    "company",
    "street1",
    "street2",
    "postal_code",
    "city",
    "region",
)
FIELDS_STORED: Final = (*TEXTS, "phone", "country")
# What an entry of an address book has beside the address.
BESIDE: Final = ("tax_id", "note")
ENTRY: Final = (*FIELDS_STORED, *BESIDE)
# Once one of them is another, nobody has looked at the address.
PLACE: Final = frozenset({"street1", "street2", "postal_code", "city", "region", "country"})
MAX_NOTE: Final = 1_000
MAX_TAX_ID: Final = 64
# What the post calls a field, and the first field of an entry that holds it.
COLUMNS: Final = {
    "street": "street1",
    "city": "city",
    "region": "region",
    "postal_code": "postal_code",
}


@dataclass(frozen=True, slots=True)
class Address:
    """An entry of an address book, without whose it is."""

    country: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str | None = None
    street1: str = ""
    street2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def checked_address(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """The values as they are stored: spaces trimmed, codes in capitals, regions by their code.

    Fields that are not given are empty. The flaw's path is the name of the field.
    """
    texts = {name: " ".join(given.get(name, "").split()) for name in TEXTS}
    for name, text in texts.items():
        flaw = words_flaw(text, MAX_FIELD, name)
        if flaw is not None:
            return flaw
    country = given.get("country", "").strip().upper()
    if country not in country_codes():
        return Invalid("There is no country with this ISO 3166-1 alpha-2 code.", ("country",))
    flaw = _missing(texts, address_format(country)) or _settle(texts, country)
    if flaw is not None:
        return flaw
    phone = phone_of(given.get("phone"), country, "phone")
    return phone if isinstance(phone, Invalid) else {**texts, "country": country, "phone": phone}


def checked_entry(given: Mapping[str, Any]) -> dict[str, Any] | Invalid:
    """An address as it is stored in a book, with what stands beside it there."""
    note, tax_id = (given.get("note") or "").strip(), given.get("tax_id") or ""
    flaw = words_flaw(note, MAX_NOTE, "note") or words_flaw(tax_id, MAX_TAX_ID, "tax_id")
    if flaw is not None:
        return flaw
    address = checked_address(given)
    if isinstance(address, Invalid):
        return address
    return {**address, "note": note, "tax_id": plain_tax_id(tax_id) or None}


def _missing(texts: Mapping[str, str], format_: AddressFormat) -> Invalid | None:
    for field, column in COLUMNS.items():
        if field in format_.required and not texts[column]:
            return Invalid("Addresses in this country need this.", (column,))
    return None


def _settle(texts: dict[str, str], country: str) -> Invalid | None:
    """Bring region and postal code into the form they are stored in."""
    format_ = address_format(country)
    texts["postal_code"] = texts["postal_code"].upper()
    if texts["postal_code"] and not format_.takes(texts["postal_code"]):
        examples = ", ".join(format_.examples[:2])
        told = f" It looks like this: {examples}." if examples else ""
        return Invalid(f"This is no postal code of the country.{told}", ("postal_code",))
    region = region_of(country, texts["region"])
    if region is not None:
        texts["region"] = region.code
    elif texts["region"] and format_.regions:
        return Invalid("The country has no such region.", ("region",))
    return None


def address_lines(address: Address, locale: str) -> list[str]:
    """As it is written on a parcel there; the country's name is in the language of `locale`."""
    format_ = address_format(address.country)
    texts = {"N": address.name, "O": address.company, "C": address.city}
    texts |= {"S": _written_region(address), "Z": address.postal_code}
    shown = {letter: _cased(format_, letter, text) for letter, text in texts.items()}
    street = [address.street1, address.street2]
    if "%C" not in format_.template and address.city.upper() not in format_.template:
        street.insert(0, address.city)  # where the post takes it for a part of the street
    lines: list[str] = []
    for line in format_.template.split("%n"):
        if line == "%A":
            lines += [_cased(format_, "A", text) for text in street]
        else:
            lines.append(_filled(line, shown))
    country = country_names(locale)[address.country].upper()
    return [line for line in (*lines, country) if line]


def _written_region(address: Address) -> str:
    region = region_of(address.country, address.region)
    return address.region if region is None else region.written


def _cased(format_: AddressFormat, letter: str, text: str) -> str:
    return text.upper() if FIELDS[letter] in format_.upper else text


def _filled(line: str, texts: Mapping[str, str]) -> str:
    """`%C, %S %Z` with what is there; separators around what is not are left out."""
    for letter, text in texts.items():
        line = line.replace(f"%{letter}", text.replace("%", "\x00"))
    for letter in "ADNX":
        line = line.replace(f"%{letter}", "")
    return " ".join(line.split()).strip(" ,-/").replace("\x00", "%")
