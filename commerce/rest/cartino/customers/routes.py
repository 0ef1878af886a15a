"""Customers, their addresses and groups."""

from typing import Final

from commerce.rest.cartino.customers import flows, inputs, shapes
from commerce.rest.cartino.customers.fields import (
    CHANGED,
    CHANGED_ADDRESS,
    DEFAULT_OF,
    LIST,
    NEW,
    NEW_ADDRESS,
)
from commerce.rest.cartino.envelope import missing
from commerce.rest.cartino.paging import PAGING, window
from commerce.rest.route import Route

NAMES: Final = {
    "acceptsEmail": "accepts_marketing",
    "company": "company_name",
    "taxId": "vat_number",
    "fiscalCode": "tax_code",
    "groupId": "customer_group_id",
    "note": "notes",
}
ADDRESS_NAMES: Final = {
    "street1": "address_line_1",
    "street2": "address_line_2",
    "region": "state",
    "note": "notes",
    "verified": "is_verified",
}
PROBLEMS: Final = {"TAKEN": shapes.taken, "NOT_FOUND": missing(NAMES)}
ONE: Final = "CartinoCustomer"
UPSERT: Final = "CartinoAddressUpsert"
METAFIELDS: Final = ("CartinoCustomerMetafieldsSet", "CartinoCustomerMetafieldsDelete")

ROUTES: Final = (
    Route(
        "GET",
        "/customers",
        "CartinoCustomers",
        inputs.customers,
        shapes.customers,
        query=LIST,
        about="Customers, the newest first",
    ),
    Route(
        "POST",
        "/customers",
        "CartinoCustomerCreate",
        status=201,
        body=NEW,
        flow=flows.create,
        further=(*METAFIELDS, ONE),
        renamed=NAMES,
        problems=PROBLEMS,
        about="Add a customer",
    ),
    Route("GET", "/customers/{id:int}", ONE, inputs.by_id, shapes.customer, about="A customer"),
    Route(
        "PUT",
        "/customers/{id:int}",
        ONE,
        body=CHANGED,
        flow=flows.update,
        further=("CartinoCustomerUpdate", *METAFIELDS),
        renamed=NAMES,
        problems=PROBLEMS,
        about="Change the given fields of a customer",
    ),
    Route(
        "DELETE",
        "/customers/{id:int}",
        ONE,
        flow=flows.erase,
        further=("CartinoCustomerErase",),
        seed=False,
        about="Erase a customer; orders stay, without the person",
    ),
    Route(
        "GET",
        "/customers/{id:int}/statistics",
        "CartinoCustomerStatistics",
        inputs.by_id,
        shapes.statistics,
        seed=False,
        about="What a customer has bought so far",
    ),
    Route(
        "POST",
        "/customers/{id:int}/subscribe",
        "CartinoCustomerConsentSet",
        inputs.subscribed,
        shapes.changed,
        seed=False,
        about="Write down that a customer wants marketing mails",
    ),
    Route(
        "POST",
        "/customers/{id:int}/block",
        "CartinoCustomerBlock",
        inputs.blocked,
        shapes.changed,
        seed=False,
        about="Keep a customer from signing in",
    ),
    Route(
        "GET",
        "/customers/{id:int}/addresses",
        "CartinoAddresses",
        inputs.of_customer,
        shapes.addresses,
        query=PAGING,
        seed=False,
        about="The address book of a customer",
    ),
    Route(
        "POST",
        "/customers/{id:int}/addresses",
        UPSERT,
        inputs.new_address,
        shapes.address,
        status=201,
        body=NEW_ADDRESS,
        renamed=ADDRESS_NAMES,
        seed=False,
        about="Add an address",
    ),
    Route(
        "PATCH",
        "/addresses/{id:int}",
        UPSERT,
        inputs.changed_address,
        shapes.address,
        body=CHANGED_ADDRESS,
        renamed=ADDRESS_NAMES,
        seed=False,
        about="Change the given fields of an address",
    ),
    Route(
        "DELETE",
        "/addresses/{id:int}",
        "CartinoAddressDelete",
        inputs.gone_address,
        shapes.address_gone,
        seed=False,
        about="Delete an address",
    ),
    Route(
        "POST",
        "/addresses/{id:int}/set-default",
        UPSERT,
        inputs.default_address,
        shapes.address,
        body=DEFAULT_OF,
        renamed=ADDRESS_NAMES,
        seed=False,
        about="Make an address the default one",
    ),
    Route(
        "GET",
        "/customer-groups",
        "CartinoGroups",
        window,
        shapes.groups,
        query=PAGING,
        seed=False,
        about="Customer groups",
    ),
    Route(
        "GET",
        "/customer-groups/{id:int}",
        "CartinoGroup",
        inputs.group_by_id,
        shapes.group,
        seed=False,
        about="A customer group",
    ),
)
