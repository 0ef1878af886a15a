"""The operations of batches in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.jobs.kinds import OperationState
from commerce.jobs.models import BatchOperation

OperationRow = Row[Any]
COLUMNS: Final = tuple(columns_of(BatchOperation))


class BatchRepository:
    """For those who see the job: nothing here depends on the viewer."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._uow.change(insert(BatchOperation), rows)

    async def by_jobs(self, job_ids: Collection[int]) -> dict[int, list[OperationRow]]:
        """The operations of each, in order."""
        statement = (
            select(*COLUMNS)
            .where(among(col(BatchOperation.job_id), job_ids))
            .order_by(col(BatchOperation.job_id), col(BatchOperation.place))
        )
        found: defaultdict[int, list[OperationRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.job_id].append(row)
        return {id_: found[id_] for id_ in job_ids}

    async def answered(self, job_id: int, place: int, state: OperationState, answer: str) -> None:
        await self._uow.change(
            update(BatchOperation)
            .where(col(BatchOperation.job_id) == job_id, col(BatchOperation.place) == place)
            .values(state=state, answer=answer)
        )

    async def skip(self, job_id: int) -> None:
        """What still waits is not done any more."""
        waits = col(BatchOperation.state) == OperationState.WAITING
        await self._uow.change(
            update(BatchOperation)
            .where(col(BatchOperation.job_id) == job_id, waits)
            .values(state=OperationState.SKIPPED)
        )
