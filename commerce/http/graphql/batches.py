"""Does the operations of a batch, one after the other, as requests of its owner would be done."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from commerce.core.exact_json import read_json, write_json
from commerce.core.limiter import RateLimitedError
from commerce.core.problems import RequestError, UnavailableError
from commerce.http.graphql.errors import UNAVAILABLE, RefusedError, refused_by
from commerce.http.graphql.execute import Answer, Executor, refusal_answer
from commerce.http.graphql.library import Reference
from commerce.http.graphql.manifest import PREFIX
from commerce.http.graphql.throttle import Throttle
from commerce.idempotency.problems import InFlightError
from commerce.jobs.repository.batches import OperationRow
from commerce.jobs.run import JobRun
from commerce.jobs.service.batches import INSIDE
from commerce.wiring import Services

BREATH: Final = 1.0  # seconds, until something that passes by itself is tried again


class BatchHandler:
    """Rights and rates are those of the moment. Each operation has an idempotency key of its own:
    one that was being done when a process died is not done twice.
    """

    def __init__(self, executor: Executor, throttle: Throttle) -> None:
        self._executor = executor
        self._throttle = throttle

    async def __call__(self, run: JobRun[Services]) -> Mapping[str, Any]:
        async with run.services() as services:
            waiting = await services.batches.waiting(run.id)
        total = run.input["operations"]
        done = total - len(waiting)
        for operation in waiting:
            await run.progress(done, total)
            answer = await self._answer(run, operation)
            done += 1
            if await _kept(run, operation, answer) and run.input["stop_on_first_failure"]:
                break
        async with run.services() as services:
            await services.uow.transact(lambda: services.batches.skip(run.id))
            counts = await services.batches.counts(run.id)
        await run.progress(total, total)
        return counts

    async def _answer(self, run: JobRun[Services], operation: OperationRow) -> Answer:
        """Waits for its turn where too much was asked; raises what another attempt may mend."""
        while True:
            try:
                answer = await self._execute(run, operation)
            except RateLimitedError as error:
                await self._rest(run, error.allowance.retry_after)
                continue
            if answer.code == UNAVAILABLE and not answer.executed:
                raise UnavailableError("The database is not available right now.")
            if answer.code != InFlightError.code:
                return answer
            await self._rest(run, BREATH)

    async def _execute(self, run: JobRun[Services], operation: OperationRow) -> Answer:
        inside = INSIDE.set(True)
        try:
            meter = await self._throttle.admit(run.viewer)
            answer = await self._executor.execute(
                _document(operation),
                read_json(write_json(operation.variables)),
                operation.operation_name,
                viewer=run.viewer,
                charge=meter.charge,
                key=f"batch-{run.id}-{operation.place}",
            )
            return await meter.settle(answer)
        except RateLimitedError:
            raise
        except RefusedError as refusal:
            return refusal_answer(refusal)
        except RequestError as error:
            return refusal_answer(refused_by(error))
        finally:
            INSIDE.reset(inside)

    async def _rest(self, run: JobRun[Services], seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.05))
        run.check()


async def _kept(run: JobRun[Services], operation: OperationRow, answer: Answer) -> bool:
    """Whether it failed; written down, unless another process goes on with the batch."""
    failed = bool(answer.errors) or _has_user_errors(answer.data)
    body = {"data": answer.data, "errors": answer.errors}
    text = write_json(body).decode()
    async with run.services() as services:

        async def work() -> None:
            await run.hold(services)
            await services.batches.answered(run.id, operation.place, failed, text)

        await services.uow.transact(work)
    return failed


def _has_user_errors(data: Mapping[str, Any] | None) -> bool:
    """Whether a mutation says that it changed nothing, as far as that was selected."""
    payloads = (data or {}).values()
    return any(isinstance(each, dict) and bool(each.get("userErrors")) for each in payloads)


def _document(operation: OperationRow) -> str | Reference:
    if operation.document_id is not None:
        return Reference(operation.document_id.removeprefix(PREFIX))
    return str(operation.query)
