"""How much of what each person said could be read, in call time."""

from collections.abc import Mapping, Sequence

from appliance.messages import ROLES, Gap, Role, Transcript
from appliance.rules.book import Speaker

# What is unheard for less than this hides no sentence: a lost frame, a breath.
HIDES_MS = 1000

# Of a call, what may be unheard while one still says of an item that it was not done.
SHARE = 0.1


def roles_of(speaker: Speaker) -> Sequence[Role]:
    return ROLES if speaker == "either" else (speaker,)


class Heard:
    """No clock. Of a person without a microphone everything typed is read."""

    def __init__(self) -> None:
        self._unheard: dict[Role, list[tuple[int, int]]] = {role: [] for role in ROLES}
        self._settled: dict[Role, int | None] = {}
        self._looked_ms = 0

    def miss(self, message: Gap | Transcript) -> None:
        """This was not read."""
        self._unheard[message.speaker].append((message.start_ms, message.end_ms))

    def look(self, now_ms: int, settled: Mapping[Role, int | None]) -> None:
        """Of each microphone, until when all that was said is told; None: nobody listens
        to it now."""
        for role, until in settled.items():
            if until is None and now_ms > self._looked_ms:
                self._stay_deaf(role, now_ms)
        self._settled = dict(settled)
        self._looked_ms = max(self._looked_ms, now_ms)

    def _stay_deaf(self, role: Role, until_ms: int) -> None:
        parts = self._unheard[role]
        from_ms = self._looked_ms
        if parts and parts[-1][1] == from_ms:
            from_ms, _ = parts.pop()
        parts.append((from_ms, until_ms))

    def is_behind(self, speaker: Speaker, until_ms: int) -> bool:
        """Whether something said before `until_ms` may still be on its way."""
        known = [self._settled.get(role) for role in roles_of(speaker)]
        return any(until is not None and until < until_ms for until in known)

    def unheard_ms(self, speaker: Speaker, from_ms: int, to_ms: int) -> int:
        """The longer one, where there are two people."""
        return max(
            _covered(self._unheard[role], from_ms, to_ms) for role in roles_of(speaker)
        )

    def hides(self, speaker: Speaker, from_ms: int, to_ms: int) -> bool:
        """Whether a sentence may have gone unheard in that time."""
        return self.unheard_ms(speaker, from_ms, to_ms) >= HIDES_MS

    def hides_much(self, speaker: Speaker, from_ms: int, to_ms: int) -> bool:
        return self.unheard_ms(speaker, from_ms, to_ms) > SHARE * max(1, to_ms - from_ms)


def _covered(parts: Sequence[tuple[int, int]], from_ms: int, to_ms: int) -> int:
    total, until = 0, from_ms
    for start, end in sorted(parts):
        start, end = max(start, until), min(end, to_ms)
        if end > start:
            total += end - start
            until = end
    return total
