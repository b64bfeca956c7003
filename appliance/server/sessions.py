"""The record over REST: the list of calls, and one call with every event."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from anyio import to_thread
from msgspec import Meta, Struct, ValidationError, convert, field
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from appliance.assistant.summary.changed import changed
from appliance.calls.room import may_see
from appliance.errors import CallError, ProtocolError
from appliance.messages import Alert, MoodLabel, Summary, Supervised, Trend
from appliance.pipeline.box import Box
from appliance.server.answers import NotFound, answer, read_body
from appliance.server.passes import own_id
from appliance.server.views import Views
from appliance.store.counted import Count, Counted
from appliance.store.event import Event, WrapUp
from appliance.store.rows import SessionDetail, StoredEvent
from appliance.store.search import Search, SessionStatus

LIMIT = 200

QUERY_CHARACTERS = 500

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]

OUTCOME_CHARACTERS = 100
SUMMARY_CHARACTERS = 4000


class Listing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be asked of the list. A misspelt filter is refused: ignored, it would show
    calls that were not asked for."""

    q: Annotated[str, Meta(max_length=QUERY_CHARACTERS)] = ""
    agent: str = ""
    customer: str = ""
    queue: str = ""
    outcome: str = ""
    mood: MoodLabel | None = None
    trend: Trend | None = None
    alert: Annotated[str, Meta(pattern=r"^(any|mood|rule|rule:.{1,200})?$")] = ""
    state: SessionStatus | None = None
    since: Moment | None = field(default=None, name="from")
    until: Moment | None = field(default=None, name="to")
    before: str | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT)] = 50
    counted: Counted | None = None  # by a figure, whose period is then `from`, `to`
    account: str = ""  # id, of the agent whose figure it is


class WrapUpWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent leaves behind after a call."""

    outcome: str
    summary: str = ""
    draft: Annotated[str, Meta(max_length=100)] = ""  # id of the `Summary` it began as
    # What that came to as a text, to tell how much of it was changed; it is not kept again.
    drafted: str = ""


class DraftState(Struct, frozen=True, kw_only=True):
    """What the box has written about a call that is over; None if nothing."""

    summary: Summary | None
    writing: bool  # more comes
    dispositions: tuple[str, ...]  # that the site knows


async def page(box: Box, views: Views, request: Request) -> Response:
    """Newest first; `before=<call_id>` continues after that one."""
    search = search_of(box, request, request.query_params)
    await views.listed(request, searched=bool(search.text))
    await box.publisher.settled()  # what the asker has just done is part of the answer
    return answer(await box.store.sessions(search))


def search_of(box: Box, request: Request, asked: Mapping[str, str]) -> Search:
    """What is asked for, of the calls that the asker may see. Raises ProtocolError."""
    try:
        wish = convert(dict(asked), Listing, strict=False)
        since, until = _in_utc(wish.since), _in_utc(wish.until)
    except (ValidationError, OverflowError) as error:
        raise ProtocolError(
            f"The list cannot be made: {error}.",
            fix="Ask as /handbook/interface shows; a time looks like 2025-03-01T00:00:00Z.",
        ) from error
    own = own_id(request.scope)
    return Search(
        text=wish.q,
        agent=wish.agent,
        customer=wish.customer,
        queue=wish.queue,
        outcome=wish.outcome,
        mood=wish.mood,
        trend=wish.trend,
        alert=wish.alert,
        status=wish.state,
        since=since,
        until=until,
        before=wish.before,
        limit=wish.limit,
        took_part=own,
        counted=_count_of(box, wish, own),
    )


def _count_of(box: Box, wish: Listing, own: str | None) -> Count | None:
    """Whoever sees their own calls alone has them counted alone, as in the figures."""
    if wish.counted is not None:
        account = wish.account if own is None else own
        return Count(of=wish.counted, terms=box.reporting.terms, account=account)
    if wish.account:
        raise ProtocolError(
            "`account` is of a figure.", fix="Say of which with `counted`, or use `agent`."
        )
    return None


def _in_utc(moment: datetime | None) -> datetime | None:
    """Raises OverflowError for the first hours of the year 1 and the last of 9999."""
    return moment and moment.astimezone(UTC)


async def one(box: Box, views: Views, request: Request) -> Response:
    """With `partials=0`, without the texts that later ones replaced."""
    partials = request.query_params.get("partials", "1") != "0"
    detail = await _known(box, request, partials=partials)
    await views.viewed(request, detail.session.call_id)
    if own_id(request.scope) is not None:
        detail = _as_told(detail)
    return answer(detail)


def _as_told(detail: SessionDetail) -> SessionDetail:
    """Without what its agent was not told: alerts for supervisors alone, and who listened
    in where the site does not say so."""
    told = tuple(alert for alert in detail.session.alerts if alert.told)
    return SessionDetail(
        session=replace(detail.session, alerts=told),
        events=[event for event in detail.events if _was_told(event)],
    )


def _was_told(event: StoredEvent) -> bool:
    if event.kind in ("alert", "supervised"):
        return may_see("agent", convert(event.payload, Alert | Supervised))
    return event.kind != "overheard"


async def draft(box: Box, views: Views, request: Request) -> Response:
    """As far as it is written; asked again while it is being written."""
    call_id = request.path_params["call_id"]
    await views.viewed(request, call_id)
    summary = box.drafts.latest(call_id)
    writing = box.drafts.writing(call_id) or box.endings.is_ending(call_id)
    if summary is None and not writing:
        detail = await _known(box, request, partials=False)
        summary = _drafted(detail)
    return answer(_state(box, summary, writing=writing))


async def redraft(box: Box, views: Views, request: Request) -> Response:
    """Have it written again, from the record."""
    detail = await _known(box, request, partials=False)
    _check_ended(detail)
    await views.viewed(request, detail.session.call_id)
    box.drafts.again(detail)
    call_id = detail.session.call_id
    summary, writing = box.drafts.latest(call_id), box.drafts.writing(call_id)
    return answer(_state(box, summary, writing=writing), 202)


def _state(box: Box, summary: Summary | None, *, writing: bool) -> DraftState:
    choices = box.settings.wrap_up.choices
    return DraftState(summary=summary, writing=writing, dispositions=choices)


def _drafted(detail: SessionDetail) -> Summary | None:
    """The last draft in the record that was made after the call."""
    found = [convert(e.payload, Summary) for e in detail.events if e.kind == "summary"]
    return next((one for one in reversed(found) if one.purpose == "wrap_up"), None)


def _check_ended(detail: SessionDetail) -> None:
    if detail.session.status not in ("ended", "interrupted"):
        raise CallError("The call goes on.", fix="Wrap it up once it has ended.")


async def wrap_up(box: Box, request: Request) -> Response:
    """Recorded behind everything else of the call; may be corrected by a later one."""
    wish = await read_body(request, WrapUpWish)
    detail = await _known(box, request, partials=False)
    _check_ended(detail)
    last, now = detail.events[-1], datetime.now(UTC)
    ended = detail.session.ended or now
    note = WrapUp(
        outcome=box.redacted(wish.outcome[:OUTCOME_CHARACTERS]),
        summary=box.redacted(wish.summary[:SUMMARY_CHARACTERS]),
        draft=wish.draft,
        changed=await _changed(wish),
        after_s=round(max(0.0, (now - ended).total_seconds()), 1),
    )
    await box.store.commit(
        Event.note(
            note,
            call_id=detail.session.call_id,
            seq=last.seq + 1,
            at_ms=last.at_ms,
            wall=now,
        )
    )
    box.floor.wrapped_up(detail.session.call_id)
    return answer(note)


async def _changed(wish: WrapUpWish) -> float | None:
    drafted = wish.drafted[:SUMMARY_CHARACTERS].strip()
    if not wish.draft or not drafted:
        return None
    saved = wish.summary[:SUMMARY_CHARACTERS]
    return await to_thread.run_sync(changed, drafted, saved)


async def _known(box: Box, request: Request, *, partials: bool) -> SessionDetail:
    call_id = request.path_params["call_id"]
    await box.publisher.settled()
    detail = await box.store.session(call_id, partials=partials)
    if detail is None:
        raise NotFound(f"There is no session {call_id!r}.", fix="See GET /api/sessions.")
    return detail
