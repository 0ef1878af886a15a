"""Links to documents that are kept here."""

from commerce.files.rules.keys import KEPT, kept_path
from resolvers.context import Info


def opened(info: Info, address: str | None) -> str | None:
    """With what opens it for an hour, where it is a document's; any other address as it is."""
    if address is None or not address.startswith(KEPT):
        return address
    services = info.context.services
    return services.ports.file_links.url(address, services.clock())


def document_url(info: Info, file_id: int) -> str | None:
    return opened(info, kept_path(file_id))
