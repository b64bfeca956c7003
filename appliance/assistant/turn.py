"""When to ask for advice in one call, and what has become stale.

At most one suggestion is live. A customer's final starts one and supersedes the one
before; "okay" while one is being written does not, because what the agent needs then is
still the advice on what was said before it. No clock, no model: finals and deltas come in,
messages for the agent and at most one wish to ask come out.
"""

import re
from typing import NamedTuple

import msgspec

from appliance.assistant.examples import NONE
from appliance.assistant.port import AdviceDelta, Likely
from appliance.messages import AdviceStatus, AiSuggestion, Grounds

# Words that keep a conversation going without adding to it. "Yes" and "no" are not here:
# they answer something, and the advice has to change.
NODS = (
    "okay ok alright right great good perfect lovely thanks thank you very much cheers "
    "sure fine uh huh mhm mm hmm hm um ah oh i see got it "
    "danke gut genau merci bien d accord gracias vale bueno grazie bene obrigado"
)
ACKNOWLEDGEMENTS = frozenset(NODS.split())
ACKNOWLEDGEMENT_WORDS = 4

# From this confidence on, 80 % of labels and more are right: `appliance eval star-actions`.
SILENT = 0.8

# An agent who says less than this may be gaining time until the advice comes.
ANSWER_WORDS = 8

_WORD = re.compile(r"[^\W\d_]+")

PAUSED = "Suggestions are paused: the language model is restarting. The transcript goes on."
NOTHING_KNOWN = "No article of this site answers that."
FAILED = "No suggestion for this turn: the language model could not write one."


def is_acknowledgement(text: str) -> bool:
    words = _WORD.findall(text.lower())
    return 0 < len(words) <= ACKNOWLEDGEMENT_WORDS and ACKNOWLEDGEMENTS.issuperset(words)


def is_silence(action: Likely) -> bool:
    """Whether the model need not even be asked."""
    return action.label == NONE and action.confidence >= SILENT


class Wish(NamedTuple):
    """Ask for this."""

    suggestion_id: str
    question: str  # "" for advice on the newest line
    action: Likely | None = None  # what the site's classifier says


class Told(NamedTuple):
    """What a turn decided."""

    messages: list[AiSuggestion]
    wish: Wish | None = None


class Turns:
    """The suggestions of one call."""

    def __init__(self, *, available: bool = True) -> None:
        self.live: AiSuggestion | None = None  # as last shown
        self.question = ""  # that the live one answers, if the agent asked by hand
        self.action: Likely | None = None  # that the live one is about, if it was told
        self.unanswered: str | None = None  # the newest customer final, if without advice
        self.available = available
        self.noted = False  # whether this outage has been told
        self._count = 0
        self._losses = 0  # of the live suggestion

    # ------------------------------------------------------------------ what people do

    def customer_said(
        self, transcript_id: str, text: str, action: Likely | None = None
    ) -> Told:
        """A final of the customer, with text, and what the site's classifier says to it."""
        if self.live is not None and is_acknowledgement(text):
            return Told([])
        messages = self._close("superseded")
        self.unanswered = transcript_id
        if not self.available:
            return Told(messages + self._note_outage())
        if action is not None and is_silence(action):
            self.unanswered = None
            return Told([*messages, self._silence(transcript_id, action)])
        return Told(messages, self._start("", action))

    def agent_said(self, text: str = "", *, answers: bool = False) -> Told:
        """A final of the agent: late advice on what was before it would only disturb.

        So is advice of which no word is written yet, if the agent `answers`: began to speak
        after the customer had ended, and says more than "one moment, please".
        """
        self.unanswered = None
        live = self.live
        stale = live is not None and bool(live.answers) and not live.suggestion
        if not stale or not answers or len(_WORD.findall(text)) < ANSWER_WORDS:
            return Told([])
        return Told(self._close("superseded"))

    def asked(self, question: str) -> Told:
        """The agent asked by hand. Always answered, if only by saying why not."""
        messages = self._close("superseded")
        if not self.available:
            self.noted = True
            return Told([*messages, self._note(PAUSED, answers="")])
        return Told(messages, self._start(" ".join(question.split()), by_hand=True))

    def stop(self, suggestion_id: str | None = None) -> Told:
        """The agent has seen enough of this suggestion, or of whichever is live."""
        if self.live is None or suggestion_id not in (None, self.live.id):
            return Told([])
        self.unanswered = None
        return Told(self._close("stopped"))

    # ------------------------------------------------------------------ what is known

    def grounded(self, suggestion_id: str, grounds: Grounds) -> Told:
        """What the live one may rest on was looked up. Where that is nothing, and nothing
        is to be shown without, it ends; who asked by hand is told so."""
        if self.live is None or self.live.id != suggestion_id:
            return Told([])
        self.live = msgspec.structs.replace(
            self.live, sources=grounds.sources, trigger=grounds.trigger
        )
        if not grounds.silent:
            return Told([])
        self.unanswered = None
        if not self.live.answers:
            self.live = msgspec.structs.replace(self.live, suggestion=NOTHING_KNOWN)
            return Told(self._close("unavailable"))
        return Told(self._close("done"))

    # ------------------------------------------------------------------ what the model does

    def wrote(self, suggestion_id: str, delta: AdviceDelta) -> Told:
        """The next state of an advice; that of a stale one is dropped."""
        if self.live is None or self.live.id != suggestion_id:
            return Told([])
        self.live = msgspec.structs.replace(
            self.live,
            action=delta.action or NONE,
            suggestion=delta.suggestion,
            reasoning=delta.reasoning,
            confidence=delta.confidence,
        )
        if not delta.done:
            return Told([self.live])
        self.unanswered = None
        return Told(self._close("done"))

    def failed(self, suggestion_id: str) -> Told:
        """The model refused this one. What is written of it stays."""
        if self.live is None or self.live.id != suggestion_id:
            return Told([])
        self.unanswered = None
        if not self.live.suggestion:
            self.live = msgspec.structs.replace(self.live, action=NONE, suggestion=FAILED)
        return Told(self._close("unavailable"))

    def lost(self, suggestion_id: str) -> Told:
        """The model's process died with this one. It is asked for again, once: a turn
        that brings the process down twice is left alone."""
        if self.live is None or self.live.id != suggestion_id:
            return Told([])
        self._losses += 1
        if self._losses > 1:
            return self.failed(suggestion_id)
        if self.live.answers and self.unanswered != self.live.answers:
            return Told(self._close("unavailable"))  # the agent has gone on without it
        if not self.available:
            return Told([])  # asked for again by `set_available`
        return Told([], Wish(self.live.id, self.question, self.action))

    def set_available(self, available: bool) -> Told:
        """The model's process went down or came back."""
        came_back = available and not self.available
        self.available = available
        if not came_back:
            return Told([])
        self.noted = False
        if self.live is not None:
            return Told([], Wish(self.live.id, self.question, self.action))
        if self.unanswered is None:
            return Told([])
        return Told([], self._start(""))

    # ------------------------------------------------------------------ steps

    def _start(
        self, question: str, action: Likely | None = None, *, by_hand: bool = False
    ) -> Wish:
        self._losses = 0
        self.question, self.action = question, action
        self.live = AiSuggestion(
            id=self._next_id(),
            answers="" if by_hand else self.unanswered or "",
            action=NONE,
            suggestion="",
            reasoning="",
            confidence=0.0,
            is_final=False,
            status="streaming",
        )
        return Wish(self.live.id, question, action)

    def _silence(self, answers: str, action: Likely) -> AiSuggestion:
        """For the record: that it was decided to say nothing, and how sure that was."""
        return AiSuggestion(
            id=self._next_id(),
            answers=answers,
            action=action.label,
            suggestion="",
            reasoning="",
            confidence=action.confidence,
            is_final=True,
            status="done",
        )

    def _close(self, status: AdviceStatus) -> list[AiSuggestion]:
        if self.live is None:
            return []
        last = msgspec.structs.replace(self.live, status=status, is_final=True)
        self.live = None
        return [last]

    def _note_outage(self) -> list[AiSuggestion]:
        """Said once in an outage: repeated at every turn it would hide what matters."""
        if self.noted:
            return []
        self.noted = True
        return [self._note(PAUSED, answers=self.unanswered or "")]

    def _note(self, text: str, answers: str) -> AiSuggestion:
        return AiSuggestion(
            id=self._next_id(),
            answers=answers,
            action=NONE,
            suggestion=text,
            reasoning="",
            confidence=0.0,
            is_final=True,
            status="unavailable",
        )

    def _next_id(self) -> str:
        self._count += 1
        return f"a{self._count}"
