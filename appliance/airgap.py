"""Nothing reaches out: what tries is refused within the process, counted and told.

The last of four fences, and the one that sees who tried: nothing of ours connects anywhere,
libraries that might are switched off, the unit lets no packet out (systemd/), and Python
asks here before it opens a connection or looks up a name. Code that a library has compiled
in goes past this one; the unit stops it.
"""

import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Collection, Mapping
from types import MappingProxyType

log = logging.getLogger(__name__)

# What each library that would ask or tell somebody outside is told, before it is loaded.
# Those that are not here have nothing of the kind: torch fetches for `torch.hub` alone, and
# CTranslate2, llama.cpp as we build it, FFmpeg and the server's own libraries never do.
LIBRARIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # For faster-whisper and tokenizers: looks for newer models, counts its users, looks
        # for a newer version of itself.
        "huggingface_hub": {
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "TRANSFORMERS_OFFLINE": "1",
        },
        # Comes with faster-whisper, and we never load it. If something did: from 1.29 on it
        # tells Microsoft of each model that it opens, on Linux too, in compiled code that
        # no fence of Python's sees; eight tries in 15 s, as the kernel counted them.
        "onnxruntime": {"ORT_DISABLE_TELEMETRY": "1"},
        "whoever keeps to it": {"DO_NOT_TRACK": "1"},
    }
)

SWITCHES: Mapping[str, str] = MappingProxyType(
    {name: value for switches in LIBRARIES.values() for name, value in switches.items()}
)

# For a process that serves. On a machine with a network `appliance models fetch` runs pip,
# which is what an admin has asked for there.
SERVING: Mapping[str, str] = MappingProxyType(
    {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
)

# DuckDB takes its switches with each connection: it would fetch what a query lacks. JSON
# and ICU are linked into its wheel.
DUCKDB: Mapping[str, str] = MappingProxyType(
    {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    }
)

# Audit events (PEP 578) with a peer, and the place of its address or name.
_EVENTS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}

# One library that tries every second must not fill the log.
TOLD = 20


class Fence:
    """Of this process. What audits cannot be taken back, so there is one."""

    def __init__(self) -> None:
        self.attempts = 0  # that were refused
        self._own: frozenset[str] = frozenset()
        self._up = False

    def put_up(self, own: Collection[str] = ()) -> None:
        """From now on this process reaches itself and its machine alone; `own` are
        addresses of this machine, beside loopback."""
        self._own = frozenset(own)
        os.environ.update(SWITCHES)  # a model process may be started by other hands
        os.environ.update(SERVING)
        if not self._up:
            self._up = True
            sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Raises PermissionError, or socket.gaierror for a name."""
        place = _EVENTS.get(event)
        if place is None or self._stays_here(peer := arguments[place]):
            return
        self.attempts += 1
        if self.attempts <= TOLD:
            log.error("refused: %s to %r", event, peer)
        if place == 0:
            raise socket.gaierror(socket.EAI_FAIL, "this box reaches nothing outside")
        raise PermissionError("this box reaches nothing outside")

    def _stays_here(self, peer: object) -> bool:
        match peer:
            case (str(host), *_) | str(host):
                # A Unix socket's path is a string where an internet address is a tuple.
                return self._is_here(host) or host.startswith("/")
            case bytes(host):
                return self._is_here(host.decode("ascii", "replace"))
            case _:
                return True  # whom the socket is connected to already

    def _is_here(self, host: str) -> bool:
        if host in ("", "localhost") or host in self._own:
            return True
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return address.is_loopback or address.is_unspecified


fence = Fence()
