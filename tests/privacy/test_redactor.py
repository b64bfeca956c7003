"""What is taken out of a conversation, and what is left in it."""

import pytest

from tests.privacy.conversation import EVERYTHING, Conversation, line

CARD = "4221 4872 1903 3770"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"my card is {CARD}, thanks", "my card is [card number], thanks"),
        ("four double two one four eight seven two one nine oh three three seven seven oh",
         "[card number]"),
        (CARD.translate({n: n + 0xFEE0 for n in range(48, 58)}), "[card number]"),
        ("card4221487219033770", "[card number]"),
        ("4221_4872|1903\u200b3770", "[card number]"),
        ("the card ending in 4221 4872 1903", "the card ending in [number]"),
        ("my card is 4221 4872 and then comes 1903 and after it 3770",
         "my card is [card number] and then comes [card number] and after it "
         "[card number]"),
        ("my card is 4221 and what comes then is 48721903 and after it 3770",
         "my card is [card number] and what comes then is [card number] and after it "
         "[card number]"),
        ("the security code is one two three", "the security code is [security code]"),
        ("my sort code is 12-34-56", "my sort code is [account number]"),
        ("send it to GB82 WEST 1234 5698 7654 32 please",
         "send it to [account number] please"),
        ("social security number is 078-05-1120",
         "social security number is [social security number]"),
        ("I was born on march the third nineteen eighty", "I was born on [date of birth]"),
        ("it is t for tommy q 1 2 9 d j", "it is [postcode]"),
        ("write to john dot smith at example dot com", "write to [e-mail]"),
        ("call me on oh seven double oh 900 123 456", "call me on [phone number]"),
        ("mein geburtsdatum, geboren am 3. März 1980", "mein geburtsdatum, geboren am "
         "[date of birth]"),
        ("vier zwei zwei eins vier acht sieben zwei eins neun null drei drei sieben sieben "
         "null", "[card number]"),
        ("My name is Alexis Moore and I call again", "My name is [name] and I call again"),
    ],
)  # fmt: skip
def test_what_is_personal_is_taken_out(said: str, told: str) -> None:
    assert Conversation(EVERYTHING).says("customer", said) == told


def test_digits_that_nobody_called_anything_can_be_taken_out() -> None:
    call = Conversation((*EVERYTHING, "unnamed"))
    call.says("customer", "Well, 4702 21998 and that is all I was given by them.")
    call.says("agent", "Could you tell me the order number, please?")
    call.says("customer", "It is 8113 52744, and it was in May.")
    call.says("agent", "And what else was there on that page?")
    call.says("customer", "There is 7002 41118 below the picture of the lamp.")
    call.says("agent", "Your order number 8113 52744 is the one.")
    assert list(call.ends().values()) == [
        "Well, [number] and that is all I was given by them.",
        "Could you tell me the order number, please?",
        "It is 8113 52744, and it was in May.",
        "And what else was there on that page?",
        "There is [number] below the picture of the lamp.",
        "Your order number 8113 52744 is the one.",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "my order number is four seven oh double two one nine nine",
        "It is about order MK4702219 of 12 May 2026 at 10:30",
        "that is $1,200.50 and 45 euros",
        "the card ending in 4242",
        "I have two cards and three questions",
        "Oh great, I was worried",
        "flight BA 284 leaves at a quarter to seven",
    ],
)
def test_what_the_work_needs_survives(said: str) -> None:
    assert Conversation(EVERYTHING).says("customer", said) == said


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Could you tell me your date of birth?", "Battle of December 1965",
         "[date of birth]"),
        ("May I have your postcode?", "sure it's big full k 2 b d", "sure it's [postcode]"),
        ("What is your name?", "a y n o ND b a l wi n", "[name]"),
        ("and your card number please", "it's for two 4 to", "it's [card number]"),
    ],
)  # fmt: skip
def test_an_answer_is_taken_out_however_it_was_misheard(
    question: str, answer: str, told: str
) -> None:
    call = Conversation(EVERYTHING)
    call.says("agent", question)

    assert call.says("customer", answer) == told


@pytest.mark.parametrize("reply", ["Why do you need that?", "hold on", "Sorry, what?"])
def test_who_asks_back_has_not_answered(reply: str) -> None:
    call = Conversation(EVERYTHING)
    call.says("agent", "Could you tell me your date of birth?")

    assert call.says("customer", reply) == reply


def test_digits_that_may_become_a_card_are_masked_until_they_are_none() -> None:
    call = Conversation()

    assert call.says("customer", "it says 47022199") == "it says [number]"
    assert call.says("agent", "mm-hm") == "mm-hm"
    call.says("customer", "and I would like to know where that parcel is")
    assert call.ends()["customer-1"] == "it says 47022199"


def test_a_card_that_goes_on_in_later_turns_is_taken_out_of_the_earlier_ones() -> None:
    call = Conversation()
    for turn in ("forty two twenty one", "48 72", "hang on", "one nine oh three"):
        call.says("customer", turn)
    call.says("customer", "three seven seven oh is the rest")

    assert list(call.ends().values()) == [
        "[card number]",
        "[card number]",
        "[card number]",
        "[card number]",
        "[card number] is the rest",
    ]


def test_a_card_that_was_begun_goes_on_after_whatever_is_said_between() -> None:
    call = Conversation()
    call.says("customer", "my card is 4221 4872")
    call.says("customer", "sorry I have to turn it around to see what comes then")

    assert call.says("customer", "it is 1903 3770") == "it is [card number]"


def test_of_a_security_code_not_even_the_first_digit_is_shown() -> None:
    call = Conversation()
    call.says("agent", "and the security code please")

    assert call.begins("customer", "one") == "[security code]"
    assert call.says("customer", "it's one") == "it's [security code]"


def test_groups_of_four_are_not_shown_even_where_they_are_called_an_order_number() -> None:
    call = Conversation()
    first = call.says("customer", "my order number is 4221 4872")
    call.says("customer", "1903 3770")

    assert first == "my order number is [number]"
    assert call.ends()["customer-2"] == "[card number]"


def test_what_was_given_is_masked_when_it_is_read_back() -> None:
    call = Conversation()
    call.says("agent", "And the security code?")
    call.says("customer", "one two three")

    assert call.says("agent", "so that's one two three") == "so that's [security code]"


def test_a_partial_shows_the_first_four_digits_at_most() -> None:
    call = Conversation()

    assert call.begins("customer", "it is 4221") == "it is 4221"
    assert call.begins("customer", "it is 4221 48") == "it is [number]"


def test_words_under_a_mark_are_one_word_with_their_times() -> None:
    _, told = Conversation().redactor.heard(line("customer", f"my card is {CARD} ok"))

    assert [word.text for word in told.words] == ["my", "card", "is", "[card number]", "ok"]
    assert (told.words[3].start_ms, told.words[3].end_ms) == (300, 700)


def test_kinds_that_are_switched_off_stay_but_for_cards_and_codes() -> None:
    call = Conversation(())

    assert call.says("customer", "write to a@b.com") == "write to a@b.com"
    assert call.says("customer", "the cvv is 123") == "the cvv is [security code]"
