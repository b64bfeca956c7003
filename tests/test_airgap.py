"""What tries to reach out is refused, counted and told; what stays here goes on."""

import json
import os
import subprocess
import sys

import pytest

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
        [sys.executable, "-c", TRY, json.dumps([what, how])],
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
