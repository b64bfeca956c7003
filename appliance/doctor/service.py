"""Does the service run, and what does it say of itself; can it be reached."""

import http.client
import socket
import ssl
from contextlib import closing
from typing import Any, NamedTuple

import msgspec

from appliance.access.lent import lent
from appliance.address import ANYWHERE, local_host
from appliance.doctor.finding import Finding, ok, soon, unknown, wrong
from appliance.doctor.site import Site
from appliance.errors import ApplianceError, TlsError
from appliance.tls.context import pinned_context
from appliance.tls.keyring import Keyring

ANSWER_S = 10.0

START = "Start it: `systemctl start appliance`, or `appliance serve`."


class Answer(NamedTuple):
    status: int
    body: bytes


class NoAnswer(Exception):
    """Nothing of ours answers there; says what was found."""


def ask(site: Site, path: str, address: str = "", token: str = "") -> Answer:
    """What the running service answers, by `address` if given, to a program with this
    token. Raises NoAnswer."""
    host, port = site.settings.server.host, site.settings.server.port
    to = address or local_host(host)
    try:
        with closing(_line(site, to, port)) as line:
            known = {"Authorization": f"Bearer {token}"} if token else {}
            line.request("GET", path, headers=known)
            answer = line.getresponse()
            return Answer(answer.status, answer.read())
    except ssl.SSLError as error:
        raise NoAnswer(f"{to} port {port} has another certificate: {error}") from error
    except (OSError, http.client.HTTPException, TlsError) as error:
        raise NoAnswer(f"{to} port {port}: {error}") from error


def _line(site: Site, host: str, port: int) -> http.client.HTTPConnection:
    if not site.settings.tls.enabled:
        return http.client.HTTPConnection(host, port, timeout=ANSWER_S)
    trusted = pinned_context(Keyring.of(site.settings).served().alone())
    return http.client.HTTPSConnection(host, port, timeout=ANSWER_S, context=trusted)


def runs(site: Site) -> bool:
    """Whether something of ours answers."""
    try:
        ask(site, "/healthz")
    except NoAnswer:
        return False
    return True


def health(site: Site) -> list[Finding]:
    """Of the parts, as the service itself tells, to whoever may know."""
    try:
        with lent(site.data_dir) as token:
            said = ask(site, "/healthz", token=token)
    except ApplianceError as error:
        return [
            unknown("service", f"it answers, and tells nothing: {error.problem}", error.fix)
        ]
    told: dict[str, Any] = msgspec.json.decode(said.body)
    findings = [
        _part(name, part) for name, part in sorted(dict(told.get("parts") or {}).items())
    ]
    if outbound := told.get("outbound"):
        fix = "`journalctl -u appliance | grep refused:` says what tried, and where to."
        findings.append(soon("air gap", f"{outbound} tries to reach out, refused", fix))
    elif outbound == 0:
        findings.append(ok("air gap", "nothing has tried to reach out"))
    version = f"version {told.get('appliance', '?')} answers"
    if said.status == http.client.OK:
        return [ok("service", version), *findings]
    whole = wrong("service", f"{version}, and says that not all of it works", "See below.")
    return [whole, *findings]


def _part(name: str, part: dict[str, Any]) -> Finding:
    problem, state = part.get("problem"), str(part.get("state", "?"))
    if not problem:
        restarts = part.get("restarts") or 0
        return ok(name, f"{state}, {restarts} restarts" if restarts else state)
    fix = str(part.get("fix") or "See the log: `journalctl -u appliance`.")
    if state == "filling":
        return soon(name, f"{state}: {problem}", fix)
    return wrong(name, f"{state}: {problem}", fix)


def pages(site: Site) -> list[Finding]:
    said = ask(site, "/")
    if said.status == http.client.OK and b"<script" in said.body:
        return [ok("pages", "the browser app is served")]
    return [wrong("pages", f"/ answers {said.status}", "Build them: `./scripts/setup`.")]


def reach(site: Site) -> list[Finding]:
    """By every address that people could type."""
    if site.settings.server.host not in ANYWHERE:
        here = site.settings.server.host
        if here in ("127.0.0.1", "::1", "localhost"):
            fix = 'Set `server.host = "0.0.0.0"` for the local network.'
            return [soon("network", f"it listens on {here}, for this machine alone", fix)]
        return [ok("network", f"it listens on {here}")]
    names = Keyring.of(site.settings).find()
    return [_reached(site, a) for a in names.addresses if ":" not in a]


def _reached(site: Site, address: str) -> Finding:
    try:
        ask(site, "/healthz", address)
    except NoAnswer as error:
        fix = "See the firewall of this machine (`nft list ruleset`)."
        return wrong("network", f"not to be reached by {error}", fix)
    return ok("network", f"reached by {address}")


def port(site: Site) -> list[Finding]:
    """Of a box that does not run: is its place free."""
    host, number = site.settings.server.host, site.settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, number))
    except OSError as error:
        who = f"`ss -ltnp 'sport = :{number}'` says what listens there."
        return [wrong("port", f"{host} port {number}: {error.strerror}", who)]
    return [soon("service", f"it does not run; {host} port {number} is free", START)]
