"""Put on PYTHONPATH by a test: notes every address that a socket of this process, or of
any Python process it starts, is given. One JSON line each, and one for each process, in
the file the environment names."""

import json
import os
import sys

_EVENTS = {
    # Event: place of the address, or of the host name, among its arguments.
    "socket.bind": 1,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


def _note(event: str, arguments: tuple[object, ...]) -> None:
    place = _EVENTS.get(event)
    if place is None:
        return
    address = arguments[place]
    _write(event, list(address) if isinstance(address, tuple) else address)


def _write(event: str, address: object) -> None:
    line = json.dumps([event, address, os.getpid(), sys.orig_argv], default=repr)
    # One write to a file open for appending: lines of many processes stay whole.
    file = os.open(_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(file, line.encode() + b"\n")
    finally:
        os.close(file)


_FILE = os.environ.get("SOCKET_AUDIT_FILE", "")
if _FILE:
    _write("begin", None)
    sys.addaudithook(_note)
