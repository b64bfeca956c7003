"""Tell when the box has said everything it has to say about a call."""

from appliance.messages import AiSuggestion, ServerMessage, Status, Transcript

QUIET_S = 2.0


class Settled:
    """Watches the agent's messages. Times are seconds of the caller's clock."""

    def __init__(self) -> None:
        self._open_turns: set[str] = set()  # a partial was shown, no final yet
        self._open_advice: set[str] = set()  # still being written
        # Parts of the box that say themselves that something is still to come: words that
        # were not decoded yet, advice on what was said while its model was away.
        self._behind: set[str] = set()
        self._newest_s = 0.0

    def hear(self, message: ServerMessage, now_s: float) -> None:
        match message:
            case Transcript():
                self._mark(self._open_turns, message.id, done=message.is_final)
            case AiSuggestion():
                self._mark(self._open_advice, message.id, done=message.is_final)
            case Status(part="speech" | "suggestions"):
                behind = message.state in ("degraded", "paused")
                self._mark(self._behind, message.part, done=not behind)
            case _:
                return
        self._newest_s = now_s

    def at(self, now_s: float, *, quiet_s: float = QUIET_S) -> bool:
        """Nothing is half done, and nothing new has begun for `quiet_s`.

        The quiet matters because the first word of advice comes up to a second after the
        final that it answers, with no sign in between.
        """
        half_done = self._open_turns or self._open_advice or self._behind
        return not half_done and now_s - self._newest_s >= quiet_s

    def since(self, now_s: float) -> None:
        """The last audio was sent now: the quiet starts here at the earliest."""
        self._newest_s = max(self._newest_s, now_s)

    @staticmethod
    def _mark(ids: set[str], name: str, *, done: bool) -> None:
        if done:
            ids.discard(name)
        else:
            ids.add(name)
