"""Reading and changing attributes, and the values products have of them."""

from collections.abc import Sequence
from typing import Any

from commerce.catalog.kinds import AttributeType
from commerce.catalog.problems import AttributeInUse
from commerce.catalog.repository.attributes import AttributeRepository, AttributeRow
from commerce.catalog.repository.product_versions import ProductVersionRepository
from commerce.catalog.rules.attributes import (
    ValueRow,
    WantedValue,
    attribute_flaw,
    cleaned_attribute,
    value_rows,
)
from commerce.catalog.rules.order import first_repeated
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict

Values = dict[str, Any]

BLANK: Values = {
    "code": "",
    "label": "",
    "type": AttributeType.TEXT,
    "unit": "",
    "choices": [],
    "filterable": False,
    "position": 0,
}
PATH = "values"


class AttributeService:
    def __init__(self, attributes: AttributeRepository, products: ProductVersionRepository) -> None:
        self._attributes = attributes
        self._products = products

    async def one(self, id_: int | None, code: str | None) -> AttributeRow | None:
        """By id if given, else by its code."""
        if id_ is not None:
            return (await self._attributes.by_ids([id_])).get(id_)
        return None if code is None else await self._attributes.by_code(code)

    async def page(self, args: PageArgs) -> Page[AttributeRow]:
        return await self._attributes.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._attributes.count(limit)

    async def upsert(self, id_: int | None, values: Values) -> AttributeRow | Problem:
        """Change the attribute with this id, else the one with this code, else add one."""
        columns = cleaned_attribute(values)
        for _ in range(2):
            row = await self._attributes.locked(id_, columns.get("code"))
            if row is not None:
                return await self._edit(row, columns)
            if id_ is not None:
                return NotFound("There is no attribute with this id.", ("id",))
            new = {**BLANK, **columns}
            flaw = attribute_flaw(new)
            added = flaw or await self._attributes.add(new)
            if added is not None:
                return added
        return Taken("Another attribute has this code.", ("code",))

    async def delete(self, id_: int) -> int | Problem:
        """The id of what is no more; products lose their values of it."""
        gone = await self._attributes.remove(id_)
        return id_ if gone else NotFound("There is no attribute with this id.", ("id",))

    async def set_values(
        self, product_id: int, wanted: Sequence[WantedValue], expected_version: int | None = None
    ) -> int | Problem:
        """Give the product these values; what it has of other attributes stays. Its id.

        Values it has already leave its version alone.
        """
        flaw = await self._unready(product_id, expected_version) or _repeated(wanted)
        if flaw is not None:
            return flaw
        attributes = await self._attributes.held([item.code for item in wanted])
        rows: dict[int, list[ValueRow]] = {}
        for place, item in enumerate(wanted):
            found = _rows(attributes.get(item.code), item, place)
            if isinstance(found, Problem):
                return found
            rows[attributes[item.code].id] = found
        await self._write(product_id, rows)
        return product_id

    async def _unready(self, product_id: int, expected_version: int | None) -> Problem | None:
        versions = await self._products.locked([product_id])
        if product_id not in versions:
            return NotFound("There is no product with this id.", ("product_id",))
        return version_conflict("product", versions[product_id], expected_version)

    async def _write(self, product_id: int, rows: dict[int, list[ValueRow]]) -> None:
        current: dict[int, list[ValueRow]] = {}
        stored = await self._attributes.values_by_product([product_id])
        for row in stored.get(product_id, ()):
            value = ValueRow(row.text_value, row.number_value, row.boolean_value, row.date_value)
            current.setdefault(row.id, []).append(value)
        changes = {id_: value for id_, value in rows.items() if value != current.get(id_, [])}
        if changes:
            await self._attributes.put_values(product_id, changes)
            await self._products.touch([product_id], "attributes")

    async def _edit(self, row: AttributeRow, columns: Values) -> AttributeRow | Problem:
        stored = {name: row._mapping[name] for name in BLANK}
        wanted = {**stored, **columns}
        refusal = attribute_flaw(wanted) or await self._in_use(row, wanted)
        if refusal is not None:
            return refusal
        changes = {name: value for name, value in columns.items() if value != stored[name]}
        return await self._attributes.change(row.id, changes) if changes else row

    async def _in_use(self, row: AttributeRow, wanted: Values) -> AttributeInUse | None:
        """Values of products that the attribute would not have any more."""
        if wanted["type"] is not row.type:
            if await self._attributes.value_in_use(row.id) is None:
                return None
            return AttributeInUse("Products have values of the former type.", ("type",))
        if set(row.choices) <= set(wanted["choices"]):
            return None
        lost = await self._attributes.value_in_use(row.id, wanted["choices"])
        if lost is None:
            return None
        return AttributeInUse(f"Products have the choice {lost!r}.", ("choices",))


def _repeated(wanted: Sequence[WantedValue]) -> Invalid | None:
    place = first_repeated(item.code for item in wanted)
    if place is None:
        return None
    return Invalid("This attribute was named before.", (PATH, str(place), "code"))


def _rows(
    attribute: AttributeRow | None, item: WantedValue, place: int
) -> list[ValueRow] | Problem:
    path = (PATH, str(place))
    if attribute is None:
        return NotFound("There is no attribute with this code.", (*path, "code"))
    rows = value_rows(attribute.type, attribute.choices, item)
    return Invalid(rows, (*path, attribute.type.value)) if isinstance(rows, str) else rows
