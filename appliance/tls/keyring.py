"""The folder of keys and certificates: made, renewed, replaced. All of it blocks.

A key lies in one file with its certificate, and a file is replaced by one rename: there is
no moment at which a power cut could leave a key beside another key's certificate. Where it
comes between two files, the authority is already the new one, and the next look makes the
certificate that goes with it.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from appliance.durable import sync_folder
from appliance.errors import TlsError
from appliance.settings import Settings
from appliance.tls import dates
from appliance.tls.certificates import Pair, make_authority, make_leaf, read_pair
from appliance.tls.checks import covered
from appliance.tls.context import server_context
from appliance.tls.facts import Facts
from appliance.tls.host import names_of_host
from appliance.tls.names import Names, reach_of, read_names


class Keyring:
    def __init__(
        self, folder: Path, asked: Names, find: Callable[[], Names] = names_of_host
    ) -> None:
        """`asked` are the names of the settings, `find` tells the host's own."""
        self.folder = folder
        self.asked = asked
        self.find = find
        self.authority_file = folder / "authority.pem"
        self.own_file = folder / "own.pem"
        self.site_file = folder / "site.pem"  # if it is there, it is served

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The box's. Raises TlsError for a name that is none."""
        asked = [word for word in settings.tls.names.split(",") if word.strip()]
        data_dir = Path(settings.server.data_dir).expanduser()
        return cls(data_dir / Path(settings.tls.folder).expanduser(), read_names(asked))

    @property
    def has_site(self) -> bool:
        return self.site_file.is_file()

    @property
    def served_file(self) -> Path:
        return self.site_file if self.has_site else self.own_file

    def served(self) -> Pair:
        """What browsers are shown. Raises TlsError if it is missing or cannot be read."""
        return _read(self.served_file)

    def authority(self) -> Pair | None:
        """The box's own authority, if it has one. Raises TlsError if it cannot be read."""
        return _read(self.authority_file) if self.authority_file.is_file() else None

    def prepare(self, now: datetime, *, force: bool = False) -> str | None:
        """Make what is missing or due of the box's own, or with `force` a new certificate
        in any case. Returns why one was made; None if there was no need.

        Raises TlsError if it cannot be made, or not written; what was there stays.
        """
        if self.has_site:
            return None
        with self._alone():
            authority = self.authority() or self._new_authority(now)
            wanted = self.wanted(authority)
            reason = self._reason(authority, wanted, now)
            if reason is None and not force:
                return None
            life = dates.of_leaf(now, authority.own.dates)
            self._write(self.own_file, make_leaf(authority, wanted, life))
            return reason or "it was asked for"

    def replace_authority(self, now: datetime) -> None:
        """A new authority and a certificate by it. Raises TlsError."""
        with self._alone():
            authority = self._new_authority(now)
            life = dates.of_leaf(now, authority.own.dates)
            self._write(self.own_file, make_leaf(authority, self.wanted(authority), life))

    def take_in(self, pair: Pair) -> None:
        """Serve a site's own pair from now on. Raises TlsError."""
        with self._alone():
            self._write(self.site_file, pair)

    def wanted(self, authority: Pair) -> Names:
        """What a certificate of the box has to name, as far as the authority may."""
        names = self.asked | self.find()
        reach = authority.own.reach
        return names if reach is None else reach.within(names)

    def trouble(self, now: datetime) -> TlsError | None:
        """What somebody has to see to, soon or at once."""
        if now < dates.EARLIEST:
            return TlsError(
                f"This machine's clock shows {now:%Y-%m-%d}, which cannot be.",
                fix="Set it. Certificates that were dated by it follow within an hour.",
            )
        if self.has_site:
            life = self.served().own.dates
            text = dates.worth_saying(life, now, dates.RENEWED_BEFORE)
            fix = "Have it renewed by whoever signed it, then `appliance tls import` it."
            return TlsError(f"The site's certificate {text}.", fix=fix) if text else None
        authority = self.authority()
        return None if authority is None else self._trouble_of(authority.own, now)

    def _trouble_of(self, authority: Facts, now: datetime) -> TlsError | None:
        anew = "Run `appliance tls init --new-ca` and have the browsers trust the new one"
        before = dates.AUTHORITY_WARNED_BEFORE
        if text := dates.worth_saying(authority.dates, now, before):
            return TlsError(
                f"By this machine's clock the box's own certificate authority {text}.",
                fix=f"See that the clock is right. {anew}.",
            )
        reach = authority.reach
        if reach is not None and (beyond := self.asked - reach.within(self.asked)):
            return TlsError(
                f"The setting tls.names has {beyond}, which the box's own certificate "
                "authority may not sign: it was made before.",
                fix=f"{anew}; or take the name out of tls.names.",
            )
        return None

    # ------------------------------------------------------------------------

    def _reason(self, authority: Pair, wanted: Names, now: datetime) -> str | None:
        try:
            own = _read(self.own_file)
        except TlsError:
            return "there was none"
        if not own.key_fits or not own.signed_by(authority):
            return "it was not by this authority"
        if missing := wanted - covered(own.own.names, wanted):
            return f"it did not name {missing}"
        if dates.due(own.own.dates, authority.own.dates, now):
            return "its time was up"
        return None

    def _new_authority(self, now: datetime) -> Pair:
        names = self.asked | self.find()
        chief = str(names).split(", ")[0]
        life = dates.of_authority(now)
        authority = make_authority(chief, reach_of(names), life)
        self._write(self.authority_file, authority)
        return authority

    def _write(self, file: Path, pair: Pair) -> None:
        part = file.with_name(file.name + ".part")
        try:
            part.unlink(missing_ok=True)  # of a power cut
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(pair.whole())
                out.flush()
                os.fsync(out.fileno())
            server_context(part)
            part.replace(file)
            sync_folder(self.folder)
        except OSError as error:
            raise _unwritable(file, error) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The service and a command at the console never write at the same time."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _read(file: Path) -> Pair:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise TlsError(
            f"Cannot read {file}: {error.strerror}.",
            fix="Run `appliance tls init`, as the user that the service runs as.",
        ) from error
    return read_pair(content, content, str(file))


def _unwritable(file: Path, error: OSError) -> TlsError:
    return TlsError(
        f"Cannot write {file}: {error.strerror}.",
        fix="See to the disk and the folder's rights, or name another with tls.folder.",
    )
