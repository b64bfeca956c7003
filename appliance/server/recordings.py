"""Recordings over REST: what there is of a call, and its sound."""

from pathlib import Path
from typing import Literal, TypeAlias

from anyio import to_thread
from msgspec import Struct, convert
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from appliance.errors import RecordingError, StoreError
from appliance.pipeline.archive import AudioState
from appliance.pipeline.box import Box
from appliance.recordings.kept import Kept
from appliance.server.answers import NotFound, answer
from appliance.server.views import Views
from appliance.store.event import RecordingKept
from appliance.store.rows import SessionDetail

MEDIA = {"opus": "audio/ogg; codecs=opus", "flac": "audio/flac"}
ENDINGS = {"opus": "opus.ogg", "flac": "flac"}

State: TypeAlias = AudioState | Literal["going_on"]


class RecordingDetail(Struct, frozen=True, kw_only=True):
    """Of one call. `audio` is where its sound is, "" where there is none to be had."""

    call_id: str
    state: State
    audio: str
    kept: Kept | None
    health: RecordingKept | None  # as judged when it was put together


async def about(box: Box, views: Views, request: Request) -> Response:
    detail = await _known(box, request)
    call_id = detail.session.call_id
    await views.viewed(request, call_id)
    state, kept, _ = await _find(box, call_id)
    return answer(
        RecordingDetail(
            call_id=call_id,
            state="going_on" if box.is_live(call_id) else state,
            audio=f"/api/sessions/{call_id}/audio" if state == "kept" else "",
            kept=kept,
            health=_health(detail),
        )
    )


async def audio(box: Box, views: Views, request: Request) -> Response:
    """The whole file or the range that is asked for; with `download=1` to be saved."""
    detail = await _known(box, request)
    call_id = detail.session.call_id
    _, kept, path = await _find(box, call_id)
    if kept is None or path is None:
        raise NotFound(
            f"There is no recording of call {call_id!r}.",
            fix="GET /api/sessions/{id}/recording says how it stands.",
        )
    download = request.query_params.get("download") == "1"
    if download:
        await views.exported(request, call_id)
    else:
        await views.played(request, call_id)
    # Looked at in a thread: the event loop must not wait for a disk.
    found = await to_thread.run_sync(path.stat)
    return FileResponse(
        path,
        media_type=MEDIA[kept.format],
        filename=_name(detail, kept),
        stat_result=found,
        content_disposition_type="attachment" if download else "inline",
    )


def _name(detail: SessionDetail, kept: Kept) -> str:
    """When, and which call; who, is nothing for a file that travels."""
    session = detail.session
    return f"{session.started:%Y-%m-%d_%H-%M}_{session.call_id}.{ENDINGS[kept.format]}"


def _health(detail: SessionDetail) -> RecordingKept | None:
    found = [event for event in detail.events if event.kind == "recording_kept"]
    return convert(found[-1].payload, RecordingKept) if found else None


async def _known(box: Box, request: Request) -> SessionDetail:
    call_id = request.path_params["call_id"]
    await box.publisher.settled()
    detail = await box.store.session(call_id, partials=False)
    if detail is None:
        raise NotFound(f"There is no session {call_id!r}.", fix="See GET /api/sessions.")
    return detail


async def _find(box: Box, call_id: str) -> tuple[AudioState, Kept | None, Path | None]:
    try:
        return await box.archive.find(call_id)
    except (OSError, RecordingError) as error:
        raise StoreError(
            f"The recording of call {call_id} cannot be read: {error}.",
            fix="See that its disk is there, and [recording] folder.",
        ) from error
