"""The server's part of a backup."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from appliance.access.access import Access
from appliance.backup.commands import AllStill, Copied, File, KeepStill
from appliance.control.words import Answer, Done
from appliance.store.writer import Store


class BackupDesk:
    def __init__(self, store: Store, access: Access) -> None:
        self._store = store
        self._access = access

    @asynccontextmanager
    async def performing(
        self, command: KeepStill | Copied, actor: str
    ) -> AsyncGenerator[Answer, None]:
        """Raises StoreError."""
        if isinstance(command, Copied):
            await self._access.record(actor, "backed up", detail=command.folder)
            yield Done()
            return
        async with self._store.still() as record, self._access.still() as (access, head):
            yield AllStill(
                record=File.of(record),
                access=File.of(access),
                audit_n=head.n,
                audit_hash=head.hash,
            )
