"""What every repository and service of a unit of work is built from."""

from commerce.core.call import Call
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.origin import Origin
from commerce.core.stamp import Stamp
from commerce.core.viewer import Viewer
from commerce.wiring.ports import Ports


class BaseRepositories:
    """SQL, as one viewer sees the data.

    `sight` is the viewer for what is the same for everybody with the same rights: their
    statements are kept from request to request.
    """

    def __init__(self, uow: UnitOfWork, viewer: Viewer, clock: Clock) -> None:
        self.viewer = viewer
        self.sight = viewer.sight
        self.clock = clock
        self._uow = uow


class BaseServices:
    """The rules. `ports` may be left out where nothing outside the database is needed."""

    def __init__(
        self,
        uow: UnitOfWork,
        viewer: Viewer,
        clock: Clock,
        ports: Ports | None = None,
        origin: Origin = Origin(),
    ) -> None:
        self.uow = uow
        self.viewer = viewer
        self.clock = clock
        self.origin = origin
        self.call = Call()
        self._ports = ports
        uow.stamp = Stamp(viewer.name, "", origin.request_id)

    @property
    def ports(self) -> Ports:
        if self._ports is None:
            raise RuntimeError("these services were built without ports")
        return self._ports
