"""`appliance status`: how the running box does, in one screen."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from appliance.access.lent import lent
from appliance.backup.manifest import made_in
from appliance.doctor.service import START, NoAnswer, ask
from appliance.doctor.site import Site
from appliance.errors import ApplianceError
from appliance.server.calls import Stats
from appliance.server.health import Health, PartHealth

LOOKS = {"live": "green", "off": "dim", "degraded": "yellow", "starting": "yellow"}


def status(
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
) -> None:
    """Tell how the running box does; status 1 if not all of it works."""
    site = Site.of(settings, data_dir)
    try:
        with lent(site.data_dir) as token:
            said = ask(site, "/healthz", token=token)
            health = msgspec.json.decode(said.body, type=Health)
            said = ask(site, "/api/calls/stats", token=token)
            stats = msgspec.json.decode(said.body, type=Stats)
    except NoAnswer as error:
        raise ApplianceError(f"The box does not answer: {error}.", fix=START) from error
    console = Console(highlight=False)
    console.print(_head(health))
    console.print(_figures(site, health, stats))
    console.print(_parts(health))
    if not health.ok:
        sys.exit(1)


def _head(health: Health) -> Text:
    state = ("all of it works", "green") if health.ok else ("not all works", "bold red")
    return Text.assemble(f"appliance {health.appliance}, process {health.pid}: ", state)


def _figures(site: Site, health: Health, stats: Stats) -> Table:
    table = Table.grid(padding=(0, 2))
    agents = ", ".join(f"{n} {state}" for state, n in stats.agents.items() if n)
    rows = {
        "calls": f"{stats.active} going on, {stats.waiting} waiting, {stats.ended} ended",
        "agents": agents or "none on duty",
        "speech": _speech(health),
        "advice": f"{health.suggestions}, {health.advising} calls at this moment",
        "record": health.record,
        "server": f"{health.sockets} sockets, late by {health.loop.p99_ms:.1f} ms (p99)",
        "air gap": f"{health.outbound} tries to reach out",
        "backup": _backup(site),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _speech(health: Health) -> str:
    said = f"{health.speech}, {health.lag_ms} ms behind"
    if health.reading is None:
        return said
    reading = health.reading
    return (
        f"{said}; reads {reading.calls} of {reading.capacity} calls, "
        f"{reading.waiting} wait for room"
    )


def _backup(site: Site) -> str:
    made = made_in(site.settings.backup.folder_in(site.data_dir))
    if not made:
        return "none"
    hours = (site.now - made[-1].made).total_seconds() / 3600
    return f"{len(made)}, the last {hours:.0f} h old"


def _parts(health: Health) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, part in health.parts.items():
        look = LOOKS.get(part.state, "bold red")
        table.add_row(Text(name), Text(part.state, look), Text(_told(part)))
    return table


def _told(part: PartHealth) -> str:
    words = [part.problem or "", part.fix or ""]
    words.append(f"{part.restarts} restarts" if part.restarts else "")
    return " ".join(word for word in words if word)
