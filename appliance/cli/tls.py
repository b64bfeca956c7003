"""`appliance tls`: make, bring in, show, renew and hand out certificates."""

import ipaddress
import ssl
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import typer

from appliance.errors import TlsError
from appliance.settings import Settings, read_settings
from appliance.tls.certificates import Pair, read_pair
from appliance.tls.checks import Brought, check, covered
from appliance.tls.context import client_context, pinned_context
from appliance.tls.facts import Facts
from appliance.tls.keeper import LOOK_S, utc_now
from appliance.tls.keyring import Keyring
from appliance.tls.names import Names

TAKEN_OVER = f"A running service takes it over within {LOOK_S:.0f} s; calls go on."

app = typer.Typer(help="Certificates: make, bring in, show, renew, hand out.")


def trust_for(url: str, ca: Path | None, settings: Settings) -> ssl.SSLContext | None:
    """Whom a client of the server at `url` trusts: `ca` if given; on this machine the very
    certificate that is served here; else the system's authorities and the box's own. None
    over http. Raises TlsError if `ca` is none. Blocks."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None
    if ca is not None:
        return client_context(_file(ca))
    keyring = Keyring.of(settings)
    try:
        if _is_here(parts.hostname or ""):
            return pinned_context(keyring.served().alone())
        authority = keyring.authority()
        return client_context(authority.certificates() if authority else None)
    except TlsError:
        # Another user's keys, or none: the server may have a certificate that all trust.
        return client_context()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@app.callback(no_args_is_help=True)
def choose_folder(
    context: typer.Context,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    chosen = read_settings(settings)
    if data_dir is not None:
        server = msgspec.structs.replace(chosen.server, data_dir=str(data_dir))
        chosen = msgspec.structs.replace(chosen, server=server)
    context.obj = Keyring.of(chosen)


@app.command()
def init(
    context: typer.Context,
    new_ca: Annotated[
        bool, typer.Option("--new-ca", help="Make another authority; browsers trust anew.")
    ] = False,
) -> None:
    """Make the box's own authority and certificate, as the first start does by itself."""
    keyring: Keyring = context.obj
    if keyring.has_site:
        raise TlsError(
            f"A site's certificate is in use ({keyring.site_file}).",
            fix="Move that file away first, if the box is to serve one of its own.",
        )
    if new_ca:
        keyring.replace_authority(utc_now())
        typer.echo(f"A new authority is made. {TAKEN_OVER}")
        typer.echo("Every browser warns until it trusts the new one.")
    else:
        made = keyring.prepare(utc_now())
        typer.echo("Made." if made else "Nothing to do: all of it is here.")
    _show(keyring)


@app.command("import")
def import_(
    context: typer.Context,
    certificate: Annotated[Path, typer.Argument(help="PEM file: the server's own first.")],
    key: Annotated[Path, typer.Argument(help="PEM file of its private key.")],
    chain: Annotated[
        Path | None, typer.Option(help="PEM file of those who signed it, in order.")
    ] = None,
) -> None:
    """Serve a site's own certificate from now on, if it is fit for that."""
    keyring: Keyring = context.obj
    certificates = _file(certificate) + (b"\n" + _file(chain) if chain else b"")
    pair = read_pair(_file(key), certificates, f"{key}, {certificate}")
    remarks = check(
        Brought(chain=pair.facts, links=pair.links, key_fits=pair.key_fits),
        keyring.asked,
        utc_now(),
    )
    host = keyring.find()
    if not covered(pair.own.names, host):
        remarks.append(
            f"None of the names that this machine knows of itself is in it: {host}."
        )
    keyring.take_in(pair)
    for remark in remarks:
        typer.echo(f"Note: {remark}", err=True)
    typer.echo(f"Imported. {TAKEN_OVER}")
    _show(keyring)


@app.command()
def show(context: typer.Context) -> None:
    """Show what is served and whom browsers have to trust: names, dates, fingerprints."""
    _show(context.obj)


@app.command()
def renew(context: typer.Context) -> None:
    """Make a new certificate by the same authority now. Browsers do not notice."""
    keyring: Keyring = context.obj
    if keyring.has_site:
        raise TlsError(
            "A site's certificate is in use, which the box cannot renew.",
            fix="Have it renewed by whoever signed it, then `appliance tls import` it.",
        )
    keyring.prepare(utc_now(), force=True)
    typer.echo(f"Renewed. {TAKEN_OVER}")
    _show(keyring)


@app.command("export-ca")
def export_ca(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; without, it is printed.")
    ] = None,
) -> None:
    """Hand out the authority's certificate, which browsers have to trust; not its key."""
    authority = _authority(context.obj)
    if file is None:
        typer.echo(authority.certificates().decode(), nl=False)
    else:
        file.write_bytes(authority.certificates())
        typer.echo(f"{file}: SHA-256 {authority.own.fingerprint}")


def _authority(keyring: Keyring) -> Pair:
    authority = keyring.authority()
    if authority is None:
        raise TlsError(
            f"There is no authority of this box in {keyring.folder}.",
            fix="Run `appliance tls init`, or start the service once.",
        )
    return authority


def _file(path: Path) -> bytes:
    try:
        return path.expanduser().read_bytes()
    except OSError as error:
        raise TlsError(
            f"Cannot read {path}: {error.strerror}.", fix="Correct the path, or its rights."
        ) from error


def _show(keyring: Keyring) -> None:
    served = keyring.served().own
    if keyring.has_site:
        _tell("The site's own certificate", served)
    else:
        _tell("The box's own certificate", served)
        _tell("Its authority, which browsers have to trust", _authority(keyring).own)
    if trouble := keyring.trouble(utc_now()):
        typer.echo(f"\n{trouble.problem}\n{trouble.fix}", err=True)


def _tell(title: str, facts: Facts) -> None:
    rows = {"subject": facts.subject, "signed by": facts.issuer}
    if facts.names:
        rows["names"] = str(facts.names)
    if facts.reach is not None:
        networks = ", ".join(str(network) for network in facts.reach.networks)
        rows["may sign"] = f"{Names(facts.reach.hosts)}; {networks}"
    rows["valid"] = f"{facts.dates.begin:%Y-%m-%d} to {facts.dates.end:%Y-%m-%d}"
    rows["key"] = facts.key
    rows["serial"] = f"{facts.serial:x}"
    rows["SHA-256"] = facts.fingerprint
    typer.echo(f"\n{title}")
    for name, value in rows.items():
        typer.echo(f"  {name:10} {value}")
