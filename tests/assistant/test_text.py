import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.text import Heard, TextField, Verdict, heard


def written(
    *pieces: str | bytes, soft: int = 20, hard: int = 30, said: str = ""
) -> TextField:
    text = TextField(soft=soft, hard=hard, said=heard([said]))
    for piece in pieces:
        text.offer(piece if isinstance(piece, bytes) else piece.encode())
    return text


def refused(text: TextField, piece: str | bytes) -> bool:
    data = piece if isinstance(piece, bytes) else piece.encode()
    return text.offer(data) is Verdict.REFUSED


def test_a_quote_ends_the_field_and_what_stood_before_it_stays() -> None:
    text = written("Good", " morning", '.","')
    assert (text.text, text.closed) == ("Good morning.", True)


def test_the_models_own_end_token_ends_the_field() -> None:
    assert written("Good", b"").closed


def test_a_field_cannot_end_before_it_says_something() -> None:
    text = written('"', b"", " ", ".", '"')
    assert not text.closed


@pytest.mark.parametrize(
    "piece", ["\n", "\\", "[name", "{", "\t", "a\x00", "😀", "\u202e", "�"]
)
def test_what_would_need_an_escape_or_cannot_be_said_is_refused(piece: str) -> None:
    assert refused(written("Dear"), piece)


def test_a_character_may_come_in_halves() -> None:
    euro = "€".encode()
    assert written("5 ", euro[:1], euro[1:2], euro[2:], said="5").text == "5 €"


def test_bytes_that_cannot_become_a_character_are_refused() -> None:
    assert refused(written("a"), b"\xff")
    assert refused(written("a", "€".encode()[:2]), b"a")


def test_half_a_character_at_the_end_is_left_out() -> None:
    assert written("Zug", "é".encode()[:1], '"').text == "Zug"


def test_a_sentence_that_ends_past_the_soft_limit_ends_the_field() -> None:
    assert written("I", " will", " check", ".", soft=3).closed
    assert not written("I", " will", " check", ".", soft=9).closed


def test_a_point_after_a_digit_may_go_on_as_a_fraction() -> None:
    assert not written("It", " is", " 3", ".", soft=2, said="3.50").closed


@pytest.mark.parametrize(
    ("pieces", "following", "kept"),
    [
        (["I will", " check the ord"], "er", "I will check the…"),
        (["I will", " check the order"], " number", "I will check the order…"),
        (["I will check.", " One mom"], "ent", "I will check."),
        (["I will check,"], " and", "I will check…"),
        (["Supercali"], "fragil", "Supercali…"),
    ],
)
def test_the_hard_limit_never_cuts_a_word(
    pieces: list[str], following: str, kept: str
) -> None:
    text = written(*pieces)
    text.finish(following.encode())
    assert (text.text, text.closed) == (kept, True)


@pytest.mark.parametrize(
    ("said", "text", "allowed"),
    [
        ("order 470 295", "order 470", True),
        ("order 470 295", "order 47", True),  # it may still become 470
        ("order 470 295", "order 47 was", False),
        ("order 470 295", "order 12", False),
        ("it costs ninety-four dollars", "Ninety-four dollars", True),
        ("it costs ninety-four dollars", "forty dollars", False),
        ("", "One moment", True),
        ("", "two", False),
    ],
)
def test_only_numbers_that_were_said_may_be_written(
    said: str, text: str, allowed: bool
) -> None:
    assert heard([said]).allow(text) is allowed


def test_a_text_does_not_end_inside_a_number() -> None:
    text = written("It is", " 4", '"', said="42")
    assert not text.closed
    assert written("It is", " 4", "2", '"', said="42").text == "It is 42"
    text.finish(b"2")
    assert text.text == "It is…"


def test_a_text_does_not_begin_with_what_was_just_said() -> None:
    said = heard([], latest=["hi I'd like to pay a bill", "What is the company name?"])
    assert said.allow("What is the")
    assert not said.allow("What is the company")
    assert not said.allow("I'd like to pay")
    assert said.allow("Thank you. What is the company name?")


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        ("I'm sorry,", " but"),
        ("I can't", " help"),
        ("I would", " like"),
        ("Please provide your account number and", " password"),
        ("Thank you. What's your", " PIN"),
    ],
)
def test_what_is_no_advice_is_refused(before: str, piece: str) -> None:
    assert refused(written(before), piece)


@pytest.mark.parametrize(
    "text",
    [
        "I will reset your password.",
        "I'm sorry that nobody came.",
        "What is your account number? I will reset the password.",
        "I can see that you would like a new card.",
    ],
)
def test_advice_about_such_things_is_let_in(text: str) -> None:
    assert written(text).text == text


@given(st.lists(st.binary(max_size=6), max_size=40), st.binary(max_size=4))
def test_whatever_is_offered_the_text_needs_no_escape(
    pieces: list[bytes], following: bytes
) -> None:
    text = TextField(soft=5, hard=12, said=Heard())
    for piece in pieces:
        if not text.closed:
            text.offer(piece)
    if not text.closed:
        text.finish(following)
    assert text.text.isprintable()
    assert not set('"\\') & set(text.text)


@pytest.mark.parametrize(
    ("rules", "text", "allowed"),
    [
        ("Data is blocked abroad on request.", "I cannot block data abroad ", False),
        ("Data is blocked abroad on request.", "No, it is blocked on request ", True),
        ("Data is not blocked abroad.", "I am sorry, data is not blocked ", True),
        ("", "I am sorry, that is not possible ", True),
    ],
)
def test_advice_denies_only_what_its_rules_deny(
    rules: str, text: str, *, allowed: bool
) -> None:
    evidence = [rules] if rules else []
    assert heard(["Can I do that?", rules], evidence=evidence).allow(text) is allowed
