"""Opening a DuckDB file that we write: configured, migrated, its torn log cut off."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from typing import NamedTuple

import duckdb

from appliance.airgap import DUCKDB
from appliance.database.migrations import migrations
from appliance.database.repair import cut_torn_tail, wal_of
from appliance.database.trouble import explain
from appliance.errors import StoreError

logger = logging.getLogger(__name__)

# A commit fsyncs the write-ahead log before it returns (seen with strace: one write and
# one fsync per COMMIT). What DuckDB may do by itself is switched off:
_CONFIG = {
    # It would checkpoint inside a COMMIT, and if that fails on a full disk the COMMIT
    # raises although it is durable: a plain retry would store everything twice.
    "wal_autocheckpoint": "1TB",
    **DUCKDB,
    # The cores belong to the speech models, and most of the memory to the others.
    "threads": "1",
}

# A checkpoint merges recent row groups, and nothing commits meanwhile (a second thread
# would not help: it holds the table). With the usual 122 880 rows in a group the longest
# of 23 checkpoints took 635 ms, with 10 240 rows 167 ms; the file did not grow.
ROW_GROUP = 10_240

# A migration makes rows of all calls at once, before any model is there: 100,000 calls
# took 67 s and 3.8 GB, and stopped for lack of memory with 2 GB.
_OF_MEMORY_TO_MIGRATE = 0.6

# A checkpoint that runs out of disk invalidates the open database. It writes a few times
# the size of the log, so leave it alone unless there is plenty.
_ROOM_FOR_CHECKPOINT = 64 << 20


class Kind(NamedTuple):
    """What sort of database a file is."""

    name: str  # in SQL
    noun: str  # for people
    package: str  # whose migrations make its tables
    memory: str  # at most, as DuckDB writes it


def open_database(path: Path, kind: Kind) -> duckdb.DuckDBPyConnection:
    """A connection that uses the file, which is created or brought up to date.

    Raises StoreError, with advice, for a file that is locked, damaged, newer than this
    program, or cannot be written.
    """
    try:
        return _attach_and_migrate(path, kind)
    except duckdb.Error as error:
        complaint = str(error)
        try:
            kept = cut_torn_tail(path, complaint)
        except OSError as why:
            raise explain(f"{complaint} {why}", path, kind.noun) from why
        if kept is None:
            raise explain(complaint, path, kind.noun) from error
    logger.warning(
        "The %s's write-ahead log was torn; cut it, whole copy in %s", kind.noun, kept
    )
    try:
        return _attach_and_migrate(path, kind)
    except duckdb.Error as error:
        raise explain(str(error), path, kind.noun) from error


def look(path: Path, kind: Kind) -> None:
    """Raises StoreError, with advice, if a file that nobody has open could not be opened:
    locked, damaged, newer than this program. Changes nothing, so one with a log that is
    still to be replayed is not looked into."""
    db = duckdb.connect(":memory:", config={**_CONFIG, "memory_limit": kind.memory})
    quoted = str(path).replace("'", "''")
    try:
        db.execute(f"ATTACH '{quoted}' AS {kind.name} (READ_ONLY)")
        db.execute(f"USE {kind.name}")
        _check_version(_version(db), path, kind)
    except duckdb.Error as error:
        raise explain(str(error), path, kind.noun) from error
    finally:
        db.close()


def fresh_of(path: Path) -> Path:
    """Where a database is written anew, beside itself."""
    return path.with_name(path.name + ".fresh")


def wal_bytes(path: Path) -> int:
    """Size of the write-ahead log, which a start after a crash has to replay."""
    try:
        return wal_of(path).stat().st_size
    except OSError:
        return 0


def check_room(path: Path, kind: Kind, more: int = 0) -> None:
    """Raises StoreError where the disk is too full for a checkpoint of the file, or for so
    many bytes more."""
    try:
        free = disk_usage(path.parent).free
    except OSError as error:
        raise explain(str(error), path, kind.noun) from error
    if free < _ROOM_FOR_CHECKPOINT + 4 * wal_bytes(path) + more:
        raise StoreError(
            f"The disk of the {kind.noun} {path} is nearly full: {free >> 20} MB left.",
            fix=f"Free some space in {path.parent}.",
        )


def _attach_and_migrate(path: Path, kind: Kind) -> duckdb.DuckDBPyConnection:
    if path.is_file() and path.stat().st_size == 0:
        # A kill while the file was being created; DuckDB would call it invalid forever.
        path.unlink()
    own = {"memory_limit": kind.memory, "temp_directory": f"{path}.tmp"}
    db = duckdb.connect(":memory:", config={**_CONFIG, **own})
    try:
        # Attached, not connected to: only so can the row group size be chosen, and only so
        # is a second opening in the same process refused. ATTACH takes no parameters.
        quoted = str(path).replace("'", "''")
        db.execute(f"ATTACH '{quoted}' AS {kind.name} (ROW_GROUP_SIZE {ROW_GROUP})")
        db.execute(f"USE {kind.name}")
        # Beside itself it may be written anew; see `rebuilding`.
        db.execute(f"SET allowed_paths = {_beside(path)}")
        db.execute("SET enable_external_access = false")
        _migrate(db, path, kind)
        db.execute(f"SET memory_limit = '{kind.memory}'")
        db.execute("SET lock_configuration = true")
    except BaseException:
        db.close()
        raise
    return db


def _beside(path: Path) -> str:
    """What it may open while it is written anew, as a list in SQL."""
    fresh = str(fresh_of(path)).replace("'", "''")
    ends = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
    return "[" + ", ".join(f"'{fresh}{end}'" for end in ends) + "]"


def _migrate(db: duckdb.DuckDBPyConnection, path: Path, kind: Kind) -> None:
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_version"
        " (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied TIMESTAMP NOT NULL)"
    )
    steps, have = migrations(kind.package), _version(db)
    _check_version(have, path, kind)
    if 0 < have < steps[-1].version:
        db.execute(f"SET memory_limit = '{_memory_to_migrate()}B'")
    for step in steps:
        if step.version > have:
            db.begin()
            db.execute(step.sql)
            applied = datetime.now(UTC).replace(tzinfo=None)
            db.execute(
                "INSERT INTO schema_version VALUES (?, ?, ?)",
                [step.version, step.name, applied],
            )
            db.commit()
    if steps[-1].version > have:
        # Replaying table definitions from the log is where DuckDB has had most bugs.
        db.execute(f"CHECKPOINT {kind.name}")


def _memory_to_migrate() -> int:
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return int(whole * _OF_MEMORY_TO_MIGRATE)


def _version(db: duckdb.DuckDBPyConnection) -> int:
    [(version,)] = db.execute(
        "SELECT coalesce(max(version), 0) FROM schema_version"
    ).fetchall()
    return int(version)


def _check_version(have: int, path: Path, kind: Kind) -> None:
    known = migrations(kind.package)[-1].version
    if have > known:
        raise StoreError(
            f"The {kind.noun} {path} has schema {have}; this program knows up to {known}.",
            fix="Install the newer version again, or set another data_dir under [server].",
        )
