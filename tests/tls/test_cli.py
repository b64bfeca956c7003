"""`appliance tls` at the console."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from appliance.cli.app import app
from appliance.cli.tls import trust_for
from appliance.errors import TlsError
from appliance.settings import ServerSettings, Settings, TlsSettings, read_settings
from appliance.tls.certificates import Pair
from appliance.tls.dates import Dates
from appliance.tls.keeper import utc_now
from appliance.tls.keyring import Keyring
from tests.tls.made_up import DAY, SITE, Company


@pytest.fixture
def site(tmp_path: Path) -> Pair:
    """Of a company, valid today, as files."""
    company = Company(life=Dates(utc_now() - DAY, utc_now() + 300 * DAY))
    (tmp_path / "site.crt").write_bytes(company.server.certificates())
    (tmp_path / "site.key").write_bytes(company.server.whole())
    (tmp_path / "chain.crt").write_bytes(company.middle.certificates())
    return company.brought()


def run(folder: Path, *arguments: str) -> Result:
    given = ["tls", "--data-dir", str(folder / "data"), *arguments]
    return CliRunner().invoke(app, given, catch_exceptions=True)


def done(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def refused(folder: Path, *arguments: str) -> TlsError:
    error = run(folder, *arguments).exception
    assert isinstance(error, TlsError)
    return error


def settings(folder: Path) -> Settings:
    return Settings(server=ServerSettings(data_dir=str(folder / "data")))


def test_init_makes_an_authority_once_and_another_one_only_when_told(
    tmp_path: Path,
) -> None:
    keys = Keyring.of(settings(tmp_path))
    assert "Made." in done(tmp_path, "init")
    first = keys.authority()
    assert "Nothing to do" in done(tmp_path, "init")
    assert "Every browser warns" in done(tmp_path, "init", "--new-ca")
    second = keys.authority()
    assert first is not None
    assert second is not None
    assert first.own.subject != second.own.subject


def test_show_says_names_dates_and_fingerprints(tmp_path: Path) -> None:
    assert "appliance tls init" in refused(tmp_path, "show").fix
    done(tmp_path, "init")
    served = Keyring.of(settings(tmp_path)).served().own
    shown = done(tmp_path, "show")
    for said in (served.subject, str(served.names), served.fingerprint, "10.0.0.0/8"):
        assert said in shown
    assert f"{served.dates.end:%Y-%m-%d}" in shown


def test_what_is_exported_is_the_authority_without_its_key(tmp_path: Path) -> None:
    done(tmp_path, "init")
    authority = Keyring.of(settings(tmp_path)).authority()
    assert authority is not None
    printed = done(tmp_path, "export-ca")
    assert printed.encode() == authority.certificates()
    said = done(tmp_path, "export-ca", str(tmp_path / "ca.crt"))
    assert (tmp_path / "ca.crt").read_text() == printed
    assert authority.own.fingerprint in said


def test_renew_makes_another_certificate_by_the_same_authority(tmp_path: Path) -> None:
    done(tmp_path, "init")
    keys = Keyring.of(settings(tmp_path))
    before = keys.served().own.serial
    done(tmp_path, "renew")
    authority = keys.authority()
    assert authority is not None
    assert keys.served().own.serial != before
    assert keys.served().signed_by(authority)


def test_a_sites_own_is_imported_and_then_there_is_nothing_to_make(
    tmp_path: Path, site: Pair
) -> None:
    given = (str(tmp_path / "site.crt"), str(tmp_path / "site.key"))
    said = done(tmp_path, "import", *given, "--chain", str(tmp_path / "chain.crt"))
    assert "CN=box.example.com" in said
    keys = Keyring.of(settings(tmp_path))
    assert keys.served().facts == site.facts
    for command in ("init", "renew"):
        assert "site's certificate is in use" in refused(tmp_path, command).problem
    assert "no authority" in refused(tmp_path, "export-ca").problem


@pytest.mark.usefixtures("site")
def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    done(tmp_path, "init")
    certificate, key = str(tmp_path / "site.crt"), str(tmp_path / "site.key")
    (tmp_path / "other.key").write_bytes(Company().server.whole())
    wrong = refused(tmp_path, "import", certificate, str(tmp_path / "other.key"))
    assert "not that of" in wrong.problem
    assert "Cannot read" in refused(tmp_path, "import", "gone.crt", key).problem
    order = refused(tmp_path, "import", str(tmp_path / "chain.crt"), key)
    assert "server's own certificate first" in order.fix
    assert not Keyring.of(settings(tmp_path)).has_site


def test_names_of_the_settings_may_be_many(tmp_path: Path) -> None:
    environ = {"APPLIANCE_TLS_NAMES": "box.example.com, 10.0.0.5,"}
    asked = Keyring.of(read_settings(environ=environ)).asked
    assert (asked.hosts, asked.addresses) == (("box.example.com",), ("10.0.0.5",))
    with pytest.raises(TlsError, match="'a b' is neither"):
        Keyring.of(Settings(tls=TlsSettings(names="a b")))
    folder = Settings(
        server=ServerSettings(data_dir=str(tmp_path)), tls=TlsSettings(folder="/etc/box")
    )
    assert Keyring.of(folder).folder == Path("/etc/box")


def test_a_client_on_the_box_trusts_what_is_served_here_by_any_name(
    tmp_path: Path, site: Pair
) -> None:
    Keyring.of(settings(tmp_path)).take_in(site)
    assert trust_for("http://127.0.0.1:1", None, settings(tmp_path)) is None
    here = trust_for("https://127.0.0.1:1", None, settings(tmp_path))
    assert here is not None
    assert not here.check_hostname
    elsewhere = trust_for(f"https://{SITE.hosts[0]}", None, settings(tmp_path))
    assert elsewhere is not None
    assert elsewhere.check_hostname
    with pytest.raises(TlsError, match="export-ca"):
        trust_for("https://box", tmp_path / "data" / "tls" / "lock", settings(tmp_path))
