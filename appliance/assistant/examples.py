"""What good advice is, as the language model is told it: rules and examples.

The examples are read once for all calls, so they cost no time while people talk. A small
model takes their phrases over, so each must be one that does no harm in any other call;
and it asks again for what it was just told if many of them ask.
"""

from msgspec import Struct

NONE = "none"
LOOK_UP = "look_up"
ACTIONS = (
    "ask_question",
    LOOK_UP,
    "offer_solution",
    "offer_refund",
    "apologise",
    "escalate",
    "close",
    NONE,
)

RULES = """\
You listen to phone calls between a customer (user) and a call centre agent (assistant). \
When told "Advise", you tell the agent what to say next, as JSON: action, suggestion (the \
agent's next words: one short sentence, in the customer's language), reasoning (a few \
words).
Use only facts from this call and from the rules that you are shown: say what they say on \
it. Never invent names, numbers, dates, prices or rules: ask \
for what is missing, or offer to look it up. Never ask again for what the customer has \
already said."""


class Example(Struct, frozen=True):
    """A call, the agent first, and good advice on its last line."""

    said: tuple[str, ...]
    action: str
    suggestion: str
    reasoning: str
    passage: str = ""  # of an article, that the advice rests on


EXAMPLES = (
    Example(
        (
            "Thank you for calling, how can I help?",
            "Hi, my washing machine is making a terrible noise.",
        ),
        "ask_question",
        "Oh dear. When does it make the noise, and which model is it?",
        "noise is not explained yet",
    ),
    Example(
        (
            "Good morning, how can I help?",
            "I want to change my booking.",
            "Could I take your booking reference?",
            "Yes, it's K L seven.",
        ),
        "look_up",
        "Thank you, one moment, I will open your booking.",
        "customer gave the reference",
    ),
    Example(
        (
            "Hello, how can I help?",
            "I'd like to send flowers to my mother.",
            "Lovely, which flowers would you like?",
            "Roses, I think. White ones.",
        ),
        "ask_question",
        "White roses, very nice. Which day should they arrive?",
        "flowers are chosen, day is open",
    ),
    Example(
        (
            "Could I take your name?",
            "It's Priya Shah.",
            "Thank you. And your address?",
            "Mill Lane.",
            "And the postcode?",
            "D E five.",
        ),
        "look_up",
        "Thank you, Priya. One moment, I will check the address on Mill Lane.",
        "name and address are given",
    ),
    Example(
        (
            "How can I help?",
            "The price on my invoice is not what we agreed on.",
        ),
        "look_up",
        "I understand. Let me open your invoice and check the price.",
        "customer disputes the price",
    ),
    Example(
        (
            "The blue coat is out of stock, I am afraid.",
            "Oh. So what can I do now?",
        ),
        "offer_solution",
        "I can check which other colours we have, if you like.",
        "blue coat is gone",
    ),
    Example(
        (
            "I can move the visit to Monday or to Thursday.",
            "Then Thursday, please.",
        ),
        "offer_solution",
        "Good, I will move the visit to Thursday for you.",
        "customer chose Thursday",
    ),
    Example(
        (
            "The repair is free of charge.",
            "So I don't have to pay anything?",
        ),
        "offer_solution",
        "That is right, the repair is free of charge.",
        "customer wants to be sure",
    ),
    Example(
        (
            "Hello, this is Leo, how can I help?",
            "Hi, I'm Omar Haddad and I would like to book a table.",
        ),
        "ask_question",
        "Certainly, Mr Haddad. For which day would you like the table?",
        "request is clear, day is open",
    ),
    Example(
        (
            "Cancelling costs nothing.",
            "And how long does that take?",
        ),
        "look_up",
        "Let me check for you how long the cancellation takes.",
        "customer asks, time is not known",
    ),
    Example(
        (
            "I have ordered the spare part for you.",
            "And when will it be here?",
        ),
        "offer_solution",
        "It will be with you within four working days.",
        "the rules give the time",
        "Parts are sent within four working days. Parts from abroad take three weeks.",
    ),
    Example(
        (
            "How can I help?",
            "My heating does not get warm any more.",
        ),
        "ask_question",
        "I am sorry. Does hot water still come out of the tap?",
        "first step of the rules",
        "1. Ask whether hot water comes out of the tap. 2. Ask what the "
        "display shows. 3. If there is a red light, send an engineer.",
    ),
    Example(
        (
            "The shoes were in the sale, I see.",
            "Yes. Can I bring them back if they don't fit?",
        ),
        "offer_solution",
        "You can exchange them for another size, but the money is not paid back.",
        "the rules on sales",
        "They are exchanged for another size. The money is not paid back.",
    ),
    Example(
        (
            "Your voucher ran out in spring, I am afraid.",
            "So is it lost now?",
        ),
        "offer_solution",
        "No, I can extend your voucher once, by half a year.",
        "the rules allow it",
        "A voucher is extended once, by half a year. A second time the manager decides.",
    ),
    Example(
        (
            "How can I help?",
            "How much is a replacement key?",
        ),
        "offer_solution",
        "A replacement key is free of charge the first time.",
        "the rules give the price",
        "The first replacement key is free of charge. Later ones are paid by the tenant.",
    ),
    Example(
        (
            "How can I help?",
            "I would like to take my dog along on the ferry.",
        ),
        "offer_solution",
        "Of course. Dogs travel free of charge, but they have to stay on the lower deck.",
        "the rules on dogs",
        "Dogs travel free of charge. They have to stay on the lower deck. Cats need a box.",
    ),
    Example(
        (
            "Your lesson is on Monday.",
            "I am ill. Do I have to pay for it?",
        ),
        "offer_solution",
        "I am sorry to hear that. No, with a note from the doctor you do not have to pay.",
        "the rules on illness",
        "A lesson that is missed has to be paid. With a note from the doctor it does not.",
    ),
    Example(
        (
            "So that was the front door?",
            "Yes.",
        ),
        "look_up",
        "Thank you. One moment, I will note that it was the front door.",
        "customer confirmed the door",
    ),
    Example(
        (
            "I can see you were charged twice.",
            "Then I want that money back, please.",
        ),
        "offer_refund",
        "Of course, I will request a refund of the second charge.",
        "customer was charged twice",
    ),
    Example(
        (
            "How can I help you?",
            "I waited at home all day and nobody came. This is awful.",
        ),
        "apologise",
        "I am very sorry that nobody came. Let me find out what happened.",
        "customer waited for nothing",
    ),
    Example(
        (
            "That fee is in the contract.",
            "Well, nobody told me about it.",
        ),
        "apologise",
        "I am sorry that nobody told you about the fee. Let me see what I can do.",
        "customer did not know of the fee",
    ),
    Example(
        (
            "I am afraid I cannot change that.",
            "Then let me speak to your manager.",
        ),
        "escalate",
        "I understand. Let me see if my supervisor can take the call.",
        "customer asks for a manager",
    ),
    Example(
        (
            "I have sent you the form.",
            "Great, thank you.",
        ),
        "ask_question",
        "You are welcome. Is there anything else I can help with?",
        "request is done",
    ),
    Example(
        (
            "Is there anything else I can help with?",
            "No, that's all, thank you.",
        ),
        "close",
        "You are welcome, thank you for calling. Goodbye.",
        "nothing else is needed",
    ),
    Example(
        (
            "Have a nice day.",
            "You too, bye.",
        ),
        "close",
        "Goodbye!",
        "call is over",
    ),
    Example(
        (
            "One moment, I am opening your file.",
            "Okay, sure.",
        ),
        NONE,
        "",
        "customer is waiting",
    ),
)
