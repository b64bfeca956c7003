"""What an agent was told, made up."""

from appliance.messages import AdviceStatus, AiSuggestion, Role, Transcript, Word, encode
from appliance.replay.client import Told


def spoken(
    text: str,
    *,
    at_ms: float,
    start_ms: int = 0,
    end_ms: int = 1000,
    id: str = "c-1",
    speaker: Role = "customer",
    final: bool = True,
) -> Told:
    """A transcript whose words follow each other evenly."""
    spelled = text.split()
    step = (end_ms - start_ms) // max(1, len(spelled))
    words = tuple(
        Word(
            text=word,
            start_ms=start_ms + n * step,
            end_ms=start_ms + (n + 1) * step,
            probability=0.9,
        )
        for n, word in enumerate(spelled)
    )
    message = Transcript(
        id=id,
        speaker=speaker,
        text=text,
        is_final=final,
        start_ms=start_ms,
        end_ms=end_ms,
        words=words if final else (),
    )
    return Told("agent", at_ms, encode(message), message)


def advised(
    text: str,
    *,
    at_ms: float,
    answers: str = "c-1",
    id: str = "advice-1",
    status: AdviceStatus = "streaming",
) -> Told:
    message = AiSuggestion(
        id=id,
        answers=answers,
        action="answer",
        suggestion=text,
        reasoning="because",
        confidence=0.5,
        is_final=status != "streaming",
        status=status,
    )
    return Told("agent", at_ms, encode(message), message)
