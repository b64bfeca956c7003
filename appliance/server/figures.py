"""Figures over a period: who may ask for whose, and what is asked for in a URL."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, ValidationError, convert, field
from starlette.requests import Request
from starlette.responses import Response

from appliance.access.refusals import NotAllowed
from appliance.errors import ProtocolError
from appliance.pipeline.box import Box
from appliance.reporting.desk import Question
from appliance.reporting.periods import Grain
from appliance.server.answers import answer
from appliance.server.passes import own_id, pass_of
from appliance.server.policy import METRICS, METRICS_OF_PEOPLE
from appliance.store.sums import By

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be asked for. A misspelt filter is refused: ignored, it would tell figures
    that were not asked for."""

    since: Moment = field(name="from")
    until: Moment = field(name="to")
    by: By = "site"
    grain: Grain | None = None
    measure: str = ""  # names, with commas; empty: all
    agent: str | None = None  # id of the account
    queue: str | None = None


async def figures(box: Box, request: Request) -> Response:
    """Of calls that have ended, and of the time of agents up to now."""
    question = question_of(request, request.query_params)
    await box.publisher.settled()  # what the asker has just done is part of the answer
    return answer(await box.reporting.metrics(question, datetime.now(UTC)))


def question_of(request: Request, asked: Mapping[str, str]) -> Question:
    """What is asked for, of whom the asker may know. Raises ProtocolError, NotAllowed."""
    wish = _wish(asked)
    own = own_id(request.scope, METRICS)
    if wish.by == "agent" or wish.agent is not None:
        pass_of(request.scope).require(METRICS_OF_PEOPLE)
        own = own_id(request.scope, METRICS_OF_PEOPLE)
    agent = wish.agent if own is None else _own(own, wish.agent)
    return Question(
        since=wish.since,
        until=wish.until,
        by=wish.by,
        grain=wish.grain,
        measures=tuple(name for name in re.split(r"[,\s]+", wish.measure) if name),
        agent=agent,
        queue=wish.queue,
    )


def _own(own: str, agent: str | None) -> str:
    """Nobody compares themselves with others here, nor finds out about them."""
    if agent not in (None, own):
        raise NotAllowed("These are figures of somebody else.", fix="Ask without `agent`.")
    return own


def _wish(asked: Mapping[str, str]) -> Wish:
    try:
        return convert(dict(asked), Wish, strict=False)
    except (ValidationError, OverflowError) as error:
        raise ProtocolError(
            f"The figures cannot be made: {error}.",
            fix="Ask as /handbook/interface shows; a time looks like 2025-03-01T00:00:00Z.",
        ) from error
