"""A course of rules, and the lines that are said in it."""

from appliance.messages import Alert, ChatLine, Checklist, Role, Transcript
from appliance.rules.book import Book, Item, Rule
from appliance.rules.course import Course, Told
from appliance.rules.rulebook import Rulebook

NOTICE = Rule(
    name="notice",
    any=("recording NEAR/5 call",),
    deadline_s=30,
    tick="notice",
    alert=("agent",),
    text="Say it.",
)
BOOK = Book(items=(Item(id="notice", text="Say it", weight=3),), rules=(NOTICE,))


def course(book: Book = BOOK) -> Course:
    """Both are connected at 0."""
    made = Course(Rulebook(book))
    made.arrived("agent", 0)
    made.arrived("customer", 0)
    return made


def line(
    text: str, start_ms: int, speaker: Role = "agent", length_ms: int = 2000
) -> Transcript:
    return Transcript(
        id=f"{speaker}-{start_ms}",
        speaker=speaker,
        text=text,
        is_final=True,
        start_ms=start_ms,
        end_ms=start_ms + length_ms,
    )


def typed(text: str, at_ms: int, speaker: Role = "agent") -> ChatLine:
    return ChatLine(id=f"chat-{at_ms}", speaker=speaker, text=text, at_ms=at_ms)


def alerts(told: list[Told]) -> list[tuple[str, str]]:
    return [(one.rule, one.state) for one in told if isinstance(one, Alert)]


def states(told: list[Told]) -> dict[str, str]:
    """Of the newest checklist."""
    lists = [one for one in told if isinstance(one, Checklist)]
    return {item.id: item.state for item in lists[-1].items} if lists else {}
