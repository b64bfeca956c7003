"""When payment mode begins, and when it is over."""

import pytest

from appliance.privacy.payment import PaymentMode
from appliance.settings import PrivacySettings

DEFAULT = PrivacySettings()


def mode() -> PaymentMode:
    return PaymentMode(DEFAULT.payment_phrases, minutes=5)


@pytest.mark.parametrize(
    "said",
    [
        "Can I take your card details, please?",
        "and your card number, please",
        "Darf ich Ihre Kartendaten aufnehmen?",
    ],
)
def test_an_agent_who_is_about_to_take_a_card_turns_it_on(said: str) -> None:
    assert mode().is_asked_for(said)


@pytest.mark.parametrize(
    "said", ["your card number is on the letter", "take your card", ""]
)
def test_talk_about_cards_does_not(said: str) -> None:
    assert not mode().is_asked_for(said)


def test_a_phrase_counts_once_while_it_is_on() -> None:
    payment = mode()
    assert payment.switch(True, now=0.0)

    assert not payment.is_asked_for("can I take your card details")


def test_it_ends_by_itself_after_so_many_minutes() -> None:
    payment = mode()
    payment.switch(True, now=10.0)

    assert not payment.is_over(309.9)
    assert payment.is_over(310.0)


def test_asked_for_again_it_lasts_as_long_again_and_is_no_news() -> None:
    payment = mode()
    payment.switch(True, now=0.0)

    assert not payment.switch(True, now=200.0)
    assert not payment.is_over(300.0)
    assert payment.switch(False, now=300.0)
    assert not payment.switch(False, now=301.0)
