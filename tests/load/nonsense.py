"""What a client might send: the real grammar, and everything near it.

A pure function of a `random.Random`, so that a seed gives the same nonsense again. Half of
what comes out is right; the rest has something wrong, from one value to every bit: only
what is nearly right gets far enough into a program to hurt it.
"""

import json
import struct
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, get_args
from urllib.parse import quote

import msgspec

from appliance.audio.wire import HEADER
from appliance.duty import AgentMessage
from appliance.received import ClientMessage
from tests.audio.webms import record, speechlike
from tests.load.hostile import CLOSE, CONT, PING, TEXT, frame, handshake, request

WEBM = record(speechlike(3))

# What breaks programs: the ends of number ranges, of encodings, of languages that what was
# typed may be taken for.
TEXTS: Sequence[str] = (
    "", " ", "\0", "a\0b", "\n", "\r\nx-evil: 1", "é" * 50, "\U0001f600", "\u202e",
    "'", '"', "';--", "' OR 1=1 --", "%", "_", "\\", "$1", "{}", "%s%n", "<script>", "&lt;",
    "=1+1", "@SUM(A1)", "../../etc/passwd", "..\\", "null", "true", "NaN", "0", "-1",
    "9" * 30, "9" * 5000, "1e999", "0x10", "٣", "²", "x" * 300, "x" * 5000,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-02-30T00:00:00Z",
)  # fmt: skip
VALUES: Sequence[Any] = (
    *TEXTS, None, True, False, 0, -1, 1, 2**31, 2**32, 2**53, 2**63, 2**64, -(2**63),
    10**40, 0.5, -0.0, 1e308, [], {}, [[]], [None] * 100, {"type": "chat"}, {"": ""},
)  # fmt: skip

# `{}` is one of the ids. Of what a route reads, so that the wrong is beside the right.
ROUTES: Sequence[tuple[str, str, Sequence[str]]] = (
    ("GET", "/healthz", ()),
    ("GET", "/metrics", ()),
    ("GET", "/assets/{}", ()),
    ("POST", "/api/calls/start", ()),
    ("POST", "/api/calls/match/{}", ()),
    ("POST", "/api/calls/end/{}", ()),
    ("GET", "/api/calls/status/{}", ()),
    ("GET", "/api/calls/stats", ()),
    ("GET", "/api/calls/waiting", ()),
    ("GET", "/api/customers/search", ("query", "limit")),
    ("GET", "/api/customers/{}", ()),
    (
        "GET",
        "/api/sessions",
        ("q", "agent", "customer", "outcome", "state", "from", "to", "before", "limit"),
    ),
    ("GET", "/api/sessions/{}", ("partials",)),
    ("POST", "/api/sessions/{}/wrap-up", ()),
    ("POST", "/api/calls/{}/invite", ()),
    ("POST", "/auth/invite", ()),
    ("GET", "/auth/me", ()),
    ("GET", "/nothing", ()),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "X")
GOOD = {
    "limit": "10", "partials": "0", "state": "ended", "from": "2025-03-01T00:00:00Z",
    "to": "2099-03-01T00:00:00Z", "query": "ada", "q": "card",
}  # fmt: skip
HEADERS: Sequence[tuple[str, str]] = (
    ("Origin", "https://evil.example"), ("Origin", "null"), ("Accept-Encoding", "gzip"),
    ("Content-Type", "text/xml"), ("Transfer_Encoding", "chunked"), ("Content_Length", "5"),
    ("Content_Length", "-1"), ("Expect", "100-continue"), ("Connection", "close"),
    ("Connection", "Upgrade"), ("Upgrade", "h2c"), ("Upgrade", "websocket"),
    ("X_Forwarded_For", "10.0.0.1"), ("Range", "bytes=0-"), ("Cookie", "x=" + "y" * 3000),
    ("If_None_Match", "*"), ("Host", "evil.example"), ("Accept", "\xff\xfe"),
)  # fmt: skip


class Nonsense:
    def __init__(self, seed: int, ids: Sequence[str] = ()) -> None:
        """`ids` are of calls that there are."""
        self.random = Random(seed)
        self.ids = list(ids)

    def _id(self) -> str:
        if self.ids and self.random.random() < 0.6:
            return self.random.choice(self.ids)
        return self.random.choice(TEXTS)

    # ------------------------------------------------------------------ requests

    def request(self) -> bytes:
        """One HTTP request, most often whole."""
        random = self.random
        method, path, known = random.choice(ROUTES)
        if random.random() < 0.1:
            method = random.choice(METHODS)
        target = path.replace("{}", quote(self._id(), safe=random.choice(["", "/", "%"])))
        query = [self._parameter(name) for name in known if random.random() < 0.4]
        if random.random() < 0.1:
            query.append(self._parameter(random.choice(["x", "limit", ""])))
        if query:
            target += "?" + "&".join(query)
        body = self._body() if method == "POST" else b""
        headers = dict(
            random.choice(HEADERS) for _ in range(random.choice([0, 0, 0, 1, 2]))
        )
        host = headers.pop("Host", "127.0.0.1")
        made = request(method, target.replace(" ", "+"), body, host, **headers)
        return made if random.random() < 0.7 else self.damaged(made)

    def _parameter(self, name: str) -> str:
        if self.random.random() < 0.5:
            return f"{name}={quote(GOOD.get(name, self._id()))}"
        return f"{name}={quote(self.random.choice(TEXTS))}"

    def _body(self) -> bytes:
        random = self.random
        wishes: Sequence[dict[str, Any]] = (
            {"role": "customer", "name": "Ada", "reason": "a card", "phone": "+49 30 1"},
            {"role": "agent", "name": "Ann", "call_id": self._id()},
            {"code": self._id()},
            {"outcome": "resolved", "summary": "It was found."},
            {},
        )
        return json.dumps(self.changed(random.choice(wishes))).encode()

    def upgrade(self) -> bytes:
        """The request that opens a socket."""
        random = self.random
        path = random.choice(["/ws/call/{}", "/ws/agent", "/ws/{}"])
        headers = dict(random.choice(HEADERS) for _ in range(random.choice([0, 0, 1, 2])))
        host = headers.pop("Host", "127.0.0.1")
        made = handshake(path.replace("{}", quote(self._id(), safe="")), host, **headers)
        return made if random.random() < 0.5 else self.damaged(made)

    # ------------------------------------------------------------------ socket messages

    def message(self) -> bytes:
        """One or a few frames of a call's socket."""
        make: Callable[[], bytes] = self.random.choices(
            [lambda: frame(TEXT, self.text()), self._sound, self._odd_frame], [5, 5, 1]
        )[0]
        made = make()
        return made if self.random.random() < 0.8 else self.damaged(made)

    def text(self) -> bytes:
        """JSON of one message of a call's socket, or of an agent's."""
        kinds = ClientMessage if self.random.random() < 0.8 else AgentMessage
        kind: type[msgspec.Struct] = self.random.choice(get_args(kinds))
        fields: dict[str, Any] = {"type": kind.__struct_config__.tag}
        for field in msgspec.structs.fields(kind):
            if field.required or self.random.random() < 0.5:
                fields[field.encode_name] = self._value(field.name)
        return json.dumps(self.changed(fields)).encode()

    def _value(self, name: str) -> Any:
        good: dict[str, Any] = {
            "role": self.random.choice(["agent", "customer"]),
            "state": self.random.choice(["available", "away", "off"]),
            "on": self.random.random() < 0.5,
            "verdict": "used",
            "last_seq": 0,
            "audio": {"codec": "pcm_s16le", "rate": 16_000},
        }
        return good.get(name, self._id())

    def _sound(self) -> bytes:
        random = self.random
        seq = random.choice([0, 1, random.randrange(200), 2**31, 2**32 - 1])
        t_ms = random.choice([seq * 20 % 2**32, 0, random.randrange(2**32)])
        if random.random() < 0.5:
            payload = bytes(random.choice([0, 1, 2, 160, 320, 640, 1920, 32_000, 96_000]))
        else:
            at = random.randrange(len(WEBM))
            payload = WEBM[at : at + random.randrange(1, 8000)]
            payload = payload if random.random() < 0.5 else self.damaged(payload)
        return frame(2, HEADER.pack(seq, t_ms) + payload)

    def _odd_frame(self) -> bytes:
        random = self.random
        close = struct.pack(">H", random.choice([1000, 1001, 999, 5000, 0])) + b"bye"
        return random.choice([
            frame(PING, bytes(random.randrange(126))),
            frame(PING, bytes(200)),
            frame(10, b"unasked"),
            frame(CONT, b"of nothing"),
            frame(TEXT, b"begun", fin=False),
            frame(2, b"begun", fin=False) + frame(CONT, b"", fin=False) * 20,
            frame(TEXT, b"\xff\xfe"),
            frame(TEXT, b"[" * 3000),
            frame(3, b"reserved"),
            frame(CLOSE, random.choice([b"", b"\x03", close, close + b"\xff"])),
            struct.pack(">BBQ", 0x82, 0x80 | 127, 2**40) + bytes(4),
            b"\x82\x05naked",
        ])  # fmt: skip

    # ------------------------------------------------------------------ damage

    def changed(self, fields: dict[str, Any]) -> Any:
        """Half of the time as it is; else with a value, a name or a kind that is wrong."""
        random = self.random
        fields = dict(fields)
        choice = random.randrange(10)
        if choice < 5 or (not fields and choice < 9):
            return fields
        if choice < 8:
            fields[random.choice(list(fields))] = random.choice(VALUES)
        elif choice == 8:
            fields.pop(random.choice(list(fields)))
        else:
            fields[str(random.choice(TEXTS))] = random.choice(VALUES)
        return fields if random.random() < 0.9 else random.choice(VALUES)

    def damaged(self, data: bytes) -> bytes:
        """Bytes flipped, cut, doubled, taken out or put in."""
        random, made = self.random, bytearray(data)
        for _ in range(random.choice([1, 1, 2, 5])):
            at = random.randrange(len(made) + 1)
            to = at + random.randrange(1, 20)
            kind = random.randrange(6)
            if kind == 0:
                del made[at:]
            elif kind == 1:
                del made[at:to]
            elif kind == 2:
                made[at:at] = made[at:to]
            elif kind == 3:
                made[at:at] = random.randbytes(random.randrange(1, 9))
            elif kind == 4:
                made[at:at] = random.choice([b"\r\n", b"\0", b"\xff", b"\r\n\r\n", b": "])
            elif made:
                made[at % len(made)] ^= 1 << random.randrange(8)
        return bytes(made)
