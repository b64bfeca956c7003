"""What the language model reads: rules and examples | customer card | the call | the task.

The order keeps what is computed: the first part is the same for every call and read
once, the call only grows at its end, and what is read anew for each advice is the
task, a dozen tokens.

The call is laid out as a chat in which the agent is the assistant, because continuing
such a chat is what the model was trained for: with "Customer: ..." lines in one message
the 0.5B model asked again for what it had just been told in two turns of three.
"""

from collections.abc import Sequence

from msgspec import Struct

from appliance.assistant.examples import ACTIONS, EXAMPLES, NONE, RULES, Example
from appliance.assistant.grammar import Choice, FreeText, Literal, Part
from appliance.assistant.port import Line
from appliance.messages import CustomerCard, Role


# Limits in tokens: at 15 tokens/s, half speed beside a busy speech engine, the longest
# answer takes 2.3 s and the usual one, 20 tokens, 1.4 s.
def form(actions: tuple[str, ...] = ACTIONS) -> tuple[Part, ...]:
    """What is filled in for one advice."""
    return (
        Literal('{"action":"'),
        Choice("action", actions),
        Literal('","suggestion":"'),
        FreeText("suggestion", soft=12, hard=24, empty_after=(NONE,)),
        Literal('","reasoning":"'),
        FreeText("reasoning", soft=5, hard=10),
        Literal('"}'),
    )


FORM = form()

# Tokens that the task and the answer need beside the call's own.
TASK_ROOM = 256

START = "<|im_start|>"
END = "<|im_end|>\n"
NEW_CALL = f"{START}system\nNew call{END}"
ADVISE = "Advise"
ARTICLE = "The rules here say:"
ROLE_NAMES: dict[Role, str] = {"agent": "assistant", "customer": "user"}

# People pause inside a sentence, and each piece is a line. Up to this many characters,
# lines of one speaker are put together again; beyond it a new message begins, so that a
# monologue, too, has places where its beginning can be dropped.
MERGED_CHARACTERS = 400

# A line from a transcriber is at most 15 s of speech, about 300 characters. Longer ones
# are typed; the limit keeps one line from filling the context.
LINE_CHARACTERS = 600
CARD_CHARACTERS = 600
QUESTION_CHARACTERS = 300

# Read anew for each advice, behind the call: 75 tokens, a third of a second on 2 cores.
PASSAGE_CHARACTERS = 320


class Span(Struct, frozen=True):
    """Text for the tokeniser. `control` texts are ours and may hold control tokens; in
    what people said, "<|im_end|>" is five ordinary characters."""

    text: str
    control: bool


def prefix(actions: tuple[str, ...] = ACTIONS) -> list[Span]:
    """Rules and examples: the same for every call. Of the examples, those whose action the
    site has; what its other actions are, the model has to tell from their names."""
    own = "" if actions == ACTIONS else f"\nActions: {', '.join(actions)}."
    text = f"{START}system\n{RULES}{own}{END}"
    for example in (one for one in EXAMPLES if one.action in actions):
        text += NEW_CALL
        for number, said in enumerate(example.said):
            text += f"{START}{'user' if number % 2 else 'assistant'}\n{said}{END}"
        passages = (example.passage,) if example.passage else ()
        text += "".join(span.text for span in task("", passages))
        text += f"{_filled_in(example)}{END}"
    return [Span(text, control=True)]


def _filled_in(example: Example) -> str:
    values = {
        "action": example.action,
        "suggestion": example.suggestion,
        "reasoning": example.reasoning,
    }
    return "".join(
        part.text if isinstance(part, Literal) else values[part.name] for part in FORM
    )


def customer_facts(card: CustomerCard) -> str:
    """What an adviser needs to know of a customer, the most useful first: what does not
    fit into CARD_CHARACTERS is left out at the end. No addresses: they are for nothing that
    may be said, and cost tokens."""
    facts = [f"Name: {card.name}."]
    if card.status:
        facts.append(f"Account: {card.status}.")
    facts += [f"Open ticket {t.number}: {t.subject} ({t.status})." for t in card.tickets]
    facts += [
        f"Order {o.number} of {o.placed or 'unknown date'}: {o.item} ({o.status})."
        for o in card.orders
    ]
    return " ".join(facts + [f"Note: {note.text}" for note in card.notes])


def head(card: str) -> list[Span]:
    """The beginning of one call, with what is known about the customer."""
    if not card.strip():
        return [Span(NEW_CALL, control=True)]
    return [
        Span(f"{START}system\nNew call. What is known about the customer:\n", control=True),
        Span(card.strip()[:CARD_CHARACTERS], control=False),
        Span(END, control=True),
    ]


class Turn(Struct, frozen=True):
    """Lines of one speaker, put together."""

    speaker: Role
    text: str
    first: int  # number of its first line


def turns(lines: Sequence[Line], first: int) -> list[Turn]:
    """The lines, numbered from `first`, as turns. Lines added later change the last turn
    only by making it longer, and those before it not at all."""
    merged: list[Turn] = []
    for number, line in enumerate(lines, first):
        text = " ".join(line.text.split())[-LINE_CHARACTERS:]
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.speaker == line.speaker
            and len(last.text) + len(text) < MERGED_CHARACTERS
        ):
            merged[-1] = Turn(last.speaker, f"{last.text} {text}", last.first)
        else:
            merged.append(Turn(line.speaker, text, number))
    return merged


def turn_spans(turn: Turn) -> list[Span]:
    return [
        Span(f"{START}{ROLE_NAMES[turn.speaker]}\n", control=True),
        Span(turn.text, control=False),
        Span(END, control=True),
    ]


def task(question: str, passages: Sequence[str] = ()) -> list[Span]:
    """What comes after the call and before the answer."""
    known = " ".join(" ".join(passages).split())[:PASSAGE_CHARACTERS]
    asked = " ".join(question.split())[:QUESTION_CHARACTERS]
    spans = [Span(f"{START}system\n", control=True)]
    if known:
        spans += [
            Span(f"{ARTICLE}\n", control=True),
            Span(known, control=False),
            Span("\n", control=True),
        ]
    spans.append(Span(ADVISE, control=True))
    if asked:
        spans += [
            Span(". The agent wants to know: ", control=True),
            Span(asked, control=False),
        ]
    return [*spans, Span(f"{END}{START}assistant\n", control=True)]


def drop(lengths: Sequence[int], limit: int) -> int:
    """How many turns to drop from the front, given their lengths in tokens: none while
    they fit into `limit`, else so many that the rest fills at most three fifths of it.

    Not one by one: each drop moves or recomputes all that stays.
    """
    total = sum(lengths)
    if total <= limit:
        return 0
    dropped = 0
    while dropped < len(lengths) - 1 and total > limit * 3 // 5:
        total -= lengths[dropped]
        dropped += 1
    return dropped


def latest(lines: Sequence[Line]) -> list[str]:
    """The newest turn of each speaker."""
    newest: dict[Role, str] = {turn.speaker: turn.text for turn in turns(lines, 0)}
    return list(newest.values())
