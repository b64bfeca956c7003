"""The recording of one call: what people decide, what is silenced, what they are told."""

from collections.abc import Callable
from datetime import datetime

from appliance.messages import Recording, RecordingState, Role, Sent, Transcript
from appliance.pipeline.unheard import secret_places
from appliance.received import RecordWish
from appliance.recordings.deck import Deck, Track
from appliance.recordings.recorder import Recorder
from appliance.recordings.wanted import Wanted
from appliance.store.event import Consent, Fact


class Recorded:
    def __init__(
        self,
        call_id: str,
        queue: str,
        since: datetime,
        recorder: Recorder,
        tell: Callable[[Sent], None],
        note: Callable[[Fact], None],
    ) -> None:
        """`since` is when the call began, UTC."""
        self._recorder = recorder
        self._wanted = Wanted(recorder.settings.policy(queue))
        self._tell = tell
        self._note = note
        self._told: Recording | None = None
        self.deck: Deck | None = None
        if self._wanted.policy != "never":
            on = self._wanted.on and recorder.takes
            self.deck = recorder.deck(call_id, since.date(), on=on)

    @property
    def state(self) -> RecordingState:
        return self._message().state

    def track(self, role: Role, offset_ms: int) -> Track | None:
        """For a leg whose first sample is at this call time; None: nothing is kept."""
        return self.deck.track(role, offset_ms) if self.deck else None

    def ask(self, role: Role, wish: RecordWish) -> None:
        """Raises ProtocolError where the site has decided."""
        method = "clicked" if role == "customer" else wish.consent
        if self._wanted.ask(on=wish.on):
            self._note(Consent(given=wish.on, by=role, method=method))
        self.tick()

    def tick(self) -> None:
        """Called twice a second: the disk may be full, or have room again."""
        message = self._message()
        if self.deck is not None:
            self.deck.switch(on=message.state == "on")
        if message != self._told and (self._told is not None or message.state != "off"):
            self._told = message
            self._tell(message)

    def heard(self, line: Transcript) -> None:
        """A line as people are told it: what is secret in it is taken out of the sound."""
        if self.deck is None or line.speaker not in self.deck.tracks:
            return
        for start_ms, end_ms in secret_places(line):
            self.deck.tracks[line.speaker].silence(start_ms, end_ms)

    def _message(self) -> Recording:
        room = self._recorder.takes
        return Recording(state=self._wanted.state(room=room), choice=self._wanted.choice)
