"""A replay as lines of text, for a pipe, a log or a terminal that cannot redraw."""

from appliance.messages import (
    AiSuggestion,
    Alert,
    Customer,
    ErrorSent,
    Gap,
    ServerMessage,
    Status,
    Transcript,
)


def clock(ms: int) -> str:
    """Call time as minutes and seconds."""
    return f"{ms // 60_000:02}:{ms // 1000 % 60:02}"


def plain_line(message: ServerMessage) -> str | None:
    """What this message adds for good, or None: partials come and go unseen."""
    match message:
        case Transcript(is_final=True) if message.text or message.failed:
            text = "(not understood)" if message.failed else message.text
            return f"{clock(message.start_ms)} {message.speaker:>8}: {text}"
        case AiSuggestion(is_final=True):
            return _advice(message)
        case Gap():
            seconds = (message.end_ms - message.start_ms) / 1000
            return (
                f"{clock(message.start_ms)} {message.speaker:>8}: "
                f"({seconds:.1f} s of audio {message.reason})"
            )
        case Customer(card=card) if card is not None:
            return f"{'customer':>14}: {card.name}, {card.id} ({message.source})"
        case Alert():
            return f"{'alert':>14}: {message.text}"
        case Status():
            return f"{'-':>14}: {message.part} {message.state}. {message.text}".rstrip(" .")
        case ErrorSent():
            return f"{'!':>14}: {message.problem} {message.fix}"
        case _:
            return None


def _advice(advice: AiSuggestion) -> str | None:
    if advice.status == "superseded":
        return None  # newer advice on a newer turn follows
    how = "" if advice.status == "done" else f", {advice.status}"
    label = f"[{advice.action} {advice.confidence:.0%}{how}] " if advice.action else ""
    return f"{'advice':>14}: {label}{advice.suggestion or '(nothing to say)'}"
