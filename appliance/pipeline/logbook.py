"""What the log tells of a call: that it began, that people came and left, how it ended."""

import logging

from appliance.logged import about
from appliance.messages import Received
from appliance.store.event import CallEnded, CallStarted, Fact, Joined, Left, Payment

log = logging.getLogger(__name__)


def enter(call_id: str, fact: Fact | Received) -> None:
    """No name, nothing that was said: those are in the record, where roles apply."""
    match fact:
        case CallStarted():
            log.info("call started", extra=about(call_id))
        case Joined(role=role, queue=queue):
            log.info("joined", extra=about(call_id, role=role, queue=queue))
        case Left(role=role):
            log.info("line dropped", extra=about(call_id, role=role))
        case Payment(on=on, by=by):
            log.info("payment mode %s", "on" if on else "off", extra=about(call_id, by=by))
        case CallEnded(reason=reason):
            log.info("call ended", extra=about(call_id, reason=reason))
        case _:
            pass
