import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.assistant.examples import ACTIONS
from appliance.assistant.grammar import (
    Calibration,
    Choice,
    FreeText,
    Grammar,
    Literal,
    Logits,
    Writer,
)
from appliance.assistant.port import Likely
from appliance.assistant.prompt import FORM
from tests.assistant.toy import PIECES, ToyVocabulary

VOCABULARY = ToyVocabulary()
SIZE = len(PIECES) + 2


def logits(**scores: float) -> Logits:
    """Scores of the first tokens of the names; nothing else comes into question."""
    found = np.full(SIZE, -50, dtype=np.float32)
    for text, score in scores.items():
        found[VOCABULARY.tokens(text)[0]] = score
    return found


def wants(text: str) -> Logits:
    return logits(**{text: 9.0})


def written(writer: Writer, *texts: str) -> Writer:
    writer.begin()
    for text in texts:
        if not writer.done:
            writer.take(wants(text))
    return writer


@given(st.integers(0, 2**32 - 1))
def test_whatever_the_model_wants_the_answer_parses_and_has_every_field(seed: int) -> None:
    random = np.random.default_rng(seed)
    writer = Writer(Grammar(FORM, VOCABULARY))
    writer.begin()
    decisions = 0
    while not writer.done:
        writer.take(random.normal(0, 5, SIZE).astype(np.float32))
        decisions += 1

    answer = json.loads(writer.document)

    assert answer == writer.fields
    assert answer["action"] in ACTIONS
    assert 0 < writer.confidence <= 1
    assert (answer["suggestion"] == "") is (answer["action"] == "none")
    assert decisions <= 3 + 25 + 11


@given(st.integers(0, 2**32 - 1))
def test_what_is_fed_is_the_document(seed: int) -> None:
    """As long as nothing was cut off at a limit, the model has read what is shown."""
    random = np.random.default_rng(seed)
    form = (Literal('{"a":"'), Choice("a", ("xy", "xz", "w")), Literal('","b":"'))
    writer = Writer(
        Grammar((*form, FreeText("b", soft=40, hard=50), Literal('"}')), VOCABULARY)
    )
    fed = writer.begin()
    while not writer.done and len(fed) < 40:
        fed += writer.take(random.normal(0, 2, SIZE).astype(np.float32))
    if not writer.done:
        assert b"".join(map(VOCABULARY.piece, fed)).decode(errors="ignore").rstrip(
            " "
        ) == writer.document.removesuffix('"}').rstrip(" ")


def test_literals_are_fed_with_the_token_before_them_and_never_decided() -> None:
    grammar = Grammar(
        (Literal("<"), Choice("a", ("yes", "no")), Literal(" the")), VOCABULARY
    )
    writer = Writer(grammar)
    assert writer.begin() == VOCABULARY.tokens("<")
    assert writer.take(wants("yes")) == VOCABULARY.tokens("yes")
    assert writer.done


def test_the_confidence_is_the_product_of_the_forks() -> None:
    grammar = Grammar((Choice("a", ("xy", "xz", "w")),), VOCABULARY)
    writer = Writer(grammar)
    writer.begin()
    writer.take(logits(x=np.log(3.0), w=np.log(1.0), q=99.0))
    writer.take(logits(y=np.log(1.0), z=np.log(4.0), x=99.0))
    assert writer.fields == {"a": "xz"}
    assert writer.confidence == pytest.approx(3 / 4 * 4 / 5)


def test_a_label_that_another_continues_can_still_be_chosen() -> None:
    labels = ("close", "close_call")
    for wanted, label in [('"', "close"), ("_", "close_call")]:
        writer = Writer(Grammar((Choice("a", labels), Literal('"')), VOCABULARY))
        writer.begin()
        writer.take(wants("c"))
        writer.take(wants(wanted))
        assert writer.fields == {"a": label}
        assert writer.done


def test_calibration_moves_the_confidence_and_a_bias_the_choice() -> None:
    def choose(calibration: Calibration) -> Writer:
        writer = Writer(Grammar((Choice("a", ("x", "w")),), VOCABULARY, calibration))
        writer.begin()
        writer.take(logits(x=2.0, w=0.0))
        return writer

    plain = choose(Calibration())
    cooler = choose(Calibration(temperature=4.0))
    pushed = choose(Calibration(bias={"w": 5.0}))

    assert cooler.fields == plain.fields == {"a": "x"}
    assert 0.5 < cooler.confidence < plain.confidence
    assert pushed.fields == {"a": "w"}


def test_a_refused_token_gives_way_to_the_next_best() -> None:
    grammar = Grammar((FreeText("t", soft=9, hard=9),), VOCABULARY)
    writer = Writer(grammar)
    writer.begin()
    assert writer.take(logits(**{"[": 9.0, "\n": 8.0, "h": 7.0})) == VOCABULARY.tokens("h")


def test_what_stood_before_the_closing_quote_is_fed_with_what_follows() -> None:
    grammar = Grammar(
        (FreeText("t", soft=9, hard=9), Literal('","'), Choice("a", ("x", "y"))), VOCABULARY
    )
    writer = Writer(grammar)
    writer.begin()
    writer.take(wants("h"))
    assert writer.take(wants('."')) == VOCABULARY.tokens('.","')
    assert writer.fields["t"] == "h."


def test_past_the_soft_limit_an_end_wins_over_a_slightly_likelier_word() -> None:
    def after(count: int) -> str:
        writer = Writer(Grammar((FreeText("t", soft=3, hard=9),), VOCABULARY))
        writer.begin()
        for _ in range(count):
            writer.take(wants("h"))
        writer.take(logits(**{"h": 2.0, ".": 1.5}))
        return writer.fields["t"]

    assert after(1) == "hh"
    assert after(3) == "hhh."


def test_none_leaves_the_suggestion_empty() -> None:
    writer = written(Writer(Grammar(FORM, VOCABULARY)), "n", "h", '"')
    assert writer.fields == {"action": "none", "suggestion": "", "reasoning": "h"}
    assert writer.done


def test_a_word_that_is_an_action_in_a_text_changes_nothing() -> None:
    form = (
        Choice("a", ("x", "y")),
        FreeText("t", soft=9, hard=9),
        FreeText("u", soft=9, hard=9, empty_after=("h",)),
    )
    writer = written(Writer(Grammar(form, VOCABULARY)), "x", "h", '"', "k", '"')
    assert writer.fields == {"a": "x", "t": "h", "u": "k"}


def test_an_action_that_is_given_is_taken_over_and_costs_no_decision() -> None:
    writer = Writer(Grammar(FORM, VOCABULARY), given=Likely(label="close", confidence=0.83))
    fed = VOCABULARY.tokens('{"action":"close","suggestion":"')
    assert writer.begin() == fed
    assert (writer.fields["action"], writer.confidence) == ("close", 0.83)


def test_a_given_silence_leaves_the_suggestion_empty() -> None:
    writer = Writer(Grammar(FORM, VOCABULARY), given=Likely(label="none", confidence=0.6))
    fed = VOCABULARY.tokens('{"action":"none","suggestion":"","reasoning":"')
    assert writer.begin() == fed
