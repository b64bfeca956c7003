import pytest

from appliance.access.common import too_common
from appliance.access.passwords import MOST, check_password
from appliance.access.refusals import PasswordRefused

TRIED_FIRST = [
    "password1234",
    "Passwort2026!",
    "P@ssw0rd1234",
    "WelcomeWelcome",
    "welcome2025!",
    "Sommer-2026!",
    "qwertyuiop12",
    "1q2w3e4r5t6z",
    "asdfghjkl123",
    "zxcvbnmasdf1",
    "123456789012",
    "098765432109",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "abcdefghijkl",
    "admin-admin-",
    "AdminAdmin123",
    "iloveyou1234",
    "dragon19871987",
    "callcenter2026",
    "appliance2026",
    "01.01.1990!!",
    "Ünïted Fußball1"[7:],
]

GOOD = [
    "green kettle under nine clouds",
    "vT7#qLw9zRb2",
    "mein Hut, der hat drei Ecken",
    "跳ぶ狐は怠け者の犬を越えていく",
    "x" + "correct-battery-horse",
    "xk2m-89dq-hj3w",
]


@pytest.mark.parametrize("password", TRIED_FIRST)
def test_what_everybody_thinks_of_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_password(password, "Ann", 12)


@pytest.mark.parametrize("password", GOOD)
def test_words_that_do_not_belong_together_are_taken(password: str) -> None:
    check_password(password, "Ann", 12)


@pytest.mark.parametrize("length", [0, 11, MOST + 1])
def test_a_password_has_to_be_long_and_not_endless(length: int) -> None:
    with pytest.raises(PasswordRefused, match=f"has {length} characters"):
        check_password(("kV9!m2XwQ3zé" * 20)[:length], "", 12)


def test_the_name_of_the_account_may_not_be_in_it() -> None:
    with pytest.raises(PasswordRefused, match="name"):
        check_password("the-MARTHA-kettle", "Martha", 12)


def test_a_name_and_a_year_are_few_pieces() -> None:
    assert too_common("anna.maria2026", ["Anna Maria"])
    assert not too_common("anna kettle 17 clouds", ["Anna Maria"])


def test_the_longest_password_is_judged_at_once() -> None:
    assert not too_common("a1" * MOST)
