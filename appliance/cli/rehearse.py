"""`appliance rehearse`: a release tries itself on a copy of the databases, before it is
used. Run by `appliance upgrade` of the release that is.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import anyio
import typer
from msgspec.structs import replace

from appliance.access.access import FOLDER
from appliance.access.file import ACCESS
from appliance.access.lent import lent_token
from appliance.cli.building import build_models
from appliance.database.opening import open_database
from appliance.doctor.examine import examine
from appliance.doctor.site import Site
from appliance.errors import UpgradeError
from appliance.messages import Transcript
from appliance.replay.client import Plan, play
from appliance.replay.own_server import own_server
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import Sample, every_sample
from appliance.store.log import RECORD
from appliance.upgrade.hands import own_schemas

# Of the machine, or of the service that runs meanwhile: no release could mend it.
ELSEWHERE = {"unit", "service", "network", "port", "certificate", "backup", "clock"}

# A recogniser hears nine words in ten of these calls; one that is broken hears none.
HEARD = 0.5


def rehearse(
    data_dir: Annotated[Path | None, typer.Option(help="Folder with the copy.")] = None,
    schemas: Annotated[
        bool, typer.Option("--schemas", help="Only say what it knows.")
    ] = False,
) -> None:
    """Open a copy of the databases, look at everything, and transcribe a call."""
    if schemas:
        print(json.dumps(own_schemas()))
        return
    if data_dir is None:
        raise UpgradeError("No copy is named.", fix="Name it with --data-dir.")
    _open(data_dir)
    site = _alone(Site.of(None, data_dir))
    _examine(site)
    if site.settings.speech.enabled:
        anyio.run(_call, data_dir)
    print("It is fit for use here.")


def _open(data_dir: Path) -> None:
    """What the service does before it answers, where it finds an older schema."""
    begun = time.monotonic()
    for path, kind in (
        (data_dir / "appliance.duckdb", RECORD),
        (data_dir / FOLDER / "access.duckdb", ACCESS),
    ):
        open_database(path, kind).close()
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"The databases are ready after {time.monotonic() - begun:.0f} s, with up to "
        f"{most_mb} MB of memory: as long will nobody be able to call."
    )


def _alone(site: Site) -> Site:
    """At no port: what answers at that of the settings is the release that is in use, and
    nobody would prove the models of this one."""
    server = replace(site.settings.server, port=0)
    return site._replace(settings=replace(site.settings, server=server))


def _examine(site: Site) -> None:
    for finding in examine(site, lambda: build_models(site.settings).all()):
        if finding.state == "wrong" and finding.what not in ELSEWHERE:
            raise UpgradeError(f"{finding.what}: {finding.found}.", fix=finding.fix)
        print(f"{finding.what}: {finding.found}", file=sys.stderr)


async def _call(data_dir: Path) -> None:
    """The shortest of the built-in calls, through a server of its own."""
    sample = min(every_sample(), key=lambda one: one.script.duration)
    async with (
        own_server("--data-dir", str(data_dir)) as url,
        lent_token(data_dir) as token,
    ):
        recording = await anyio.to_thread.run_sync(read_recording, sample.path)
        plan = Plan(caller=sample.script.caller)
        heard = await share_heard(url, sample, recording, plan, token)
    if heard < HEARD:
        raise UpgradeError(
            f"Of the words of the call {sample.name} it heard {heard:.0%}.",
            fix="Run `appliance models verify`; then take another kit.",
        )


async def share_heard(
    url: str, sample: Sample, recording: Recording, plan: Plan, token: str
) -> float:
    """Of the different words of the sample, those that the server at `url` heard in
    `recording`. Raises ApplianceError."""
    outcome = await play(url, recording, plan, token=token)
    texts = [m.text for m in outcome.messages if isinstance(m, Transcript) and m.is_final]
    return _share(sample, texts)


def _share(sample: Sample, texts: Iterable[str]) -> float:
    """Of the different words that were said, those that were heard."""
    said = _words(turn.text for turn in sample.script.turns)
    return len(said & _words(texts)) / len(said)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[a-z']+", text.lower())}
