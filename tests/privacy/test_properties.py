"""What must hold of every card, however it is said, and of every text without one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.dictated import WORD, listed
from appliance.privacy.tokens import tokens
from tests.privacy.conversation import EVERYTHING, Conversation, line
from tests.privacy.dictation import SEPARATORS, cards, groups

PLAIN = st.sampled_from(
    sorted(
        listed(
            "my parcel has not arrived yet and I would like to know where it is because "
            "the kettle was broken when it came so please send another one or refund me"
        )
    )
)


# The first look at a text compiles patterns, and the machine may be busy.
calmly = settings(deadline=None)


def digits(text: str) -> str:
    return "".join(token.value for token in tokens(text) if token.kind == "digits")


@calmly
@given(st.data())
def test_a_card_in_one_line_never_survives(data: st.DataObject) -> None:
    card = data.draw(cards)
    said = data.draw(groups(card))
    text = said[0]
    for group in said[1:]:
        text += data.draw(st.sampled_from(SEPARATORS)) + group

    assert digits(Conversation(()).says("customer", f"it is {text} thanks")) == ""
    assert digits(Conversation(()).redactor.text(text)) == ""


@calmly
@given(st.data())
def test_of_a_card_said_in_any_turns_no_more_than_six_digits_are_ever_told(
    data: st.DataObject,
) -> None:
    call = Conversation(())
    for group in data.draw(groups(data.draw(cards))):
        words = group.split()
        for end in range(1, len(words)):
            partial = call.begins("customer", " ".join(words[:end]))
            assert len(digits(partial)) <= 6
        call.says("customer", group)
        aside = data.draw(st.sampled_from(["", "", "agent mm-hm", "customer hang on"]))
        if aside:
            speaker, _, text = aside.partition(" ")
            call.says("agent" if speaker == "agent" else "customer", text)

    first_told: dict[str, str] = {}
    for id_, text in call.told:
        if len(digits(text)) > len(digits(first_told.get(id_, ""))):
            first_told[id_] = text
    assert sum(len(digits(text)) for text in first_told.values()) <= 6
    assert digits(" ".join(call.ends().values())) == ""


@calmly
@given(st.lists(PLAIN, min_size=1, max_size=30).map(" ".join))
def test_a_text_without_personal_data_is_untouched(text: str) -> None:
    call = Conversation(EVERYTHING)
    assert call.says("customer", text) == text
    assert call.redactor.text(text) == text


@calmly
@given(st.data())
def test_what_is_masked_stays_as_it_is_when_it_is_masked_again(data: st.DataObject) -> None:
    number = data.draw(st.text("0123456789", min_size=1, max_size=20))
    said = " ".join(data.draw(groups(number)))
    before = data.draw(st.lists(PLAIN, max_size=4).map(" ".join))
    once = Conversation(EVERYTHING).redactor.text(f"{before} {said}")

    assert Conversation(EVERYTHING).redactor.text(once) == once


@calmly
@given(st.data())
def test_every_word_that_is_timed_is_in_the_text(data: st.DataObject) -> None:
    said = f"so my card is {' '.join(data.draw(groups(data.draw(cards))))} and that is it"
    _, told = Conversation(()).redactor.heard(line("customer", said))

    assert " ".join(word.text for word in told.words) == told.text
    assert told.words[-1].end_ms == told.end_ms


@calmly
@given(st.text(max_size=200))
def test_whatever_is_said_is_looked_at_without_an_error(text: str) -> None:
    call = Conversation(EVERYTHING)
    call.says("agent", "May I have your card number, name and date of birth?")
    call.begins("customer", text)
    call.says("customer", text)
    call.says("customer", text)
    call.ends()
    assert WORD.findall(text) or call.redactor.text(text) == text
