"""`appliance serve`: build everything, prove the models, take calls."""

import faulthandler
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import anyio
import anyio.to_thread
import msgspec
import typer
import uvicorn
from anyio.abc import TaskStatus
from starlette.middleware import Middleware

from appliance.access.access import Access
from appliance.address import ANYWHERE, local_url
from appliance.airgap import fence
from appliance.cli.accounts import Place, make_first, open_accounts, run_access
from appliance.cli.building import build_models
from appliance.cli.logs import log_to_stderr
from appliance.cli.machine import room_for_connections
from appliance.cli.systemd import Manager, report
from appliance.customers.directory import Directory
from appliance.customers.importing import Given, Order, import_files
from appliance.errors import ApplianceError
from appliance.pipeline.box import Box
from appliance.replay.samples import CUSTOMERS, every_sample
from appliance.retention.building import custodian_of
from appliance.retention.custodian import Custodian
from appliance.server.app import create_app
from appliance.server.door import Door
from appliance.server.front import front
from appliance.server.hsts import Hsts
from appliance.server.limits import Gate
from appliance.server.origin import Hosts
from appliance.server.pages import Pages
from appliance.server.plain import plain_app
from appliance.server.trust import Trust
from appliance.settings import Settings, read_settings
from appliance.store.writer import Store
from appliance.tls.host import names_of_host
from appliance.tls.keeper import Keeper
from appliance.tls.keyring import Keyring

# What was sent and nobody took for so long will not be taken.
UNTAKEN_MS = 30_000


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
    # systemd ends a service that hangs with SIGABRT: the log then says where it hung.
    faulthandler.enable()
    chosen = read_settings(settings)
    log_to_stderr(chosen.log.format)
    given = {"host": host, "port": port, "data_dir": str(data_dir) if data_dir else None}
    chosen = msgspec.structs.replace(
        chosen,
        server=msgspec.structs.replace(
            chosen.server, **{name: v for name, v in given.items() if v is not None}
        ),
    )
    fence.put_up({chosen.server.host})
    models = build_models(chosen)
    manager = Manager.from_environ()
    folder = Path(chosen.server.data_dir).expanduser()
    record = folder / "appliance.duckdb"
    offer = first_run and not record.exists() and sys.stdin.isatty()
    sample = _ask_for_sample(folder, settings) if offer else None
    with ExitStack() as stack:
        ports = [chosen.server.port]
        if chosen.tls.enabled and chosen.tls.http_port:
            ports.append(chosen.tls.http_port)
        listeners = [stack.enter_context(listen(chosen.server.host, p)) for p in ports]
        folder.mkdir(parents=True, exist_ok=True)
        keeper = Keeper(Keyring.of(chosen)) if chosen.tls.enabled else None
        with manager.waiting("opening the record"):
            store = stack.enter_context(Store.open(record))
        accounts = open_accounts(Place(folder, chosen.access))
        access, control = stack.enter_context(accounts)
        box = Box(chosen, store, models, Directory(folder))
        custodian = custodian_of(
            chosen, folder, store, access, live=True, forget=box.drafts.forget
        )
        anyio.run(
            _serve,
            box,
            access,
            custodian,
            control,
            Pages.read(),
            listeners,
            keeper,
            sample,
            _names(chosen),
            manager,
            backend_options={"use_uvloop": True},
        )


def _names(settings: Settings) -> list[str]:
    """By which people may open the box: its own, and those that an admin has given it."""
    return [*names_of_host().hosts, *settings.tls.names.replace(",", " ").split()]


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ApplianceError if the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for a socket that says it is TCP. With it
    # on, every frame of the partner's voice waited for the listener's next one: 20 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # A peer that takes nothing of what is left to send keeps a closed line open for
        # ever: its computer still answers on the network. Linux hands this on to every
        # connection that is accepted.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MS)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise ApplianceError(
            f"Cannot listen on {host} port {port}: {error.strerror}.",
            fix="Stop what is listening there, or choose another --port.",
        ) from error
    return listener


def door(
    box: Box,
    access: Access,
    pages: Pages,
    listeners: Sequence[socket.socket],
    keeper: Keeper | None,
    gate: Gate | None = None,
    names: Sequence[str] = (),
    custodian: Custodian | None = None,
) -> Door:
    """The server: over TLS with a keeper, plain without. `names` lead to the box, beside
    those in its certificate."""
    gate = gate or Gate(box.settings.limits)
    if keeper is None:
        app = create_app(box, access, pages, gate=gate, custodian=custodian)
        return Door(front(app, gate, Hosts(names)), listeners)
    hosts = Hosts(names, lambda: keeper.served.names.hosts)
    port = listeners[0].getsockname()[1]
    hsts = [Middleware(Hsts, keeper)]
    app = create_app(box, access, pages, hsts, keeper, gate, custodian)
    return Door(
        front(app, gate, hosts),
        listeners,
        context=lambda: keeper.context,
        plain=front(plain_app(Trust(keeper), port), gate),
    )


async def _serve(
    box: Box,
    access: Access,
    custodian: Custodian,
    control: socket.socket,
    pages: Pages,
    listeners: Sequence[socket.socket],
    keeper: Keeper | None,
    sample: Sequence[str] | None,
    names: Sequence[str],
    manager: Manager,
) -> None:
    await box.store.close_interrupted(datetime.now(UTC))
    await custodian.start(datetime.now(UTC))
    await make_first(access)
    gate = Gate(box.settings.limits, room_for_connections())
    server = door(box, access, pages, listeners, keeper, gate, names, custodian)
    async with anyio.create_task_group() as work:
        work.start_soon(box.run)
        work.start_soon(run_access, access, box, custodian, control)
        work.start_soon(_stop_when_told, box, server, manager)
        await work.start(read_rules_when_told, box)
        work.start_soon(_announce, box, listeners[0], keeper, sample)
        work.start_soon(report, manager, box, listeners[0])
        if keeper is not None:
            work.start_soon(keeper.run)
        await server.serve()
        work.cancel_scope.cancel()


async def _stop_when_told(box: Box, server: uvicorn.Server, manager: Manager) -> None:
    """The first signal ends the calls while people can still be told so; whoever sends a
    second one does not want to wait for that."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with anyio.create_task_group() as stopping:
            await anext(signals)
            manager.tell(STOPPING="1", STATUS="ending calls")
            stopping.start_soon(_close, box, server)
            await anext(signals)
            server.should_exit = server.force_exit = True


async def read_rules_when_told(
    box: Box, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED
) -> None:
    """As services do on this signal. To a program in a terminal it says that the terminal
    is gone, and ends it. Started once the signal is waited for."""
    if sys.stdin.isatty():
        task_status.started()
        return
    with anyio.open_signal_receiver(signal.SIGHUP) as signals:
        task_status.started()
        async for _ in signals:
            await anyio.to_thread.run_sync(box.rules.read_again)


async def _close(box: Box, server: uvicorn.Server) -> None:
    await box.close()
    server.should_exit = True


async def _announce(
    box: Box, listener: socket.socket, keeper: Keeper | None, sample: Sequence[str] | None
) -> None:
    """Say where, once the models are proven or have said why not."""
    await box.ready()
    for worker in box.models.all():
        if worker.state != "live":
            print(f"{worker.spec.name}: {worker.problem} {worker.fix}", file=sys.stderr)
    host, port = listener.getsockname()[:2]
    url = local_url(host, port, secure=keeper is not None)
    print(f"serving on {url}", flush=True)
    if keeper is not None:
        _tell_of_trust(keeper, host, port)
    if sample is not None:
        await _play(sample, url)


def _tell_of_trust(keeper: Keeper, host: str, port: int) -> None:
    """Whom others ask for, and what they have to do first."""
    names = keeper.served.names
    typed = (name for name in (*names.hosts, *names.addresses) if "*" not in name)
    name = next(typed, host) if host in ANYWHERE else host
    if host in ANYWHERE:
        print(f"  others reach it as {local_url(name, port, secure=True)}")
    if keeper.authority is not None:
        page = f"{local_url(name, port, secure=False)}/trust"
        print(f"  browsers warn until they trust it: {page} says how, and has to show")
        print(f"  SHA-256 {keeper.authority.fingerprint}", flush=True)


async def _play(sample: Sequence[str], url: str) -> None:
    """The sample call in this terminal, as its own process with its own screen."""
    command = [sys.executable, "-m", "appliance", "replay", *sample, "--url", url]
    await anyio.to_thread.run_sync(
        lambda: subprocess.run(command, check=False), abandon_on_cancel=True
    )
    print(f"The call is in the record: {url}/calls/history . Ctrl-C stops the server.")


def _ask_for_sample(folder: Path, settings: Path | None) -> list[str] | None:
    """How to replay the sample that was chosen, if one was."""
    samples = every_sample()
    print("Nothing has been recorded here yet. Watch a sample call first?")
    for number, sample in enumerate(samples, 1):
        print(f"  {number}  {sample.title} ({sample.script.duration:.0f} s)")
    chosen = input("Number, or Enter to go on without: ").strip()
    if not (chosen.isdecimal() and 1 <= int(chosen) <= len(samples)):
        return None
    # The first call on a new box is to show a card, too; whoever imports their own
    # customers with --replace is rid of these.
    invented = [Given(path=path) for path in CUSTOMERS]
    import_files(folder, invented, Order(), lambda _: None)
    # The replay finds the box's certificate where the box does.
    found = [
        "--data-dir",
        str(folder),
        *(["--settings", str(settings)] if settings else []),
    ]
    return ["--sample", samples[int(chosen) - 1].name, *found]
