"""`appliance replay`: play a recorded call through the server and watch it."""

import os
import ssl
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias, cast

import anyio
import anyio.to_thread
import msgspec
import typer
from rich.live import Live

from appliance.access.lent import lent_token
from appliance.access.refusals import AccountError
from appliance.address import local_url
from appliance.cli.accounts import Place, place_of
from appliance.cli.tls import trust_for
from appliance.control.line import NoServer
from appliance.errors import ProtocolError, RecordingError
from appliance.replay.api import is_appliance
from appliance.replay.client import Outcome, Plan, Told, one_error, play
from appliance.replay.conversation import Conversation
from appliance.replay.json_lines import json_lines
from appliance.replay.own_server import own_server
from appliance.replay.plain import plain_line
from appliance.replay.recording import Recording, read_recording
from appliance.replay.samples import every_sample, find_sample
from appliance.replay.screen import Progress, draw
from appliance.settings import TOKEN_VARIABLE, read_settings
from appliance.shown import escaped

Channel: TypeAlias = Literal["left", "right", "0", "1"]
PlainCodec: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]

REDRAW_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What was asked for on the command line."""

    title: str
    recording: Recording
    url: str | None
    plan: Plan
    json_file: Path | None
    plain: bool
    quiet: bool
    settings_file: Path | None
    data_dir: Path | None
    ca: Path | None
    token_file: Path | None


def replay(
    file: Annotated[
        Path | None, typer.Argument(help="WAV or FLAC with two channels.")
    ] = None,
    sample: Annotated[
        str | None, typer.Option(help="Play a built-in call instead of a file.")
    ] = None,
    list_samples: Annotated[
        bool, typer.Option("--list-samples", help="Show the built-in calls.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(help="Server, such as https://127.0.0.1:8080; else one is started."),
    ] = None,
    speed: Annotated[
        float, typer.Option(help="2 plays twice as fast as life.", min=0.1, max=100)
    ] = 1.0,
    minutes: Annotated[
        float | None, typer.Option(help="Repeat the call for so long.", min=0.1)
    ] = None,
    agent_channel: Annotated[
        Channel, typer.Option(help="Channel of the agent; left is 0.")
    ] = "left",
    codec: Annotated[PlainCodec, typer.Option(help="How the audio is sent.")] = "pcm_s16le",
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Write every message the agent receives, one a line."),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Lines of text instead of a screen.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")
    ] = False,
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Session log of a server that is started for this.")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(help="Authority that the server of --url is known by.")
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help=f"File with a token that may bring calls; else ${TOKEN_VARIABLE}."
        ),
    ] = None,
) -> None:
    """Play a two-channel recording through a server, as both people of the call.

    Without --url the configured server is used if it answers; otherwise one is started
    for this call and stopped afterwards. On the box itself no token is needed.
    """
    if list_samples:
        _show_samples()
        return
    title, recording = _open(file, sample, agent_channel)
    caller = find_sample(sample).script.caller if sample else "Customer"
    if minutes is not None:
        recording.repeat_for(minutes * 60)
    job = Job(
        title=title,
        recording=recording,
        url=url,
        plan=Plan(speed=speed, codec=codec, caller=caller, keep=False),
        json_file=json_file,
        plain=plain or not sys.stdout.isatty(),
        quiet=quiet,
        settings_file=settings,
        data_dir=data_dir,
        ca=ca,
        token_file=token_file,
    )
    outcome = anyio.run(_run, job)
    if not quiet:
        _sum_up(outcome)


def _open(
    file: Path | None, sample: str | None, agent_channel: Channel
) -> tuple[str, Recording]:
    if (file is None) == (sample is None):
        raise RecordingError(
            "One recording is needed."
            if file is None
            else "Only one recording can be played at a time.",
            fix="Name a file, or a built-in call with --sample (see --list-samples).",
        )
    if sample is not None:
        found = find_sample(sample)
        path, title = found.path, found.title
    else:
        path = cast(Path, file)
        title = path.name
    return title, read_recording(
        path, agent_channel=0 if agent_channel in ("left", "0") else 1
    )


def _show_samples() -> None:
    for sample in every_sample():
        typer.echo(f"{sample.name:24} {sample.script.duration:5.0f} s  {sample.title}")


async def _run(job: Job) -> Outcome:
    outcome = Outcome()
    with one_error():
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(_server(job))
            listeners = []
            if job.json_file is not None:
                listeners.append(await stack.enter_async_context(json_lines(job.json_file)))
            if not job.quiet:
                listeners.append(await stack.enter_async_context(_display(job, outcome)))

            def tell(told: Told) -> None:
                for listen in listeners if told.role == "agent" else ():
                    listen(told)

            await play(
                server.url,
                job.recording,
                job.plan,
                outcome=outcome,
                on_message=tell,
                trust=server.trust,
                token=server.token,
            )
    return outcome


class _Server(NamedTuple):
    url: str
    trust: ssl.SSLContext | None
    token: str


@asynccontextmanager
async def _server(job: Job) -> AsyncGenerator[_Server, None]:
    """The address of the server to use, whom to trust there, and what it knows us by."""
    settings = read_settings(job.settings_file)
    if job.data_dir is not None:
        server = msgspec.structs.replace(settings.server, data_dir=str(job.data_dir))
        settings = msgspec.structs.replace(settings, server=server)
    server = settings.server
    url = job.url or local_url(server.host, server.port, secure=settings.tls.enabled)
    trust = await anyio.to_thread.run_sync(trust_for, url, job.ca, settings)
    async with AsyncExitStack() as stack:
        if not (job.url or (job.data_dir is None and await is_appliance(url, trust))):
            if not job.quiet:
                typer.echo("Starting a server for this call ...", err=True)
            arguments = [
                *(["--settings", str(job.settings_file)] if job.settings_file else []),
                *(["--data-dir", str(job.data_dir)] if job.data_dir else []),
            ]
            url, trust = await stack.enter_async_context(own_server(*arguments)), None
        token = await _token(job, place_of(job.settings_file, job.data_dir), stack)
        yield _Server(url.rstrip("/"), trust, token)


async def _token(job: Job, place: Place, stack: AsyncExitStack) -> str:
    """As given, else lent by the server that runs here, if it is ours; never from the
    command line, which everybody on the machine can read."""
    if job.token_file is not None:
        try:
            return (await anyio.Path(job.token_file).read_text()).strip()
        except (OSError, UnicodeError) as error:
            raise AccountError(
                f"The token in {job.token_file} cannot be read: {error}.",
                fix="Write what `appliance tokens add` told into it.",
            ) from error
    if given := os.environ.get(TOKEN_VARIABLE):
        return given.strip()
    try:
        return await stack.enter_async_context(lent_token(place.data_dir))
    except (NoServer, ProtocolError):
        return ""  # a server elsewhere, which says what it thinks of that


@asynccontextmanager
async def _display(
    job: Job, outcome: Outcome
) -> AsyncGenerator[Callable[[Told], None], None]:
    if job.plain:
        yield lambda told: _print(plain_line(told.message) if told.message else None)
        return
    conversation, said = Conversation(), list[str | None]()

    def show(told: Told) -> None:
        if told.message is not None:
            conversation.apply(told.message)
            said.append(plain_line(told.message))

    # The other screen of the terminal: what stood there before comes back at the end.
    with Live(screen=True, auto_refresh=False) as live:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_redraw, live, job, outcome, conversation)
            yield show
            tasks.cancel_scope.cancel()
    for line in said:
        _print(line)


async def _redraw(
    live: Live, job: Job, outcome: Outcome, conversation: Conversation
) -> None:
    while True:
        talking = outcome.sent_ms < outcome.duration_ms
        progress = Progress(
            title=job.title,
            sent_ms=min(outcome.sent_ms, outcome.duration_ms),
            duration_ms=outcome.duration_ms,
            speed=job.plan.speed,
            doing="talking" if talking else "waiting for the last words",
        )
        live.update(draw(conversation, progress), refresh=True)
        await anyio.sleep(REDRAW_S)


def _print(line: str | None) -> None:
    if line is not None:
        typer.echo(escaped(line))


def _sum_up(outcome: Outcome) -> None:
    typer.echo(
        f"Call {outcome.call_id}: {outcome.sent_ms / 1000:.0f} s played, "
        f"{'ended' if outcome.ended else 'not ended by the server'}"
        f"{'' if outcome.settled else ', something was still being written'}.",
        err=True,
    )
