"""What the agent sees of a call: messages folded into lines, advice and states."""

from dataclasses import dataclass, field

from appliance.messages import (
    ROLES,
    Ack,
    AiSuggestion,
    Alert,
    ChatLine,
    Checklist,
    Customer,
    ErrorSent,
    Gap,
    Hello,
    Partner,
    Recording,
    Role,
    Sentiment,
    ServerMessage,
    Status,
    Summary,
    Supervised,
    Transcript,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One turn, in words that may still change unless `is_final`."""

    speaker: Role
    text: str
    start_ms: int
    is_final: bool
    is_note: bool = False  # about the call, not said in it


@dataclass(frozen=True, slots=True)
class State:
    """How one part of the box is doing."""

    state: str
    text: str = ""
    lag_ms: int = 0


@dataclass(slots=True)
class Conversation:
    """Fold messages in with `apply`; read the rest. No clock, no terminal."""

    lines_by_id: dict[str, Line] = field(default_factory=dict)
    advice_by_id: dict[str, AiSuggestion] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)  # by part
    people: dict[Role, str] = field(default_factory=dict)
    problems: list[ErrorSent] = field(default_factory=list)

    def apply(self, message: ServerMessage) -> None:
        match message:
            case Hello() | Partner():
                self._meet(message)
            case Transcript() | ChatLine() | Gap():
                self._write(message)
            case AiSuggestion():
                self.advice_by_id[message.id] = message
            case Status():
                self.states[message.part] = State(
                    message.state, message.text, message.lag_ms
                )
            case ErrorSent():
                self.problems.append(message)
            case (
                Sentiment()
                | Alert()
                | Checklist()
                | Customer()
                | Summary()
                | Recording()
                | Supervised()
                | Ack()
            ):
                pass  # for the browser, and about the audio

    def lines(self) -> list[Line]:
        """In the order they were spoken, not the order they arrived in."""
        return sorted(self.lines_by_id.values(), key=lambda line: line.start_ms)

    def advice(self) -> list[AiSuggestion]:
        """Oldest first."""
        return list(self.advice_by_id.values())

    def state_of(self, part: str) -> State:
        return self.states.get(part, State(""))

    @property
    def lag_ms(self) -> int:
        return max((status.lag_ms for status in self.states.values()), default=0)

    def _meet(self, hello: Hello | Partner) -> None:
        if isinstance(hello, Partner):
            self.people[hello.role] = hello.event
            return
        for role in ROLES:
            if role == hello.role or hello.partner is not None:
                self.people[role] = "joined"
        self.states["speech"] = State(hello.speech)
        self.states["suggestions"] = State(hello.suggestions)

    def _write(self, message: Transcript | ChatLine | Gap) -> None:
        match message:
            case Transcript(is_final=True, text="", failed=False):
                self.lines_by_id.pop(message.id, None)
            case Transcript():
                self.lines_by_id[message.id] = Line(
                    speaker=message.speaker,
                    text="(not understood)" if message.failed else message.text,
                    start_ms=message.start_ms,
                    is_final=message.is_final,
                    is_note=message.failed,
                )
            case ChatLine():
                self.lines_by_id[f"chat {message.id}"] = Line(
                    speaker=message.speaker,
                    text=message.text,
                    start_ms=message.at_ms,
                    is_final=True,
                )
            case Gap():
                seconds = (message.end_ms - message.start_ms) / 1000
                self.lines_by_id[f"gap {message.speaker} {message.start_ms}"] = Line(
                    speaker=message.speaker,
                    text=f"({seconds:.1f} s of audio {message.reason})",
                    start_ms=message.start_ms,
                    is_final=True,
                    is_note=True,
                )
