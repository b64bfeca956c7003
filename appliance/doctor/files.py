"""What lies in the folders: models, databases, certificates, rules."""

from datetime import timedelta
from pathlib import Path

from appliance.access.access import FOLDER
from appliance.access.file import ACCESS
from appliance.backup.manifest import made_in
from appliance.customers.database import Reader
from appliance.customers.directory import FILE as CUSTOMERS
from appliance.database.opening import Kind, look, wal_bytes
from appliance.doctor.finding import Finding, ok, soon, unknown, wrong
from appliance.doctor.site import Site
from appliance.errors import (
    ApplianceError,
    CustomersError,
    ModelError,
    RulesError,
    TlsError,
)
from appliance.models.manifest import Kind as ModelKind
from appliance.models.resolve import resolve
from appliance.rules.reading import read_book
from appliance.store.log import RECORD
from appliance.tls.keyring import Keyring

# One that is made each night may have been missed once.
BACKUP_AGE = timedelta(days=2)


def models(site: Site) -> list[Finding]:
    """Present and whole: of the right length, and hashed if they changed."""
    settings = site.settings
    chosen: list[tuple[str, bool, ModelKind]] = [
        (settings.speech.model, settings.speech.enabled, "speech"),
        (settings.advice.model, settings.advice.enabled, "language"),
    ]
    return [_model(site, name, kind) for name, enabled, kind in chosen if enabled]


def _model(site: Site, name: str, kind: ModelKind) -> Finding:
    try:
        model = resolve(site.models_dir, name, kind)
    except ModelError as error:
        return wrong(f"{kind} model", error.problem, error.fix)
    return ok(f"{kind} model", f"{model.name} in {model.path}")


def rules(site: Site) -> list[Finding]:
    """A file with faults keeps the service from starting."""
    file = site.settings.rules.file
    if not file:
        return [ok("rules", "none are set")]
    try:
        book = read_book(Path(file).expanduser())
    except RulesError as error:
        return [wrong("rules", error.problem, error.fix)]
    return [ok("rules", f"{len(book.rules)} rules, {len(book.items)} items in {file}")]


def databases(site: Site) -> list[Finding]:
    """For a box that does not run: a database that is open says itself how it is."""
    return [
        _database(site.data_dir / "appliance.duckdb", RECORD),
        _database(site.data_dir / FOLDER / "access.duckdb", ACCESS),
        _customers(site.data_dir / CUSTOMERS),
    ]


def _database(path: Path, kind: Kind) -> Finding:
    if not path.is_file():
        return ok(kind.noun, "none yet; the first start makes it")
    if unreplayed := wal_bytes(path):
        return ok(
            kind.noun,
            f"{path} was not closed in order; the next start replays "
            f"{unreplayed / 1e6:.1f} MB of its log",
        )
    try:
        look(path, kind)
    except ApplianceError as error:
        return wrong(kind.noun, error.problem, error.fix)
    return ok(kind.noun, f"{path}, {path.stat().st_size / 1e6:.1f} MB")


def _customers(path: Path) -> Finding:
    if not path.is_file():
        return ok("customers", "none yet; `appliance import customers` brings them in")
    try:
        Reader(path).close()
    except CustomersError as error:
        return wrong("customers", error.problem, error.fix)
    return ok("customers", f"{path}, {path.stat().st_size / 1e6:.1f} MB")


def backups(site: Site) -> list[Finding]:
    settings = site.settings.backup
    folder = settings.folder_in(site.data_dir)
    found = made_in(folder)
    if not found:
        now = "The timer makes one at night; `systemctl start appliance-backup` does now."
        return [soon("backup", f"there is none in {folder}", now)]
    last = found[-1]
    age = site.now - last.made
    said = f"{len(found)} in {folder}, the last {age.total_seconds() / 3600:.0f} h old"
    if age > BACKUP_AGE:
        return [soon("backup", said, "See `systemctl list-timers appliance-backup`.")]
    return [ok("backup", said)]


def certificate(site: Site) -> list[Finding]:
    if not site.settings.tls.enabled:
        return [
            soon(
                "certificate",
                "none is used: tls.enabled is false, and everybody on the line can listen",
                "Set `tls.enabled = true`.",
            )
        ]
    keyring = Keyring.of(site.settings)
    if not keyring.served_file.is_file():
        return [ok("certificate", "none yet; the first start makes it")]
    try:
        served = keyring.served().own
        trouble = keyring.trouble(site.now)
    except TlsError as error:
        return [wrong("certificate", error.problem, error.fix)]
    except OSError as error:
        return [unknown("certificate", f"cannot be read: {error.strerror}")]
    if trouble is not None:
        over = site.now > served.dates.end
        return [(wrong if over else soon)("certificate", trouble.problem, trouble.fix)]
    return [ok("certificate", f"until {served.dates.end:%Y-%m-%d}, for {served.names}")]
