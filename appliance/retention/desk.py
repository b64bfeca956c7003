"""The server's part of keeping: what comes in by the control socket, and by REST."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from appliance.control.words import Done
from appliance.errors import StoreError
from appliance.retention.commands import (
    Erase,
    Export,
    Exported,
    ListHolds,
    PlaceHold,
    ReleaseHold,
    Retain,
    RetentionAnswer,
    RetentionCommand,
)
from appliance.retention.custodian import Custodian


@asynccontextmanager
async def exporting(
    custodian: Custodian, command: Export, actor: str
) -> AsyncGenerator[Exported, None]:
    """Raises RetentionError, StoreError."""
    now = datetime.now(UTC)
    async with custodian.exports.made(command.customer, actor, now) as path:
        yield Exported(path=str(path))


async def perform(
    custodian: Custodian, command: RetentionCommand, actor: str
) -> RetentionAnswer:
    """Raises RetentionError, StoreError."""
    now = datetime.now(UTC)
    try:
        match command:
            case Retain(dry=dry):
                return await custodian.round(actor, now, dry=dry)
            case Erase(kind=kind, subject=subject):
                return await custodian.erase(kind, subject, actor, now)
            case PlaceHold():
                await custodian.holds.place(command, actor, now)
                return Done()
            case ReleaseHold(id=hold_id):
                await custodian.holds.release(hold_id, actor, now)
                return Done()
            case ListHolds():
                return await custodian.holds.all_()
    except OSError as error:
        raise StoreError(
            f"What is kept cannot be taken out: {error}.",
            fix="See that the service may write there; the next round goes on with it.",
        ) from error
