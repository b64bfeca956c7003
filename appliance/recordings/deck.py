"""What records one call, on the event loop: sound goes in, and jobs for the writer out."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from appliance.messages import Role
from appliance.recordings.spans import PER_MS, Mark, SpanKind
from appliance.recordings.tape import Piece, Tape
from appliance.recordings.writer import Job, Note, Silence, Write


class Deck:
    """Of a call of which nothing is recorded nothing is written either."""

    def __init__(self, folder: Path, put: Callable[[Job], None], *, on: bool) -> None:
        self.folder = folder
        self.on = on
        self.began = False  # something of the call is to be kept
        self.tracks: dict[Role, Track] = {}
        self.silenced: list[Mark] = []  # also where the disk has refused it
        self._put = put
        self._early: list[Note] = []  # what was noted before that

    def track(self, role: Role, offset_ms: int) -> "Track":
        """For a leg whose first sample is at this call time."""
        made = self.tracks[role] = Track(self, role, offset_ms)
        return made

    def switch(self, *, on: bool) -> None:
        """Record from here on, or no more."""
        self.on = on
        for track in self.tracks.values():
            track.switch(on=on)

    def finish(self) -> None:
        """Nobody says anything more."""
        for track in self.tracks.values():
            track.finish()

    def write(self, role: Role, piece: Piece) -> None:
        if not self.began:
            self.began = True
            for note in self._early:
                self._put(note)
            self._early.clear()
        self._put(Write(self.folder, role, piece))

    def silence(self, mark: Mark) -> None:
        """Take out what is marked so."""
        self.silenced.append(mark)
        if self.began:
            self._put(Silence(self.folder, mark))
        self.note(mark)

    def note(self, mark: Mark) -> None:
        note = Note(self.folder, mark)
        if self.began:
            self._put(note)
        else:
            self._early.append(note)


class Track:
    """One leg of the call. Times are call time in ms."""

    def __init__(self, deck: Deck, role: Role, offset_ms: int) -> None:
        self._deck, self._role = deck, role
        self._tape = Tape(offset_ms * PER_MS, on=deck.on)
        self._off_from = self._tape.at
        self._note("leg", self._tape.at)
        if not deck.on:
            self._note("off", self._off_from)

    def take(self, pcm: bytes) -> None:
        """The next s16le at 16 kHz; silence for what is not to be kept."""
        for piece in self._tape.take(pcm):
            self._deck.write(self._role, piece)

    def mark(self, kind: SpanKind, start_ms: int, end_ms: int | None = None) -> None:
        """Without an end it goes on; a later mark of the same start ends it."""
        end = None if end_ms is None else end_ms * PER_MS
        self._note(kind, start_ms * PER_MS, end)

    def silence(self, start_ms: int, end_ms: int) -> None:
        """Take out what was said there."""
        start, end = start_ms * PER_MS, min(end_ms * PER_MS, self._tape.at)
        if end <= start:
            return
        self._tape.silence(start, end)
        self._deck.silence(Mark(role=self._role, kind="silenced", start=start, end=end))

    def switch(self, *, on: bool) -> None:
        if on == self._tape.on:
            return
        for piece in self._tape.switch(on=on):
            self._deck.write(self._role, piece)
        if on:
            self._note("off", self._off_from, self._tape.at)
        else:
            self._off_from = self._tape.at
            self._note("off", self._off_from)

    def finish(self) -> None:
        for piece in self._tape.rest():
            self._deck.write(self._role, piece)
        self._note("leg", self._tape.start, self._tape.at)

    def _note(
        self, kind: SpanKind | Literal["leg"], start: int, end: int | None = None
    ) -> None:
        self._deck.note(Mark(role=self._role, kind=kind, start=start, end=end))
