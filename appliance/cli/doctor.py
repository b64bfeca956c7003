"""`appliance doctor`: what is wrong with this box, if anything, and what mends it."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from appliance.cli.building import build_models
from appliance.doctor.examine import examine
from appliance.doctor.finding import Finding, State
from appliance.doctor.site import Site

LOOKS: dict[State, str] = {
    "ok": "green",
    "soon": "yellow",
    "wrong": "bold red",
    "unknown": "dim",
}


def doctor(
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Look at everything the box needs; status 1 if something is wrong. Changes nothing."""
    site = Site.of(settings, data_dir)
    console = Console(highlight=False, soft_wrap=True)
    findings = []
    for finding in examine(site, lambda: build_models(site.settings).all()):
        findings.append(finding)
        if not json:
            _show(console, finding)
    if json:
        print(msgspec.json.encode(findings).decode())
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)


def _show(console: Console, finding: Finding) -> None:
    look = LOOKS[finding.state]
    line = Text.assemble((f"{finding.state:<8}", look), f"{finding.what:<18}")
    console.print(line, Text(finding.found), sep="")
    if finding.fix:
        console.print(" " * 26 + finding.fix, markup=False)
