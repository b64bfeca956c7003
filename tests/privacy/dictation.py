"""Numbers as people say and write them, for properties."""

from hypothesis import strategies as st

from appliance.dictated import DIGITS, TENS, luhn

_NAMES: dict[str, list[str]] = {}
for _word, _digit in DIGITS.items():
    if _word.isascii() and _word not in ("null",):
        _NAMES.setdefault(_digit, []).append(_word)

_TENS_WORDS = {digit: word for word, digit in TENS.items() if word.endswith("ty")}
_ENGLISH = {
    digit: next(word for word in words if not word.endswith(("ei", "eins")))
    for digit, words in _NAMES.items()
}

SEPARATORS = (" ", "-", ", ", ". ", "  ", " um ", " and ", " dash ", "/")


def _check_digit(body: str) -> str:
    return next(body + str(n) for n in range(10) if luhn(body + str(n)))


cards = st.builds(
    lambda first, body: _check_digit(first + body),
    st.sampled_from(["4", "51", "34", "37", "6011", "2221"]),
    st.text("0123456789", min_size=11, max_size=14),
)


@st.composite
def groups(draw: st.DrawFn, digits: str) -> list[str]:
    """The digits in groups, each written or spoken."""
    made = []
    while digits:
        size = draw(st.integers(1, min(6, len(digits))))
        group, digits = digits[:size], digits[size:]
        made.append(draw(st.sampled_from([_written, _spelled, _doubled, _paired]))(group))
    return made


def _written(group: str) -> str:
    return group


def _spelled(group: str) -> str:
    return " ".join(_ENGLISH[digit] for digit in group)


def _doubled(group: str) -> str:
    words = []
    while group:
        many = 2 if group[:1] == group[1:2] else 1
        words.append(f"double {_ENGLISH[group[0]]}" if many == 2 else _ENGLISH[group[0]])
        group = group[many:]
    return " ".join(words)


def _paired(group: str) -> str:
    words = []
    while group:
        tens, unit = _TENS_WORDS.get(group[0]), group[1:2]
        if tens and unit:
            words.append(tens if unit == "0" else f"{tens} {_ENGLISH[unit]}")
            group = group[2:]
        else:
            words.append(_ENGLISH[group[0]])
            group = group[1:]
    return " ".join(words)
