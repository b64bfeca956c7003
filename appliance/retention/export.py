"""One ZIP with all that is kept of somebody, made where nothing else finds it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from anyio import CancelScope, to_thread
from msgspec.json import encode
from msgspec.json import format as indented

from appliance.access.access import Access
from appliance.customers.card import read_card
from appliance.customers.database import Reader
from appliance.customers.importing import FILE as CUSTOMERS
from appliance.errors import RetentionError, StoreError
from appliance.messages import CustomerCard
from appliance.recordings.joining import audio_of
from appliance.recordings.shelf import Shelf
from appliance.retention.erasures import alias_of
from appliance.retention.page import page_of
from appliance.retention.record import Keepsake
from appliance.retention.site import Site
from appliance.retention.told import Told, ToldCall, told_of

# Backups leave out what ends so, and what a killed process left goes at the next start.
FOLDER = "exports.tmp"


class Exporter:
    def __init__(self, record: Keepsake, access: Access, shelf: Shelf, site: Site) -> None:
        self._record = record
        self._access = access
        self._shelf = shelf
        self._site = site

    @asynccontextmanager
    async def made(
        self, customer: str, actor: str, now: datetime
    ) -> AsyncGenerator[Path, None]:
        """The file, until the block is left; it is in the audit log before. Raises
        RetentionError if nothing is kept of them, CustomersError, StoreError."""
        card = await to_thread.run_sync(_card, self._site.data_dir, customer)
        found = await to_thread.run_sync(_private, self._site.data_dir / FOLDER)
        try:
            calls, sounds = await self._calls(customer)
            if card is None and not calls:
                raise RetentionError(
                    f"Nothing is kept of a customer {customer!r}.",
                    fix="See `GET /api/customers/search`; numbers are written exactly.",
                )
            told = Told(made=now, customer=customer, card=card, calls=tuple(calls))
            alias = await to_thread.run_sync(alias_of, self._site.data_dir, customer)
            # Not by their number: files travel, and their names with them.
            path = found / f"{alias.replace(' ', '-')}_{now:%Y-%m-%d}.zip"
            size = await to_thread.run_sync(_write, path, told, sounds)
            detail = f"{len(calls)} calls, {len(sounds)} recordings, {size} bytes"
            await self._access.record(actor, "exported", alias, detail)
            yield path
        except OSError as error:
            raise StoreError(
                f"What is kept of them cannot be put together: {error}.",
                fix=f"See that {self._site.data_dir} has room, and recordings can be read.",
            ) from error
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(lambda: rmtree(found, ignore_errors=True))

    async def _calls(self, customer: str) -> tuple[list[ToldCall], dict[str, Path]]:
        """And the files of their recordings, by what they are called in the ZIP."""
        calls, sounds = list[ToldCall](), dict[str, Path]()
        for call in await self._record.calls():
            detail = None
            if customer and call.customer == customer:
                detail = await self._record.store.session(call.call_id, partials=False)
            if detail is None:
                continue
            sound = await to_thread.run_sync(self._sound, call.call_id)
            names = []
            if sound is not None:
                name = f"recordings/{len(calls) + 1}_{call.started:%Y-%m-%d}{sound.suffix}"
                sounds[name] = sound
                names.append(name)
            calls.append(told_of(detail, tuple(names)))
        return calls, sounds

    def _sound(self, call_id: str) -> Path | None:
        folder = self._shelf.folder_of(call_id)
        return None if folder is None else audio_of(folder)


def clear_exports(data_dir: Path) -> None:
    """What was left by a process that was killed."""
    rmtree(data_dir / FOLDER, ignore_errors=True)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    return Path(mkdtemp(dir=folder))


def _card(data_dir: Path, customer: str) -> CustomerCard | None:
    path = data_dir / CUSTOMERS
    if not customer or not path.is_file():
        return None
    reader = Reader(path)
    try:
        return read_card(reader, customer, whole=True)
    finally:
        reader.close()


def _write(path: Path, told: Told, sounds: dict[str, Path]) -> int:
    with ZipFile(path, "x", ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page_of(told))
        archive.writestr("data.json", indented(encode(told)))
        for name, sound in sounds.items():
            archive.write(sound, name, ZIP_STORED)  # sound is compressed already
    return path.stat().st_size
