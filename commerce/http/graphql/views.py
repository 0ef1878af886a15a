"""Documents for another view of the schema, beside those for the schema itself."""

from commerce.core.viewer import Viewer
from commerce.http.graphql.documents import VALIDATION_FAILED, Document, Documents
from commerce.http.graphql.errors import RefusedError
from commerce.http.graphql.kept import Kept


class EitherDocuments:
    """What the view does not know is read as the schema itself has it, the whole document.

    So whatever is written for the schema works beside it as well. A document that is valid for
    neither is refused as the view refuses it.
    """

    def __init__(self, view: Documents, schema: Documents) -> None:
        self._view = view
        self._schema = schema
        # Texts that the view refused before: it is not asked again.
        self._elsewhere: Kept[bool] = Kept()

    def get(self, text: str, viewer: Viewer) -> Document:
        """The document, within the viewer's limits; raises `RefusedError` for any other."""
        if self._elsewhere.get(text):
            return self._schema.get(text, viewer)
        try:
            return self._view.get(text, viewer)
        except RefusedError as refusal:
            if refusal.code != VALIDATION_FAILED:
                raise
            found = self._other(text, viewer, refusal)
        self._elsewhere.put(text, True, len(text))
        return found

    def stored(self, text: str) -> Document:
        try:
            return self._view.stored(text)
        except RefusedError:
            return self._schema.stored(text)

    def _other(self, text: str, viewer: Viewer, refusal: RefusedError) -> Document:
        try:
            return self._schema.get(text, viewer)
        except RefusedError as other:
            raise (refusal if other.code == VALIDATION_FAILED else other) from None
