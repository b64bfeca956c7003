"""What tries to reach out is refused, counted and told; what stays here goes on."""

import json
import os
import subprocess
import sys

import anyio
import duckdb
import pytest

from appliance.airgap import DUCKDB, SERVING, SWITCHES
from appliance.workers.port import ask
from appliance.workers.supervisor import Spec, Worker
from tests.faults.alone import namespace

# A process of its own: an audit hook stays for the rest of its life.
TRY = """
import json, logging, socket, sys
logging.basicConfig(format="%(message)s")
from appliance.airgap import fence
fence.put_up({"192.0.2.7"})
what, how = json.loads(sys.argv[1])
said = "went through"
try:
    if what == "connect":
        with socket.socket(socket.AF_INET6 if ":" in how[0] else socket.AF_INET) as s:
            s.settimeout(0.2)
            s.connect(tuple(how))
    elif what == "unix":
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(how)
    elif what == "send":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"x", tuple(how))
    else:
        socket.getaddrinfo(how, 443)
except PermissionError as error:
    said = str(error)
except socket.gaierror as error:
    said = error.strerror
except OSError:
    pass  # nobody listens there
print(json.dumps([fence.attempts, said]))
"""


def tried(what: str, how: object) -> tuple[int, str, str]:
    """Attempts counted, what the program was told, what the log has."""
    done = subprocess.run(
        # In a network of its own, where there may be one: what the fence lets through
        # does not count in ours.
        [*namespace(), sys.executable, "-c", TRY, json.dumps([what, how])],
        env=os.environ | {"PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=True,
    )
    attempts, said = json.loads(done.stdout)
    return attempts, said, done.stderr


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("connect", ["192.0.2.1", 443]),
        ("connect", ["2001:db8::1", 443]),
        ("send", ["192.0.2.1", 53]),
        ("look up", "example.com"),
        ("look up", "192.0.2.1"),
    ],
)
def test_what_leads_outside_is_refused(what: str, how: object) -> None:
    attempts, said, log = tried(what, how)
    assert (attempts, said) == (1, "this box reaches nothing outside")
    assert "refused: socket." in log


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("connect", ["127.0.0.1", 1]),
        ("connect", ["::1", 1]),
        ("connect", ["192.0.2.7", 1]),  # its own
        ("unix", "/nowhere"),
        ("send", ["127.0.0.1", 9]),
        ("look up", "localhost"),
        ("look up", "127.0.0.1"),
    ],
)
def test_what_stays_here_goes_on(what: str, how: object) -> None:
    assert tried(what, how) == (0, "went through", "")


def test_every_library_that_might_try_is_told_not_to_in_a_model_process_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (*SWITCHES, *SERVING):
        monkeypatch.delenv(name, raising=False)
    worker = Worker(
        Spec(name="test", target="tests.workers.engines:surroundings", config=b"", stall_s=9)
    )

    async def look() -> bytes:
        async with anyio.create_task_group() as running:
            running.start_soon(worker.run)
            with anyio.fail_after(30):
                told = await ask(worker, b"")
            running.cancel_scope.cancel()
        return told

    environ = json.loads(anyio.run(look))
    assert {**SWITCHES, **SERVING}.items() <= environ.items()


def test_the_library_of_models_takes_the_switches() -> None:
    code = (
        "from huggingface_hub import constants as c;"
        "assert c.HF_HUB_OFFLINE and c.HF_HUB_DISABLE_TELEMETRY"
        " and c.HF_HUB_DISABLE_UPDATE_CHECK"
    )
    subprocess.run(
        [sys.executable, "-c", code], env=os.environ | SWITCHES, check=True, timeout=50
    )


def test_the_database_engine_fetches_nothing_that_it_lacks() -> None:
    with duckdb.connect(":memory:", config=dict(DUCKDB)) as db:
        for name, value in DUCKDB.items():
            [(said,)] = db.execute(f"SELECT current_setting('{name}')").fetchall()
            assert str(said).lower() == value
        with pytest.raises(duckdb.Error, match=r"(?i)extension"):
            db.execute("SELECT * FROM 'https://example.com/a.parquet'")
