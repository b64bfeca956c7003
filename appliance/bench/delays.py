"""How late what an agent was told came. Call times in ms or s, delays in s."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from appliance.bench.reference import Turn, words_of
from appliance.messages import AiSuggestion, Role, Transcript
from appliance.replay.client import Told

# A final belongs to a turn if they share this much time.
OVERLAP_S = 0.2


def live_text(told: Sequence[Told], role: Role) -> str:
    """All finals of one person, in the order they were spoken."""
    finals = [
        t.message
        for t in told
        if isinstance(t.message, Transcript)
        and t.message.is_final
        and t.message.speaker == role
    ]
    return " ".join(final.text for final in sorted(finals, key=lambda f: f.start_ms))


def final_delays(
    told: Sequence[Told], role: Role, turns: Iterable[Turn]
) -> list[float | None]:
    """For each scored turn: from the end of its audio to the last of its finals; None if
    there was none."""
    finals = [
        (t.received_ms / 1000, t.message)
        for t in told
        if isinstance(t.message, Transcript)
        and t.message.is_final
        and t.message.text
        and t.message.speaker == role
    ]
    delays: list[float | None] = []
    for turn in turns:
        if not turn.scored:
            continue
        wanted = min(OVERLAP_S, (turn.end - turn.start) / 2)
        mine = [
            at
            for at, final in finals
            if min(turn.end, final.end_ms / 1000) - max(turn.start, final.start_ms / 1000)
            >= wanted
        ]
        delays.append(max(mine) - turn.end if mine else None)
    return delays


def partial_delays(told: Sequence[Told], from_ms: float, to_ms: float) -> list[float]:
    """For each word of each final that was spoken in this time: from its end to the first
    text that had it there."""
    texts: dict[str, list[tuple[float, list[str]]]] = defaultdict(list)
    delays = []
    for t in told:
        message = t.message
        if not isinstance(message, Transcript):
            continue
        texts[message.id].append((t.received_ms, words_of(message.text)))
        if not message.is_final:
            continue
        for place, word in enumerate(message.words):
            spoken = words_of(word.text)
            if len(spoken) != 1 or not from_ms <= word.end_ms < to_ms:
                continue  # a number that normalises to something else; not measured
            near = range(max(0, place - 1), place + 2)
            seen = next(
                at
                for at, words in [*texts[message.id], (t.received_ms, spoken * (place + 2))]
                if any(n < len(words) and words[n] == spoken[0] for n in near)
            )
            delays.append((seen - word.end_ms) / 1000)
    return delays


class Advice(Struct):
    """What became of the advice on each final of the customer."""

    first_s: list[float] = field(default_factory=list)  # final to first word
    whole_s: list[float] = field(default_factory=list)
    by_end: dict[str, int] = field(default_factory=dict)  # done, superseded, ...
    unparsed: int = 0
    unanswered: int = 0

    def hear(self, told: Sequence[Told], from_ms: float, to_ms: float) -> None:
        """Count the advice on finals that came in this time."""
        finals: dict[str, float] = {}
        first: set[str] = set()
        answered: set[str] = set()
        for t in told:
            message = t.message
            if isinstance(message, Transcript):
                mine = message.speaker == "customer" and message.text and message.is_final
                if mine and from_ms <= t.received_ms < to_ms:
                    finals[message.id] = t.received_ms
            elif isinstance(message, AiSuggestion) and message.answers in finals:
                since_s = (t.received_ms - finals[message.answers]) / 1000
                if message.suggestion and message.id not in first:
                    first.add(message.id)
                    self.first_s.append(since_s)
                if message.is_final:
                    answered.add(message.answers)
                    self._finished(message, since_s)
        self.unanswered += len(finals.keys() - answered)

    def add(self, other: "Advice") -> None:
        self.first_s += other.first_s
        self.whole_s += other.whole_s
        self.unparsed += other.unparsed
        self.unanswered += other.unanswered
        for end, count in other.by_end.items():
            self.by_end[end] = self.by_end.get(end, 0) + count

    def _finished(self, message: AiSuggestion, since_s: float) -> None:
        self.by_end[message.status] = self.by_end.get(message.status, 0) + 1
        if message.status == "done":
            self.unparsed += not (message.action and message.reasoning)
            self.whole_s.append(since_s)
