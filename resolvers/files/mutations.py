"""Uploading, making and deleting files."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Invalid, Problem
from commerce.core.viewer import Scope
from commerce.files.service.staging import UPLOAD_METHOD, Target
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.files.kinds import FileKind
from resolvers.files.pictures import STAGED, file_of_upload
from resolvers.files.types import File
from resolvers.jobs.types import Job
from resolvers.mutations import Stepped, at_most, mutation
from resolvers.nodes import key_of, node_id
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_FILES
MOST_UPLOADS = 50


@strawberry.input(description="A file that is going to be uploaded.")
class StagedUploadInput:
    filename: str = strawberry.field(description="What it is called.")
    mime_type: str = strawberry.field(
        description="Its media type: `image/png`. What it really is, its bytes say."
    )
    file_size: int = strawberry.field(description="How many bytes it has, exactly.")
    purpose: FileKind = strawberry.field(description="What is to become of it.")

    def values(self) -> dict[str, Any]:
        return {
            "filename": self.filename,
            "mime_type": self.mime_type.strip().lower(),
            "size": self.file_size,
            "kind": self.purpose,
        }


@strawberry.input(description="Files that are going to be uploaded.")
class StagedUploadCreateInput:
    uploads: list[StagedUploadInput] = strawberry.field(description="From 1 to 50.")


@strawberry.input(description="An upload, or an address, to make a file of.")
class FileCreateInput:
    staged_upload_id: strawberry.ID | None = strawberry.field(
        default=None, description="What was uploaded. Sent again, it answers the same file."
    )
    url: str | None = strawberry.field(
        default=None, description="An http or https address of the web that has the file."
    )
    base64: str | None = strawberry.field(
        default=None, description="The bytes themselves, of a small file, in place of both."
    )
    filename: str | None = strawberry.field(
        default=None, description="With `url`: what to call it; else as its address ends."
    )
    purpose: FileKind = strawberry.field(
        default=FileKind.IMAGE, description="With `url`: what is to become of it."
    )
    asynchronous: bool = strawberry.field(
        default=False,
        description="With `url`: whether a job fetches it, beside requests. The answer does not "
        "wait for it, and has no file.",
    )


@strawberry.input(description="Files to delete.")
class FileDeleteInput:
    ids: list[strawberry.ID] = strawberry.field(
        description="At most 250; those that are not there are no problem."
    )


@strawberry.type(description="A header of a request.")
class RequestHeader:
    name: str = public("Its name.")
    value: str = public("Its value.")


@strawberry.type(description="Where to upload a file: send its bytes, as they are, in one request.")
class StagedUploadTarget:
    id: strawberry.ID = public("What to make the file of, once it is uploaded.")
    url: str = public("Where to send the bytes. Whoever has this address can upload there.")
    method: str = public("How: `PUT`.")
    headers: list[RequestHeader] = public(
        "What to send with them.", directives=[ListSize(assumed_size=1)]
    )
    expires_at: datetime = public("Until when.")

    @classmethod
    def of(cls, target: Target) -> "StagedUploadTarget":
        return cls(
            id=node_id(STAGED, target.id),
            url=target.url,
            method=UPLOAD_METHOD,
            headers=[RequestHeader(name="Content-Type", value=target.content_type)],
            expires_at=target.expires_at,
        )


@strawberry.type(description="Where to upload, or why not.")
class StagedUploadCreatePayload:
    targets: list[StagedUploadTarget] = public(
        "In the order of the input; empty with errors.", directives=[ListSize(assumed_size=10)]
    )
    user_errors: list[UserError] = public("Why nothing may be uploaded.")

    @classmethod
    def of(cls, result: Sequence[Target] | Problem) -> "StagedUploadCreatePayload":
        if isinstance(result, Problem):
            return cls(targets=[], user_errors=[user_error(result)])
        return cls(targets=[StagedUploadTarget.of(each) for each in result], user_errors=[])


@strawberry.type(description="The file, or why there is none.")
class FileCreatePayload:
    file: File | None = public("The file; null with errors, and while a job makes it.")
    job: Job | None = public("With `asynchronous`: the job whose result has the `fileId`.")
    user_errors: list[UserError] = public("Why there is none.")

    @classmethod
    def of(cls, result: Any) -> "FileCreatePayload":
        if isinstance(result, Problem):
            return cls(file=None, job=None, user_errors=[user_error(result)])
        return cls(file=File.of(result), job=None, user_errors=[])

    @classmethod
    def asked(cls, result: Any) -> "FileCreatePayload":
        if isinstance(result, Problem):
            return cls.of(result)
        return cls(file=None, job=Job.of(result), user_errors=[])


@strawberry.type(description="Which files were deleted, or why none was.")
class FileDeletePayload:
    deleted_ids: list[strawberry.ID] = public(
        "The ids of those that were there.", directives=[ListSize(assumed_size=10)]
    )
    user_errors: list[UserError] = public("Why none was.")

    @classmethod
    def of(cls, result: Any) -> "FileDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_ids=[], user_errors=[user_error(result)])
        return cls(deleted_ids=[node_id("File", id_) for id_ in result], user_errors=[])


async def _file_of(info: Info, text: str, input: FileCreateInput) -> Any:
    """The file that these letters stand for."""
    try:
        content = b64decode("".join(text.split()), validate=True)
    except ValueError:
        return Invalid("This is not base64.", ("base64",))
    return await info.context.services.files.create_of(content, input.purpose, input.filename)


@strawberry.type
class FileMutations:
    @mutation(WRITE, description="Ask where to upload files.")
    async def staged_upload_create(
        self, info: Info, input: StagedUploadCreateInput
    ) -> StagedUploadCreatePayload:
        at_most(input.uploads, "uploads", MOST_UPLOADS)
        wanted = [each.values() for each in input.uploads]
        return StagedUploadCreatePayload.of(await info.context.services.staging.stage(wanted))

    @requires(
        WRITE,
        description="Make a file of what was uploaded, or of what is at an address of the web.",
        extensions=[Stepped()],
    )
    async def file_create(self, info: Info, input: FileCreateInput) -> FileCreatePayload:
        services = info.context.services
        if input.base64 is not None and input.url is None and input.staged_upload_id is None:
            return FileCreatePayload.of(await _file_of(info, input.base64, input))
        if (input.staged_upload_id is None) is (input.url is None):
            return FileCreatePayload.of(Invalid("Give either an upload or an address.", ("url",)))
        if input.url is None and input.asynchronous:
            return FileCreatePayload.of(Invalid("A job fetches addresses only.", ("asynchronous",)))
        if input.url is None:
            return FileCreatePayload.of(await file_of_upload(info, input.staged_upload_id))
        wanted = input.url.strip(), input.purpose, input.filename
        if input.asynchronous:
            return FileCreatePayload.asked(await services.fetching.ask(*wanted))
        return FileCreatePayload.of(await services.files.create_from(*wanted))

    @mutation(WRITE, description="Delete files that nothing shows and nobody can buy.")
    async def file_delete(self, info: Info, input: FileDeleteInput) -> FileDeletePayload:
        at_most(input.ids, "ids")
        keys = {key for id_ in input.ids if (key := key_of(id_, "File")) is not None}
        return FileDeletePayload.of(await info.context.services.files.delete(sorted(keys)))
