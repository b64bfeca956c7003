"""Models, databases and certificates: as they should be, and as they turn up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.doctor import files
from appliance.doctor.finding import Finding
from appliance.doctor.site import Site
from appliance.settings import (
    ModelsSettings,
    RuleSettings,
    ServerSettings,
    Settings,
    TlsSettings,
)
from appliance.store.log import SessionLog
from appliance.tls.keeper import Keeper
from appliance.tls.keyring import Keyring


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(
        Settings(
            server=ServerSettings(data_dir=str(tmp_path / "data")),
            models=ModelsSettings(dir=str(tmp_path / "models")),
        ),
        datetime.now(UTC),
    )


def states(findings: list[Finding]) -> dict[str, str]:
    return {finding.what: finding.state for finding in findings}


def test_a_new_box_has_nothing_wrong_but_no_models(site: Site) -> None:
    assert states(files.databases(site)) == {
        "record": "ok",
        "file of accounts": "ok",
        "customers": "ok",
    }
    assert states(files.certificate(site)) == {"certificate": "ok"}
    found = files.models(site)
    assert states(found) == {"speech model": "wrong", "language model": "wrong"}
    assert all("appliance models" in finding.fix for finding in found)


def test_what_is_switched_off_needs_no_model(site: Site) -> None:
    settings = site.settings
    off = msgspec.structs.replace(
        settings,
        speech=msgspec.structs.replace(settings.speech, enabled=False),
        advice=msgspec.structs.replace(settings.advice, enabled=False),
    )
    assert files.models(site._replace(settings=off)) == []


def test_a_whole_record_is_left_as_it_is(site: Site) -> None:
    path = site.data_dir / "appliance.duckdb"
    site.data_dir.mkdir()
    SessionLog(path).close()
    before = path.read_bytes()
    [record, *_] = files.databases(site)
    assert (record.state, path.read_bytes()) == ("ok", before)
    assert not path.with_suffix(".duckdb.wal").exists()


@pytest.mark.parametrize("name", ["appliance.duckdb", "customers.duckdb"])
def test_a_file_that_is_no_database_is_named_with_what_to_do(site: Site, name: str) -> None:
    site.data_dir.mkdir()
    (site.data_dir / name).write_bytes(b"not a database" * 1000)
    [bad] = [one for one in files.databases(site) if one.state == "wrong"]
    assert name in bad.found
    assert bad.fix


def test_a_record_that_was_not_closed_is_for_the_next_start(site: Site) -> None:
    site.data_dir.mkdir()
    path = site.data_dir / "appliance.duckdb"
    SessionLog(path).close()
    path.with_suffix(".duckdb.wal").write_bytes(b"torn")
    [record, *_] = files.databases(site)
    assert record.state == "ok"
    assert "the next start replays" in record.found


def test_a_certificate_is_told_by_its_date(site: Site) -> None:
    Keeper(Keyring.of(site.settings))
    [good] = files.certificate(site)
    assert good.state == "ok"
    assert "localhost" in good.found
    late = site._replace(now=site.now + timedelta(days=3600))
    [bad] = files.certificate(late)
    assert bad.state in ("soon", "wrong")
    assert "appliance tls init" in bad.fix


def test_a_certificate_that_cannot_be_read_is_wrong(site: Site) -> None:
    keyring = Keyring.of(site.settings)
    keyring.folder.mkdir(parents=True)
    keyring.own_file.write_text("-----BEGIN NOTHING-----")
    [bad] = files.certificate(site)
    assert bad.state == "wrong"


def test_plain_http_is_worth_a_word(site: Site) -> None:
    plain = msgspec.structs.replace(site.settings, tls=TlsSettings(enabled=False))
    [bad] = files.certificate(site._replace(settings=plain))
    assert (bad.state, "tls.enabled" in bad.fix) == ("soon", True)


def test_rules_are_read_as_the_service_would(site: Site, tmp_path: Path) -> None:
    assert states(files.rules(site)) == {"rules": "ok"}
    file = tmp_path / "rules.toml"
    settings = msgspec.structs.replace(site.settings, rules=RuleSettings(file=str(file)))
    file.write_text("[[rule]]")
    [found] = files.rules(site._replace(settings=settings))
    assert (found.state, "appliance rules check" in found.fix) == ("wrong", True)
    file.write_text("")
    assert states(files.rules(site._replace(settings=settings))) == {"rules": "ok"}
