"""What comes in by the control socket, and to whose desk it goes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypeAlias

from appliance.access.access import Access
from appliance.access.commands import AnyCommand as AccountCommand
from appliance.access.commands import LendToken
from appliance.access.office import Office
from appliance.backup.commands import Copied, KeepStill
from appliance.backup.desk import BackupDesk
from appliance.control.words import Answer
from appliance.reporting.commands import Report
from appliance.reporting.desk import Reporting
from appliance.reporting.reporter import report
from appliance.retention import desk
from appliance.retention.commands import Export, RetentionCommand
from appliance.retention.custodian import Custodian
from appliance.store.writer import Store
from appliance.upgrade.commands import CountCalls, HoldCalls
from appliance.upgrade.desk import CallDesk

AnyCommand: TypeAlias = (
    AccountCommand
    | LendToken
    | KeepStill
    | Copied
    | HoldCalls
    | CountCalls
    | Export
    | RetentionCommand
    | Report
)


class Reception:
    command = AnyCommand

    def __init__(
        self,
        access: Access,
        store: Store,
        calls: CallDesk,
        custodian: Custodian,
        reporting: Reporting,
    ) -> None:
        self._access = access
        self._reporting = reporting
        self._calls = calls
        self._office = Office(access)
        self._backups = BackupDesk(store, access)
        self._custodian = custodian

    @asynccontextmanager
    async def performing(
        self, command: AnyCommand, actor: str
    ) -> AsyncGenerator[Answer, None]:
        """Raises ApplianceError."""
        if isinstance(command, KeepStill | Copied):
            async with self._backups.performing(command, actor) as answer:
                yield answer
        elif isinstance(command, Export):
            async with desk.exporting(self._custodian, command, actor) as answer:
                yield answer
        elif isinstance(command, RetentionCommand):
            yield await desk.perform(self._custodian, command, actor)
        elif isinstance(command, Report):
            yield await report(self._reporting, self._access, command, actor)
        elif isinstance(command, LendToken):
            async with self._office.lending(actor) as answer:
                yield answer
        elif isinstance(command, HoldCalls | CountCalls):
            async with self._calls.performing(command) as answer:
                yield answer
        else:
            yield await self._office.perform(command, actor)
