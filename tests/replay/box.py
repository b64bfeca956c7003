"""A small stand-in for the server: real sockets, the real wire format, no models.

It says what it hears: each second of a person's audio becomes a partial, then a final, and
each final of the customer becomes advice.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from appliance.audio.wire import encode_frame, parse_frame
from appliance.messages import (
    ROLES,
    Ack,
    AiSuggestion,
    AudioFormat,
    ErrorSent,
    Hello,
    Partner,
    Role,
    Sent,
    Status,
    Transcript,
    encode,
    partner_of,
)
from appliance.received import ClientHello, Hangup, Resume, decode_from_client


@dataclass
class Leg:
    """What the box has from one person."""

    audio: AudioFormat = field(default_factory=AudioFormat)
    heard: list[bytes] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    repeats: int = 0
    next_seq: int = 0
    socket: WebSocket | None = None
    first_messages: list[str] = field(default_factory=list)


@dataclass
class Box:
    """One call. Set the knobs before the replay starts."""

    cut_at: dict[tuple[Role, int], str] = field(default_factory=dict)  # frame -> how
    refuse: ErrorSent | None = None
    advise: bool = True
    leave_open: bool = False  # never finish the last turn

    legs: dict[Role, Leg] = field(default_factory=lambda: {role: Leg() for role in ROLES})
    starts: list[dict[str, str]] = field(default_factory=list)
    epoch: int = 1
    seq: int = 0
    sent: list[tuple[int, Role, bytes]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/healthz", self.healthz),
                Route("/api/calls/start", self.start, methods=["POST"]),
                WebSocketRoute("/ws/call/{call_id}", self.call),
            ]
        )

    async def healthz(self, _: Request) -> Response:
        return JSONResponse({"ok": True})

    async def start(self, request: Request) -> Response:
        wish = await request.json()
        self.starts.append(wish)
        if self.refuse is not None:
            return Response(encode(self.refuse), 409)
        status = "matched" if "call_id" in wish else "waiting"
        answer = {"call_id": "c1", "role": wish["role"], "status": status}
        return JSONResponse(answer | {"socket": "/ws/call/c1"}, 201)

    async def call(self, websocket: WebSocket) -> None:
        await websocket.accept()
        text = await websocket.receive_text()
        first = decode_from_client(text)
        assert isinstance(first, ClientHello | Resume)
        leg = self.legs[first.role]
        leg.first_messages.append(text)
        leg.audio, leg.socket = first.audio, websocket
        await self.greet(first, leg)
        with suppress(WebSocketDisconnect):
            await self.listen(first.role, leg, websocket)
        if leg.socket is websocket:
            leg.socket = None

    async def greet(self, first: ClientHello | Resume, leg: Leg) -> None:
        other = self.legs[partner_of(first.role)]
        hello = Hello(
            call_id="c1",
            role=first.role,
            epoch=str(self.epoch),
            last_seq=self.seq,
            next_audio_seq=leg.next_seq,
            partner=partner_of(first.role) if other.socket else None,
        )
        assert leg.socket is not None
        await leg.socket.send_text(encode(hello).decode())
        if isinstance(first, Resume) and first.epoch == str(self.epoch):
            for seq, role, missed in self.sent:
                if seq > first.last_seq and role == first.role:
                    await leg.socket.send_text(missed.decode())
        await self.tell(partner_of(first.role), Partner(role=first.role, event="joined"))

    async def listen(self, role: Role, leg: Leg, websocket: WebSocket) -> None:
        while True:
            got = await websocket.receive()
            if got["type"] == "websocket.disconnect":
                return
            if (data := got.get("bytes")) is not None:
                await self.take(role, leg, data)
                how = self.cut_at.pop((role, leg.next_seq), None)
                if how is not None:
                    if how == "restart":
                        self.epoch += 1
                        self.seq = leg.next_seq = 0
                    leg.socket = None
                    await websocket.close(1012)
                    return
            elif isinstance(decode_from_client(got["text"]), Hangup):
                for everyone in ROLES:
                    await self.tell(everyone, Status(part="call", state="ended", text=""))

    async def take(self, role: Role, leg: Leg, data: bytes) -> None:
        frame = parse_frame(data, leg.audio)
        if frame.seq < leg.next_seq:
            leg.repeats += 1
            return
        assert frame.seq == leg.next_seq, "a hole"
        leg.next_seq += 1
        leg.heard.append(frame.payload)
        leg.times.append(frame.t_ms)
        if frame.seq % 5 == 4:
            await self.tell(role, Ack(audio_seq=frame.seq))
        other = self.legs[partner_of(role)].socket
        if other is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await other.send_bytes(encode_frame(frame.seq, frame.t_ms, bytes(640)))
        if len(leg.heard) % 50 == 0:
            await self.say(role, len(leg.heard) * 20)

    async def say(self, role: Role, ms: int) -> None:
        name = f"{role}-{ms}"
        words = Transcript(
            id=name, speaker=role, text="wor", is_final=False, start_ms=ms - 1000, end_ms=ms
        )
        await self.tell("agent", words)
        if not self.leave_open:
            final = msgspec.structs.replace(words, text=f"words {ms}", is_final=True)
            await self.tell("agent", final)
        if role == "customer" and self.advise:
            advice = AiSuggestion(
                id=f"a-{ms}",
                answers=name,
                action="answer",
                suggestion="Say so.",
                reasoning="",
                confidence=0.5,
                is_final=True,
                status="done",
            )
            await self.tell("agent", advice)

    async def tell(self, role: Role, message: Sent) -> None:
        if not isinstance(message, Ack):
            self.seq += 1
            message = msgspec.structs.replace(message, seq=self.seq)
            self.sent.append((self.seq, role, encode(message)))
        websocket = self.legs[role].socket
        if websocket is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await websocket.send_text(encode(message).decode())


@contextmanager
def serving(box: Box) -> Iterator[str]:
    """The box behind a real port, in a thread of its own."""
    config = uvicorn.Config(
        box.app(), log_level="warning", ws="websockets-sansio", lifespan="off"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
