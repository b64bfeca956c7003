"""`appliance serve`: build everything, prove the models, take calls."""

import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import anyio
import anyio.to_thread
import msgspec
import typer
import uvicorn

from appliance.assistant.port import EngineConfig as LanguageConfig
from appliance.customers.directory import Directory
from appliance.customers.importing import Given, Order, import_files
from appliance.errors import ApplianceError
from appliance.models.resolve import Model, resolve
from appliance.pipeline.box import Box
from appliance.pipeline.parts import Models
from appliance.replay.samples import CUSTOMERS, every_sample
from appliance.server.app import create_app
from appliance.server.line import Line
from appliance.server.pages import Pages
from appliance.settings import Settings, read_settings
from appliance.store.writer import Store
from appliance.transcriber import cuda
from appliance.transcriber.placement import Placement, place
from appliance.transcriber.port import EngineConfig as SpeechConfig
from appliance.workers.pool import Pool
from appliance.workers.supervisor import Spec, Worker

log = logging.getLogger(__name__)

# A frame carries a second of audio at most, 96 kB; a text 64 kB.
MAX_MESSAGE = 256 * 1024

# The language model yields to speech: waiting threads sleep instead of spinning, and the
# process is the nicest of all. Without both, each engine halves the other. At 19, with four
# calls, the first word of advice came after 3.2 s at p95; now it comes after 2.4.
PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE"}
NICEST = 14
# Speech in turn yields to the server and to voice activity, which need little and need it
# at once: 200 people's sound waits for them 50 times a second.
NICER = 10

# Each pass needs the same few large blocks. Given back to the system after each, as glibc
# does by default, they are mapped and cleared again: a tenth of the time of a pass. One
# arena, and only what is freed after loading given back, keep a process at 340 MB; with
# nothing ever given back it was 560.
KEEP_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_TOP_PAD_": str(64 << 20),
}


def serve(
    settings: Annotated[Path | None, typer.Option(help="Settings file.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the record.")] = None,
    first_run: Annotated[
        bool, typer.Option("--first-run", help="Offer a sample call on a first run.")
    ] = False,
) -> None:
    """Take calls until stopped."""
    logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
    chosen = read_settings(settings)
    given = {"host": host, "port": port, "data_dir": str(data_dir) if data_dir else None}
    chosen = msgspec.structs.replace(
        chosen,
        server=msgspec.structs.replace(
            chosen.server, **{name: v for name, v in given.items() if v is not None}
        ),
    )
    models = build_models(chosen)
    folder = Path(chosen.server.data_dir).expanduser()
    record = folder / "appliance.duckdb"
    offer = first_run and not record.exists() and sys.stdin.isatty()
    sample = _ask_for_sample() if offer else None
    if sample is not None:
        # The first call on a new box is to show a card, too; whoever imports their own
        # customers with --replace is rid of these.
        invented = [Given(path=path) for path in CUSTOMERS]
        import_files(folder, invented, Order(), lambda _: None)
    listener = listen(chosen.server.host, chosen.server.port)
    folder.mkdir(parents=True, exist_ok=True)
    with Store.open(record) as store, listener:
        box = Box(chosen, store, models, Directory(folder))
        anyio.run(
            _serve,
            box,
            Pages.read(),
            listener,
            sample,
            backend_options={"use_uvloop": True},
        )


def build_models(settings: Settings) -> Models:
    """The processes that are switched on, not yet started.

    Raises ModelError naming the file that is missing or damaged, SettingsError where a
    device is demanded that is not there: before anything starts.
    """
    folder = Path(settings.models.dir).expanduser()
    speech, advice = settings.speech, settings.advice
    vad = words = language = None
    floor_frames, batch = 0, speech.max_batch
    if speech.enabled:
        whisper = resolve(folder, speech.model, "speech")
        floor_frames = whisper.context_floor_frames
        vad = Worker(
            Spec(name="vad", target="appliance.vad.silero:build", config=b"", stall_s=30)
        )
        placement = place(speech, cuda.machine())
        log.info("%s", placement)
        batch = placement.batch
        words = _speech_workers(settings, whisper, placement)
    if advice.enabled:
        language = _language_worker(settings, resolve(folder, advice.model, "language"))
    return Models(
        vad=vad, speech=words, language=language, floor_frames=floor_frames, batch=batch
    )


def _speech_workers(settings: Settings, model: Model, placement: Placement) -> Pool:
    def config(number: int) -> SpeechConfig:
        return SpeechConfig(
            model=str(model.path),
            threads=placement.threads,
            device=placement.device,
            compute_type=placement.compute_type,
            gpu=(number - 1) % max(1, placement.gpus),
        )

    count = placement.processes
    return Pool(
        [
            Worker(
                Spec(
                    name=f"speech-{number}" if count > 1 else "speech",
                    target="appliance.transcriber.whisper:build",
                    config=msgspec.msgpack.encode(config(number)),
                    stall_s=settings.speech.stall_s,
                    niceness=NICER,
                    environment=KEEP_MEMORY,
                )
            )
            for number in range(1, count + 1)
        ]
    )


def _language_worker(settings: Settings, model: Model) -> Worker:
    advice = settings.advice
    config = LanguageConfig(
        model=str(model.path),
        threads=advice.threads,
        gpu_layers=advice.gpu_layers,
        max_calls=advice.max_calls,
        context_tokens=advice.context_tokens,
        mood=advice.mood,
    )
    return Worker(
        Spec(
            name="language",
            target="appliance.assistant.engine:build",
            config=msgspec.msgpack.encode(config),
            stall_s=advice.stall_s,
            niceness=NICEST,
            environment=PASSIVE,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ApplianceError if the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for a socket that says it is TCP. With it
    # on, every frame of the partner's voice waited for the listener's next one: 20 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise ApplianceError(
            f"Cannot listen on {host} port {port}: {error.strerror}.",
            fix="Stop what is listening there, or choose another --port.",
        ) from error
    return listener


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone: uvicorn raises SIGTERM again once its sockets are closed,
        and the process would end before its calls have ended in the record."""
        yield


async def _serve(
    box: Box, pages: Pages, listener: socket.socket, sample: str | None
) -> None:
    await box.store.close_interrupted(datetime.now(UTC))
    server = _Server(
        uvicorn.Config(
            create_app(box, pages),
            log_level="warning",
            access_log=False,
            ws=Line,
            ws_max_size=MAX_MESSAGE,
            # Audio does not compress, and a deflate of each JSON line costs more CPU than
            # the line is long on a LAN.
            ws_per_message_deflate=False,
            ws_ping_interval=20,
            ws_ping_timeout=20,
            timeout_graceful_shutdown=5,
        )
    )
    async with anyio.create_task_group() as work:
        work.start_soon(box.run)
        work.start_soon(_stop_when_told, box, server)
        work.start_soon(_announce, box, listener, sample)
        await server.serve(sockets=[listener])
        work.cancel_scope.cancel()


async def _stop_when_told(box: Box, server: uvicorn.Server) -> None:
    """The first signal ends the calls while people can still be told so; whoever sends a
    second one does not want to wait for that."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with anyio.create_task_group() as stopping:
            await anext(signals)
            stopping.start_soon(_close, box, server)
            await anext(signals)
            server.should_exit = server.force_exit = True


async def _close(box: Box, server: uvicorn.Server) -> None:
    await box.close()
    server.should_exit = True


async def _announce(box: Box, listener: socket.socket, sample: str | None) -> None:
    """Say where, once the models are proven or have said why not."""
    await box.ready()
    for worker in box.models.all():
        if worker.state != "live":
            print(f"{worker.spec.name}: {worker.problem} {worker.fix}", file=sys.stderr)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"serving on {url}", flush=True)
    if sample is not None:
        await _play(sample, url)


async def _play(sample: str, url: str) -> None:
    """The sample call in this terminal, as its own process with its own screen."""
    command = [sys.executable, "-m", "appliance", "replay", "--sample", sample]
    await anyio.to_thread.run_sync(
        lambda: subprocess.run([*command, "--url", url], check=False),
        abandon_on_cancel=True,
    )
    print(f"The call is in the record: {url}/api/sessions . Ctrl-C stops the server.")


def _ask_for_sample() -> str | None:
    samples = every_sample()
    print("Nothing has been recorded here yet. Watch a sample call first?")
    for number, sample in enumerate(samples, 1):
        print(f"  {number}  {sample.title} ({sample.script.duration:.0f} s)")
    chosen = input("Number, or Enter to go on without: ").strip()
    if chosen.isdecimal() and 1 <= int(chosen) <= len(samples):
        return samples[int(chosen) - 1].name
    return None
