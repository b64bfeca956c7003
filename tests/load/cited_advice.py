"""What the model makes of an article: `python -m tests.load.cited_advice [GGUF]`.

Questions on the articles of the built-in calls, each asked with the passage that answers
it. An answer counts if it has one of the words that only the passage's answer has, and none
of those that make it wrong. All are printed: fifteen are to be read rather than counted.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from appliance.assistant.engine import AdviceEngine, build
from appliance.assistant.port import (
    AdviceDelta,
    Ask,
    EngineConfig,
    Forget,
    Line,
    pack,
    unpack_delta,
)
from appliance.knowledge.reading import read_file
from appliance.models.resolve import resolve
from appliance.replay.samples import ARTICLES
from appliance.settings import read_settings
from appliance.workers.port import Refusal


class Question(NamedTuple):
    article: str
    passage: int
    said: tuple[str, ...]  # the customer last
    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()


HELP = "Thank you for calling, how can I help?"

QUESTIONS = (
    Question("lost-card", 1, (HELP, "Hi, I lost my bank card."), ("block",)),
    Question(
        "lost-card",
        1,
        (
            HELP,
            "My card was stolen this morning.",
            "I am sorry, it is blocked now.",
            "And how do I get a new one?",
        ),
        ("five", "address", "order"),
        ("ten", "two"),
    ),
    Question(
        "lost-card",
        1,
        ("Your card is blocked.", "Will I get a new PIN with the new card?"),
        ("same", "stay", "not get a new"),
    ),
    Question(
        "lost-card",
        2,
        ("I have blocked the card.", "I think I found it again, can you unblock it?"),
        ("stays", "cut", "cannot", "throw"),
        ("can unblock", "will unblock"),
    ),
    Question(
        "parcel-not-received",
        1,
        (HELP, "It says my parcel was delivered but there is nothing here."),
        ("order number", "driver", "neighbour"),
    ),
    Question(
        "parcel-not-received",
        1,
        (
            "The driver has no photo and no signature, and your neighbours do not have it.",
            "So what happens now?",
        ),
        ("replacement", "refund"),
    ),
    Question(
        "parcel-not-received",
        2,
        ("I can send you a replacement.", "How long does that take?"),
        ("two days",),
        ("five",),
    ),
    Question(
        "parcel-not-received",
        2,
        ("Then I will refund it.", "When will I have the money?"),
        ("five",),
        ("two",),
    ),
    Question(
        "roaming-charges",
        0,
        (HELP, "Why is there a data charge on my bill from when I was in Turkey?"),
        ("roaming", "outside", "pass", "plan"),
        ("not charged",),
    ),
    Question(
        "roaming-charges",
        1,
        ("That is roaming, it was your first.", "Can you take that off my bill?"),
        ("reduce", "price", "courtesy", "pass"),
        ("cannot",),
    ),
    Question(
        "roaming-charges",
        2,
        ("I have reduced it for you.", "How can I stop that from happening again?"),
        ("block", "pass"),
        ("cannot",),
    ),
    Question(
        "overdraft-fee", 0, (HELP, "How much is it if I overdraw my account?"), ("35",)
    ),
    Question(
        "overdraft-fee",
        1,
        (
            "It is an overdraft fee.",
            "It's my first one in years, can I have it back?",
        ),
        ("refund",),
        ("supervisor",),
    ),
    Question(
        "overdraft-fee",
        1,
        ("This is the third one this year.", "I want that fee back!"),
        ("supervisor",),
    ),
    Question(
        "overdraft-fee",
        0,
        (HELP, "I was charged a fee though I was only 3 dollars short."),
        ("nothing", "less than", "not charged"),
    ),
)


def advice(engine: AdviceEngine, number: int, asked: Question, text: str) -> AdviceDelta:
    count = len(asked.said)
    lines = tuple(
        Line("customer" if (count - place) % 2 else "agent", said)
        for place, said in enumerate(asked.said)
    )
    call = str(number)
    engine.submit(
        2 * number, pack(Ask(call_id=call, first=0, lines=lines, passages=(text,)))
    )
    written = AdviceDelta()
    while not engine.idle():
        for reply in engine.step():
            if isinstance(reply, Refusal):
                raise SystemExit(reply.problem)
            written = unpack_delta(reply.payload)
    engine.submit(2 * number + 1, pack(Forget(call_id=call)))
    engine.step()
    return written


def main() -> None:
    settings = read_settings()
    given = sys.argv[1] if len(sys.argv) > 1 else settings.advice.model
    path = resolve(Path(settings.models.dir).expanduser(), given, "language").path
    engine = build(pack(EngineConfig(model=str(path), max_calls=2)))
    articles = {a.id: a for file in ARTICLES.glob("*.md") for a in read_file(file)}
    good = 0
    for number, asked in enumerate(QUESTIONS):
        passage = articles[asked.article].passages[asked.passage]
        written = advice(engine, number, asked, passage.text)
        said = written.suggestion.lower()
        right = any(word in said for word in asked.right)
        right = right and not any(word in said for word in asked.wrong)
        good += right
        print(f"{'right' if right else '     '} {asked.said[-1]}")
        print(f"      {written.action}: {written.suggestion} ({written.reasoning})")
    print(f"{good} of {len(QUESTIONS)} say what the passage says")


if __name__ == "__main__":
    main()
