"""A draft, put together from what a model wrote and what was said."""

from appliance.assistant.port import DraftDelta
from appliance.assistant.summary.draft import QUOTES, Draft, quoted
from appliance.assistant.summary.lines import Said
from appliance.messages import Summary
from tests.assistant.summary.test_quotes import LOST


def written(situation: str, action: str, **more: object) -> Summary:
    draft = Draft("d1", "wrap_up", LOST, "qwen")
    delta = DraftDelta(situation=situation, action=action, done=True, **more)  # type: ignore[arg-type]
    return draft.written(delta)


def test_a_sentence_says_which_lines_it_rests_on() -> None:
    summary = written(
        "asking about the card lost on the train.", "blocked the new card now."
    )
    assert [(line.text, line.lines) for line in summary.situation] == [
        ("Customer is asking about the card lost on the train.", ("u1",))
    ]
    assert summary.action[0].lines == ("u4",)
    assert summary.source == "qwen"
    assert summary.is_final


def test_an_invented_sentence_is_left_out_and_what_was_said_stands_instead() -> None:
    summary = written(
        "asking for $18 back on Tuesday.", "blocked the card. They sent 99 more."
    )
    assert summary.removed == 2
    assert [line.quoted for line in summary.situation] == [True, True]
    assert [line.text for line in summary.action] == ["Agent blocked the card."]


LEFT = (
    Said(id="1", speaker="customer", text="The lamp that I ordered is broken."),
    Said(id="2", speaker="agent", text="I have written down the broken lamp."),
    Said(id="3", speaker="agent", text="Please send us a picture of the box."),
    Said(id="4", speaker="agent", text="Is there anything else I can help with?"),
)


def test_how_it_was_left_is_quoted_behind_what_the_model_wrote() -> None:
    draft = Draft("d1", "wrap_up", LEFT, "qwen")
    delta = DraftDelta(
        situation="reporting the broken lamp.",
        action="has written down the broken lamp.",
        done=True,
    )
    assert [(line.text, line.quoted) for line in draft.written(delta).action] == [
        ("Agent has written down the broken lamp.", False),
        ("Please send us a picture of the box.", True),
    ]


def test_what_the_model_wrote_about_the_end_is_not_quoted_again() -> None:
    draft = Draft("d1", "wrap_up", LEFT, "qwen")
    delta = DraftDelta(
        situation="reporting the broken lamp.",
        action="asked to send a picture of the box please.",
        done=True,
    )
    assert len(draft.written(delta).action) == 1


def test_what_was_broken_off_is_no_sentence() -> None:
    summary = written("asking why the…", "…")
    assert summary.source == QUOTES
    assert summary.situation == quoted("d1", "wrap_up", LOST).situation


def test_while_it_is_written_it_grows() -> None:
    draft = Draft("d1", "transfer", LOST, "qwen")
    shown = draft.written(DraftDelta(situation="asking about"))
    assert [line.text for line in shown.situation] == ["Customer is asking about"]
    assert not shown.is_final
    assert shown.facts == draft.quoted.facts


def test_labels_keep_their_probability() -> None:
    summary = written(
        "asking about the card.",
        "blocked the card now.",
        resolved="partly",
        resolved_sure=0.7,
        disposition="follow_up",
        disposition_sure=0.4,
    )
    assert (summary.resolution, summary.resolution_confidence) == ("partly", 0.7)
    assert (summary.disposition, summary.disposition_confidence) == ("follow_up", 0.4)
